import type { JobProperties } from './contract';
import { inWords, isEndedAlready, isNotFound, isStillHeld, isTransient } from './errors';
import type { Progress, Turn } from './events';
import { kindOfType, succeed } from './events';
import { JOB_KINDS } from './job-kinds';
import { LOOK_AGAIN_SECONDS } from './launch';
import { fallbackId } from './roll-back';
import { attempts, hasEnded, isOurs } from './run';
import { runOf } from './runs';
import type { Job } from './world';

/** A job name as this handler makes them. */
const JOB_NAME = /^[a-z0-9](-?[a-z0-9])*-[0-9a-f]{10}(-\d{1,3})?$/;
/** For a create that was cancelled: the job may be a moment from being seen. */
const SECOND_LOOK_SECONDS = 20;
/** A pool that is given back ends within minutes; CloudFormation waits an hour. */
const POOL_PATIENCE_MS = 30 * 60_000;
const POOL_LOOK_SECONDS = 60;

/**
 * Delete of a job: stops it if it runs, and answers when it has stopped, because its role and its network go next.
 * What it left in S3 is never touched. Properties that can't be read don't matter.
 */
export async function removeJob(turn: Turn): Promise<Progress> {
  const { event, world, memo } = turn;
  const kind = kindOfType(event.ResourceType)!;
  const row = JOB_KINDS[kind];
  const properties = (event.ResourceProperties ?? {}) as Partial<JobProperties>;
  const done = succeed(event.PhysicalResourceId ?? fallbackId(event));
  if (properties.Adopt?.Name !== undefined && properties.Adopt.Name === event.PhysicalResourceId) { return done; }

  const job = await jobToRemove(turn);
  if (!job) {
    const createInFlight = !JOB_NAME.test(event.PhysicalResourceId ?? '');
    return createInFlight && !memo.lookedTwice && isReadable(turn) ? { wait: SECOND_LOOK_SECONDS, memo: { lookedTwice: true } } : done;
  }
  if (!isOurs(await world.jobs.tags(job.arn), event)) { return done; }
  if (job.state === 'running') {
    try {
      await world.jobs.stop(kind, job.name);
    } catch (error) {
      if (isNotFound(error)) { return done; }
      if (!isEndedAlready(error)) { throw error; }
    }
    return { wait: LOOK_AGAIN_SECONDS };
  }
  if (!hasEnded(job)) { return { wait: LOOK_AGAIN_SECONDS }; }
  await release(turn, job);
  return properties.RemovalPolicy === 'Delete' && row.remove && !await removed(turn, job) ? { wait: POOL_LOOK_SECONDS } : done;
}

/** Gives back what the job still holds. What can't be given back ends by itself: a delete does not fail for it. */
async function release({ event, world }: Turn, job: Job): Promise<void> {
  const kind = kindOfType(event.ResourceType)!;
  const changes = JOB_KINDS[kind].release?.(job.details);
  if (!changes) { return; }
  try {
    await world.jobs.update(kind, job.name, changes);
  } catch (error) {
    if (isTransient(error)) { throw error; }
    console.warn(`the warm pool of ${job.name} was not given back: ${inWords(error)}`);
  }
}

/** Whether the record is gone, or is left after all: one whose warm pool does not end must not hold up the stack. */
async function removed({ event, memo, world }: Turn, job: Job): Promise<boolean> {
  const kind = kindOfType(event.ResourceType)!;
  const isPatient = world.now() - (memo.started ?? world.now()) < POOL_PATIENCE_MS;
  if (isPatient && JOB_KINDS[kind].isHeld?.(job.details)) { return false; }
  try {
    await world.jobs.remove(kind, job.name);
    return true;
  } catch (error) {
    if (!isStillHeld(error)) { throw error; }
    if (!isPatient) { console.warn(`the record of ${job.name} was left: its warm pool has not ended`); }
    return !isPatient;
  }
}

async function jobToRemove(turn: Turn): Promise<Job | undefined> {
  const { event, world } = turn;
  const kind = kindOfType(event.ResourceType)!;
  if (JOB_NAME.test(event.PhysicalResourceId ?? '')) { return world.jobs.describe(kind, event.PhysicalResourceId!); }
  if (!isReadable(turn)) { return undefined; }
  return (await attempts(world, kind, runOf(event).jobName, event.PhysicalResourceId)).pop()?.job;
}

function isReadable({ event }: Turn): boolean {
  try { runOf(event); return true; } catch { return false; }
}
