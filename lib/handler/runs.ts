import type { JobKindName, JobProperties } from './contract';
import { OWNER_TAGS } from './contract';
import { BadProperties } from './errors';
import type { CloudFormationEvent, Turn } from './events';
import { kindOfType, propertiesOf } from './events';
import { JOB_KINDS } from './job-kinds';
import type { JobKind } from './job-kind';
import { attempts, isOurs, jobNameOf } from './run';
import type { Job, Tags } from './world';

/** What an event asks for. */
export interface Run {
  readonly kind: JobKindName;
  readonly row: JobKind;
  readonly properties: JobProperties;
  /** The name of the first attempt; further ones end in -2, -3. */
  readonly jobName: string;
}

/** The run that these properties ask for. */
export function runOf(event: CloudFormationEvent, from: unknown = event.ResourceProperties): Run {
  const kind = kindOfType(event.ResourceType);
  if (!kind) { throw new BadProperties(`${event.ResourceType}: not a job`); }
  const row = JOB_KINDS[kind];
  const properties = propertiesOf<JobProperties>(from);
  return { kind, row, properties, jobName: jobNameOf(properties, { stackId: event.StackId, logicalId: event.LogicalResourceId }, row) };
}

/** Launched for this very event, by this or an earlier delivery of it. */
export const isOfThisEvent = (tags: Tags, event: CloudFormationEvent) => isOurs(tags, event) && tags[OWNER_TAGS.request] === event.RequestId;

/** The job that this event launched, if it did. */
export async function launchedByThisEvent(turn: Turn, run: Run): Promise<Job | undefined> {
  for (const { job } of (await attempts(turn.world, run.kind, run.jobName, turn.event.PhysicalResourceId)).reverse()) {
    if (isOfThisEvent(await turn.world.jobs.tags(job.arn), turn.event)) { return job; }
  }
  return undefined;
}
