import type { OutcomeProperties, WaitProperties } from './contract';
import { OWNER_TAGS } from './contract';
import { BadProperties, isEndedAlready, isTransient, Refused } from './errors';
import type { Progress, Turn } from './events';
import { propertiesOf, rowOf, succeed } from './events';
import { failureReport } from './failure-report';
import type { JobKind } from './job-kind';
import { derivedData } from './derived-data';
import { dataOf, endedJob } from './outcome-data';
import { judgeQuality } from './quality-gate';
import { isBeingDeleted, isRollingBack, LOOK_AGAIN_SECONDS } from './launch';
import { hasEnded } from './run';
import type { Job } from './world';

/** Both resources have one physical id for ever: a job that changes is an update of theirs, never a replacement. */
export const WAIT_ID = 'wait';
export const OUTCOME_ID = 'outcome';

/** An hour is what CloudFormation waits; some of it is for stopping a job. */
const LONGEST_WAIT_SECONDS = 55 * 60;

/** Lets time pass. The judgment is the outcome's. */
export async function waitForJob(turn: Turn): Promise<Progress> {
  if (turn.event.RequestType === 'Delete') { return succeed(WAIT_ID); }
  const properties = propertiesOf<WaitProperties>(turn.event.ResourceProperties);
  rowOf(properties);
  const job = await turn.world.jobs.describe(properties.Kind, nameOf(properties));
  return !job || hasEnded(job) || isOver(turn, properties) || (!turn.memo.notRollingBack && await isInRollback(turn)) ? succeed(WAIT_ID) : pause(turn, job);
}

/** Waits for the end of the job, judges it, and answers with its attributes. */
export async function judgeJob(turn: Turn): Promise<Progress> {
  if (turn.event.RequestType === 'Delete') { return succeed(OUTCOME_ID); }
  const properties = propertiesOf<OutcomeProperties>(turn.event.ResourceProperties);
  const row = rowOf(properties);
  const name = nameOf(properties);
  const job = await turn.world.jobs.describe(properties.Kind, name);

  if (job && (job.state === 'completed' || (properties.AcceptTimeLimit === 'true' && row.endedByLimit?.(job.details)))) {
    const ended = await endedJob(turn.world, row, job);
    try {
      const data = dataOf(properties, ended);
      await judgeQuality(turn, properties, ended);
      return succeed(OUTCOME_ID, data);
    } catch (error) {
      if (isTransient(error) || !await isInRollback(turn)) { throw error; }
      return succeed(OUTCOME_ID, derivedData(row, properties, ended));
    }
  }
  // A rollback is never judged and never waits: it gets what there is.
  const mustAnswer = !job || hasEnded(job) || isOver(turn, properties);
  if ((mustAnswer || !turn.memo.notRollingBack) && await isInRollback(turn)) { return succeed(OUTCOME_ID, derivedData(row, properties, job && await endedJob(turn.world, row, job))); }
  if (!job) { throw new Refused(`the record of ${row.noun} ${name} is gone, so its outcome can't be read; set another \`revision\` to train again`); }
  if (hasEnded(job)) { throw new Refused(failureReport(row, job, turn.event, properties)); }
  return isOver(turn, properties) ? giveUp(turn, properties, row, job) : pause(turn, job);
}

/** The deployment's patience is over: the job stops, then the deployment fails. */
async function giveUp(turn: Turn, properties: OutcomeProperties, row: JobKind, job: Job): Promise<Progress> {
  const { event, world } = turn;
  const inTime = `${row.noun} ${job.name} has not ended within ${Math.round((Number(properties.Within) || LONGEST_WAIT_SECONDS) / 60)} minutes`;
  if ((await world.jobs.tags(job.arn))[OWNER_TAGS.stack] !== event.StackId) { throw new Refused(`${inTime}; it is not this stack's job and goes on`); }
  if (job.state === 'running') {
    try {
      await world.jobs.stop(properties.Kind, job.name);
    } catch (error) {
      if (!isEndedAlready(error)) { throw error; }
    }
  }
  return { wait: LOOK_AGAIN_SECONDS, memo: { untilEnded: job.name, failing: `${inTime}; it has been stopped. Give it more time with \`completion: Completion.finished({ within })\`` } };
}

/** Asked once while the job runs, and again before anything fails. */
async function isInRollback({ event, world }: Turn): Promise<boolean> {
  const status = await world.stackStatus(event.StackId);
  return isRollingBack(status) || isBeingDeleted(status);
}

function nameOf(properties: WaitProperties | OutcomeProperties): string {
  if (typeof properties.JobName !== 'string' || properties.JobName === '') { throw new BadProperties('JobName: must be the name of a job'); }
  return properties.JobName;
}

const isOver = ({ memo, world }: Turn, properties: WaitProperties | OutcomeProperties) =>
  world.now() - (memo.started ?? world.now()) >= Math.min(Number(properties.Seconds) || LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS) * 1000;

/** 30 seconds, or 2 % of the age of a job that has been going for long; a little less at random, so that many jobs don't ask at once. */
function pause({ memo, world }: Turn, job: Job): Progress {
  const created = job.details.CreationTime instanceof Date ? job.details.CreationTime.getTime() : memo.started ?? world.now();
  const age = Math.max(0, world.now() - created) / 1000;
  const longest = Math.min(600, Math.max(30 / 0.85, age * 0.018));
  return { wait: Math.max(1, Math.round(longest * (0.85 + 0.15 * world.random()))), memo: { notRollingBack: true } };
}
