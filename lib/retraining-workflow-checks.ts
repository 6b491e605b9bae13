import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Duration, Token, type ResourceEnvironment } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { elsewhere } from './elsewhere';
import { checkTopic, TOPIC } from './notified-topic';
import type { QualityBoundConfig } from './quality-gate';
import { durationInRange, matches, refuse, unique } from './request/checks';
import { can, checkEach, checkGiven, checkKinds, DURATION, has, KEY, BOOLEAN, LIST, PARAMETER, QUALITY_GATE, STRUCTURE, TEXT, type Kinds } from './request/kinds';
import type { RetrainingJob } from './retraining-job';
import type { RetrainingWorkflowProps } from './retraining-workflow-props';

const KINDS: Kinds = {
  qualityGate: QUALITY_GATE, register: STRUCTURE, publishTo: PARAMETER,
  updates: LIST, updateStackNames: LIST, triggers: LIST, notify: TOPIC, jobTimeout: DURATION, encryptionKey: KEY,
  logGroup: has('a log group', 'logGroupArn'), logLevel: TEXT, tracing: BOOLEAN,
};

/** As long as Step Functions lets an execution live. */
const LONGEST = Duration.days(365);

/** What the props tell by themselves. */
export function checkWorkflowKinds(workflow: Construct, props: RetrainingWorkflowProps): void {
  checkGiven(workflow, 'props', props, STRUCTURE);
  checkGiven(workflow, 'job', props.job, ['a Retraining, for instance Retraining.ofTrainingJob(training)', can('_bind')]);
  checkKinds(workflow, props, KINDS);
  checkEach(workflow, 'updates', props.updates, has('a Stack (updateStackNames takes names)', 'stackName'));
  checkEach(workflow, 'updateStackNames', props.updateStackNames, TEXT);
  checkEach(workflow, 'triggers', props.triggers, ['a RetrainingTrigger', can('_bind')]);
  durationInRange(workflow, 'jobTimeout', props.jobTimeout, Duration.minutes(1), LONGEST);
  if (props.notify) { checkTopic(workflow, 'notify', props.notify); }
  if (props.logLevel !== undefined && !props.logGroup) { refuse(workflow, 'logLevel', 'come with logGroup', props.logLevel); }
}

/** What can be told with the job: what is judged, and the names of the stacks that are updated. */
export function checkWorkflow(workflow: Construct, job: RetrainingJob, props: RetrainingWorkflowProps): { readonly bounds: QualityBoundConfig[]; readonly stacks: string[] } {
  checkMembers(job);
  if (!job.trained) { checkOfTransform(workflow, props); }
  const stacks = stackNames(workflow, props);
  if (props.publishTo) { checkIsHere(workflow, 'publishTo', placeOfParameter(props.publishTo)); }
  if (stacks.length > 0 && !props.publishTo) { refuse(workflow, 'publishTo', 'be given for updates: the stacks read the artifact from it', undefined); }
  return { bounds: bounds(workflow, job, props), stacks };
}

function checkOfTransform(workflow: Construct, props: RetrainingWorkflowProps): void {
  for (const prop of ['qualityGate', 'register', 'publishTo', 'updates', 'updateStackNames'] as const) {
    if (props[prop] !== undefined) { refuse(workflow, prop, 'be left out for a transform job, which makes no model', 'a transform job'); }
  }
}

function bounds(workflow: Construct, job: RetrainingJob, { qualityGate }: RetrainingWorkflowProps): QualityBoundConfig[] {
  const gate = qualityGate ?? job.gate;
  if (!gate) { return []; }
  const checked = gate._checked(workflow, job.metricNames);
  for (const { metricName, mayFallBy, mayRiseBy } of checked) {
    const by = mayFallBy ?? mayRiseBy ?? 0;
    if (by !== 0) { refuse(workflow, `qualityGate: by of ${metricName}`, 'be 0 or left out in a workflow: a state machine compares numbers, and does not reckon', Token.isUnresolved(by) ? undefined : by); }
    matches(workflow, 'qualityGate: metricName', metricName, /^[^'"\\\p{Cc}]+$/u, 'without quotes, backslashes and control characters in a workflow, which looks for it by a JSONPath');
  }
  return checked;
}

function stackNames(workflow: Construct, { updates = [], updateStackNames = [] }: RetrainingWorkflowProps): string[] {
  updates.forEach((stack, index) => {
    if (stack.nested) { refuse(workflow, `updates[${index}]`, 'be no nested stack: the stack that it is in updates it', stack.node.path); }
    checkIsHere(workflow, `updates[${index}]`, stack);
  });
  updateStackNames.forEach((name, index) => matches(workflow, `updateStackNames[${index}]`, name, /^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'the name of a stack: a letter, and at most 127 letters, digits and dashes'));
  const names = [...updates.map(({ stackName }) => stackName), ...updateStackNames];
  unique(workflow, 'updates and updateStackNames', names);
  return names;
}

/** Step Functions calls nothing of another account or Region without a role there. */
function checkIsHere(workflow: Construct, prop: string, place: ResourceEnvironment): void {
  const far = elsewhere(workflow, place);
  if (far) { refuse(workflow, prop, `be in the ${far.part} of the workflow, ${far.here}`, far.there); }
}

/** One by its ARN says that it is of the stack, whatever the ARN says. */
function placeOfParameter({ parameterArn, env }: IStringParameter): ResourceEnvironment {
  const [, , , region = env.region, account = env.account] = parameterArn.split(':');
  return { account, region };
}

/** A member whose name ends like this is a path for Step Functions. */
function checkMembers({ scope, request }: RetrainingJob): void {
  const found = pathLike(request);
  if (found !== undefined) { refuse(scope, 'a name in the request', 'not end with .$ in a workflow: Step Functions would read a path', found); }
}

function pathLike(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) { return undefined; }
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && name.endsWith('.$')) { return name; }
    const inside = pathLike(member);
    if (inside !== undefined) { return inside; }
  }
  return undefined;
}
