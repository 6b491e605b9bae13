import type { Turn, Progress } from './events';
import { succeed } from './events';
import { BadProperties, isNameTaken, isRoleNotReady, inWords, Refused } from './errors';
import { adopt } from './adopt';
import { fitting, refuseFirst } from './prerequisites';
import { applyInPlace, userTags } from './in-place';
import type { Tree } from './job-kind';
import { restoreTypes } from './restore-types';
import { attemptName, attempts, hasEnded, isOurs, isUsable, ownerTags, withJobName } from './run';
import { isOfThisEvent, runOf } from './runs';
import type { Run } from './runs';
import { rollBack } from './roll-back';
import type { Job, Tags } from './world';

/** How long a role that was made a moment ago may take to be known everywhere. */
export const ROLE_PATIENCE_MS = 180_000;
/** How long a name may be taken without a job of that name being seen. */
const HIDDEN_RECORD_MS = 60_000;
/** Describe is asked no more often than this. */
export const LOOK_AGAIN_SECONDS = 30;

/** Create and Update of a job: answers as soon as there is a job for the run, launching one if there is none. */
export async function launchOrAdopt(turn: Turn): Promise<Progress> {
  const { event, world } = turn;
  const status = await world.stackStatus(event.StackId);
  if (isRollingBack(status)) { return rollBack(turn); }
  const run = runOf(event);
  const request = requestOf(turn, run);
  if (isBeingDeleted(status)) { throw new Refused('the stack is being deleted: no job is launched for it'); }
  if (run.properties.Adopt) { return adopt(turn, run, withJobName(request, run, run.properties.Adopt.Name)); }

  const newest = (await attempts(world, run.kind, run.jobName, event.PhysicalResourceId)).pop();
  if (!newest) { return launch(turn, run, request, 1); }
  const { job, number } = newest;
  const tags = await world.jobs.tags(job.arn);
  if (!isOurs(tags, event)) { throw new Refused(`${run.row.noun} ${job.name} exists already and is not this resource's: ${ownerInWords(tags)}. Nothing was launched or stopped`); }
  if (isOfThisEvent(tags, event)) { return accepted(run, job.name, job); }
  if (job.state === 'running' || isUsable(run, job)) {
    await applyInPlace(turn, run, job, tags, request);
    return accepted(run, job.name, job);
  }
  return hasEnded(job) ? launch(turn, run, request, number + 1) : { wait: LOOK_AGAIN_SECONDS };
}

/** The stack has left the way forward: nothing may be launched for it any more. */
export const isRollingBack = (status: string) => status.includes('ROLLBACK');
export const isBeingDeleted = (status: string) => status.startsWith('DELETE_');

async function launch(turn: Turn, run: Run, request: Tree, number: number): Promise<Progress> {
  const { event, world, memo } = turn;
  const name = attemptName(run.jobName, number);
  const named: Tree = { ...withJobName(request, run, name), [run.row.nameMember]: name };
  refuseFirst(run.row.violations(named));
  dataOf(run, name, undefined);                             // throws what can't be answered, before there is a job
  try {
    await world.jobs.create(run.kind, await fitting(turn, run, named));
  } catch (error) {
    if (isNameTaken(error)) { return nameTaken(turn, run, request, number, error); }
    if (!isRoleNotReady(error)) { throw error; }
    const since = memo.roleNotReadySince ?? world.now();
    if (world.now() - since < ROLE_PATIENCE_MS) { return { wait: 10, memo: { roleNotReadySince: since } }; }
    throw new Refused(`${inWords(error)} (asked again for 3 minutes; the role's trust, its policy or the bucket's policy does not allow it)`);
  }
  // CloudFormation may have given the stack up meanwhile, and its Delete may have come too early to find the job.
  const status = await world.stackStatus(event.StackId);
  if (isRollingBack(status) || isBeingDeleted(status)) { throw new Refused(`the deployment was cancelled (${status}) while ${name} was launched; it has been stopped`); }
  return accepted(run, name, await world.jobs.describe(run.kind, name));
}

/**
 * Another delivery of this event was faster, or the record is one that Describe does not show yet: it will be seen. One that
 * is not seen, such as a record being deleted, is passed over.
 */
function nameTaken({ event, world, memo }: Turn, run: Run, request: Tree, number: number, error: unknown): Promise<Progress> | Progress {
  const name = attemptName(run.jobName, number);
  const taken = memo.nameTaken ?? { name, since: world.now() };
  const isFirst = taken.name === name;
  if (world.now() - taken.since < (isFirst ? 1 : 2) * HIDDEN_RECORD_MS) { return { wait: 10, memo: { nameTaken: taken } }; }
  if (isFirst) { return launch({ event, world, memo: { ...memo, nameTaken: taken } }, run, request, number + 1); }
  throw new Refused(`${run.row.noun} ${name} is taken, and so is the name before it, though neither is described: ${inWords(error)}. Another \`revision\` makes another name`);
}

/** The members of the Create call with their types, owner's tags included, without the name. */
export function requestOf(turn: Turn, run: Run): Tree {
  const { nameMember, schema } = run.row;
  const stated = run.properties.Request;
  if (nameMember in stated) { throw new BadProperties(`Request.${nameMember}: is made by the handler and can't be given`); }
  const restored = restoreTypes(schema, { ...stated, [nameMember]: run.jobName }) as Tree;
  const tags: Tags = { ...Object.fromEntries(userTags(restored)), ...ownerTags(turn.event) };
  return { ...restored, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

/** The whole Data again every time: CloudFormation forgets what an answer leaves out. */
export function accepted(run: Run, name: string, job: Job | undefined): Progress {
  return succeed(name, dataOf(run, name, job));
}

function dataOf(run: Run, name: string, job: Job | undefined): { [attribute: string]: string } {
  const attributes: { [attribute: string]: string } = {};
  for (const attribute of run.properties.Attributes ?? []) {
    if (attribute !== 'JobName' && attribute !== 'JobArn') { throw new BadProperties(`Attributes: ${attribute} is not known before the job has ended; JobName and JobArn are`); }
    attributes[attribute] = attribute === 'JobName' ? name : job?.arn ?? '';
  }
  return attributes;
}

const ownerInWords = (tags: Tags) => {
  const entries = Object.entries(tags).filter(([key]) => key.startsWith('cdk-sagemaker:'));
  return entries.length === 0 ? 'it has no owner tags' : `its tags are ${entries.map(([key, value]) => `${key}=${value}`).join(', ')}`;
};
