import type { JobProperties } from './contract';
import { isEndedAlready, isNotFound } from './errors';
import type { Progress, Turn } from './events';
import { kindOfType, succeed } from './events';
import { JOB_KINDS } from './job-kinds';
import { LOOK_AGAIN_SECONDS } from './launch';
import { fallbackId } from './roll-back';
import { attempts, hasEnded, isOurs, runOf } from './runs';
import type { Job } from './world';

/** A job name as this handler makes them. */
const JOB_NAME = /^[a-z0-9](-?[a-z0-9])*-[0-9a-f]{10}(-\d{1,3})?$/;
/** For a create that was cancelled: the job may be a moment from being seen. */
const SECOND_LOOK_SECONDS = 20;

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
  const release = row.release(job.details);
  if (release) { await world.jobs.update(kind, job.name, release); }
  if (properties.RemovalPolicy === 'Delete' && row.remove) {
    // A warm pool that has not been given back yet keeps the record (aws-facts 2.9).
    if (release) { return { wait: LOOK_AGAIN_SECONDS }; }
    await world.jobs.remove(kind, job.name);
  }
  return done;
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
