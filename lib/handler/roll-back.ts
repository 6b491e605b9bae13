import type { CloudFormationEvent, Progress, Turn } from './events';
import { succeed } from './events';
import { isTransient, Refused } from './errors';
import { applyInPlace } from './in-place';
import { accepted, LOOK_AGAIN_SECONDS, requestOf } from './launch';
import { attemptNumber, attempts, hasEnded, isOurs, isUsable } from './run';
import type { Attempt } from './run';
import { isOfThisEvent, runOf } from './runs';
import type { Run } from './runs';

/**
 * The stack is rolling back: nothing is launched, nothing is judged, nothing fails. The old run's job is found by the
 * name its properties make, whatever has become of it; its artifact is where it always was.
 */
export async function rollBack(turn: Turn): Promise<Progress> {
  const { event, world } = turn;
  const run = readable(event);
  if (!run) { return succeed(event.PhysicalResourceId ?? fallbackId(event)); }
  if (run.properties.Adopt) { return accepted(run, run.properties.Adopt.Name, undefined); }

  const all = await attempts(world, run.kind, run.jobName, event.PhysicalResourceId);
  const chosen = [...all].reverse().find(({ job }) => isUsable(run, job)) ?? all[all.length - 1];
  const newest = all[all.length - 1];
  if (newest && !hasEnded(newest.job) && isOfThisEvent(await world.jobs.tags(newest.job.arn), event)) {
    throw new Refused(`the deployment was cancelled while ${newest.job.name} was launched; it has been stopped`);
  }
  const orphans = await runningOrphans(turn, run, all, chosen);
  for (const { job } of orphans) { if (job.state === 'running') { await world.jobs.stop(run.kind, job.name); } }
  if (orphans.length > 0) { return { wait: LOOK_AGAIN_SECONDS }; }

  if (chosen) { await tagAsBefore(turn, run, chosen); }
  // With every record gone, the name that CloudFormation knows stays: another one would be a replacement.
  const known = attemptNumber(run.jobName, event.PhysicalResourceId) === undefined ? run.jobName : event.PhysicalResourceId!;
  return accepted(run, chosen?.job.name ?? known, chosen?.job);
}

/**
 * Jobs of this resource that run though CloudFormation does not know their name: launched by an update that was
 * cancelled before CloudFormation took its answer. What it knows, it deletes itself.
 */
async function runningOrphans(turn: Turn, run: Run, own: Attempt[], chosen: Attempt | undefined): Promise<Attempt[]> {
  const { event, memo, world } = turn;
  const other = memo.before?.jobName && memo.before.jobName !== run.jobName ? await attempts(world, run.kind, memo.before.jobName, event.PhysicalResourceId) : [];
  const known = [event.PhysicalResourceId, chosen?.job.name];
  const orphans: Attempt[] = [];
  for (const attempt of [...own, ...other]) {
    if (hasEnded(attempt.job) || known.includes(attempt.job.name)) { continue; }
    if (isOurs(await world.jobs.tags(attempt.job.arn), event)) { orphans.push(attempt); }
  }
  return orphans;
}

/** An update of tags alone is rolled back too, as far as it goes: a rollback does not fail for a tag. */
async function tagAsBefore(turn: Turn, run: Run, { job }: Attempt): Promise<void> {
  try {
    const tags = await turn.world.jobs.tags(job.arn);
    if (isOurs(tags, turn.event)) { await applyInPlace(turn, run, job, tags, requestOf(turn, run)); }
  } catch (error) {
    if (isTransient(error)) { throw error; }
    console.warn(`tags of ${job.name} were not rolled back: ${(error as Error).message}`);
  }
}

function readable(event: CloudFormationEvent): Run | undefined {
  try { return runOf(event); } catch { return undefined; }
}

export const fallbackId = (event: CloudFormationEvent) => `${event.LogicalResourceId}-${event.RequestId}`.slice(0, 1024);
