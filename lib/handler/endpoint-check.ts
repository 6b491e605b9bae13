import type { EndpointCheckProperties } from './contract';
import { ENDPOINT_FACTS } from '../limits/endpoints';
import { BadProperties, inWords, isNotFound, isRoleNotReady, Refused } from './errors';
import type { CloudFormationEvent, Progress, Turn } from './events';
import { propertiesOf, succeed } from './events';
import { consoleLink, logsLink } from './failure-report';
import type { Tree } from './job-kind';
import { isBeingDeleted, isRollingBack, LOOK_AGAIN_SECONDS, ROLE_PATIENCE_MS } from './launch';

/** One physical id for ever: another endpoint is an update, never a replacement. */
export const ENDPOINT_CHECK_ID = 'endpoint-check';

/** It moves, or moves back, and will be at rest by itself. */
const MOVING = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];
/** CloudFormation has waited for the endpoint before; an hour is all that it waits for this. */
const PATIENCE_MS = 55 * 60_000;

/**
 * Looks whether an endpoint serves what the template says. An update that SageMaker has rolled back can leave an endpoint
 * in service on its old configuration, and be reported as a success (aws-facts 3.6): CloudFormation would delete that configuration next.
 */
export async function checkEndpoint(turn: Turn): Promise<Progress> {
  const { event, memo, world } = turn;
  const done = succeed(ENDPOINT_CHECK_ID);
  if (event.RequestType === 'Delete') { return done; }
  // A rollback is never judged and never waits. Asked first: then nothing that is said of the endpoint can fail it.
  const status = await world.stackStatus(event.StackId);
  if (isRollingBack(status) || isBeingDeleted(status)) { return done; }

  const { EndpointName: name, EndpointConfigName: wanted } = namesOf(event);
  const waited = world.now() - (memo.started ?? world.now());
  const endpoint = await describe(turn, name, waited);
  if (endpoint === 'denied') { return { wait: 10 }; }
  if (endpoint && MOVING.includes(endpoint.EndpointStatus)) {
    if (waited < PATIENCE_MS) { return { wait: LOOK_AGAIN_SECONDS }; }
    throw new Refused(report(event, name, `is still ${endpoint.EndpointStatus} after ${PATIENCE_MS / 60_000} minutes`, endpoint));
  }
  // a description may be older than the update for a moment
  if (endpoint?.EndpointStatus === 'InService' && isSameName(endpoint.EndpointConfigName, wanted)) { return done; }
  if (!memo.lookedTwice) { return { wait: LOOK_AGAIN_SECONDS, memo: { lookedTwice: true } }; }
  if (!endpoint) { throw new Refused(`endpoint ${name} is gone: it was deleted outside the stack. Another construct id makes another endpoint`); }
  const state = endpoint.EndpointStatus === 'InService' ? `is in service with the configuration ${endpoint.EndpointConfigName}, not with ${wanted}: SageMaker has rolled its update back` : `is ${endpoint.EndpointStatus}`;
  throw new Refused(report(event, name, state, endpoint));
}

async function describe(turn: Turn, EndpointName: string, waited: number): Promise<Tree | 'denied' | undefined> {
  try {
    return await turn.world.lookUp('DescribeEndpoint', { EndpointName });
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    if (!isRoleNotReady(error)) { throw error; }
    // the permission was made by the same deployment, a moment ago
    if (waited < ROLE_PATIENCE_MS) { return 'denied'; }
    throw new Refused(`endpoint ${EndpointName} can't be looked at: ${inWords(error)}`);
  }
}

function report(event: CloudFormationEvent, name: string, state: string, { FailureReason: reason }: Tree): string {
  return [
    `endpoint ${name} ${state}: ${reason ?? 'SageMaker gives no reason'}`,
    `Logs: log group ${ENDPOINT_FACTS.logGroup(name)}${consoleLink(event, ENDPOINT_FACTS.page(name))}${logsLink(event, ENDPOINT_FACTS.logGroup(name))}`,
    'To go on: mend the cause and deploy again. The configuration in service, and its model, are kept.',
  ].join('\n');
}

function namesOf({ ResourceProperties }: CloudFormationEvent): EndpointCheckProperties {
  const properties = propertiesOf<EndpointCheckProperties>(ResourceProperties);
  for (const member of ['EndpointName', 'EndpointConfigName'] as const) {
    if (typeof properties[member] !== 'string' || properties[member] === '') { throw new BadProperties(`${member}: must be a name`); }
  }
  return properties;
}

/** SageMaker compares names without their case, and writes some of them in lower case (aws-facts 4.4). */
const isSameName = (one: unknown, other: string) => String(one).toLowerCase() === other.toLowerCase();
