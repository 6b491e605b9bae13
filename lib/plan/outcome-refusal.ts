import type { OutcomeProperties } from '../handler/contract';
import { BadProperties, Refused } from '../handler/errors';
import { failureReport } from '../handler/failure-report';
import type { Tree } from '../handler/job-kind';
import { dataOf, endedJob } from '../handler/outcome-data';
import { judgeQuality } from '../handler/quality-gate';
import { hasEnded, jobOf } from '../handler/run';
import type { JobKindName } from '../limits/job-kinds';
import { JOB_RULES } from './job-kinds';
import type { JobsSide } from './stack-side';

/** What the outcome of a job is judged with. */
export interface Judged {
  readonly wanted: OutcomeProperties;
  readonly stackId: string;
  /** The job that the outcome has judged before. */
  readonly before?: string;
  /** Whether all of the properties is known; if not, only whether the job has ended well can be said. */
  readonly isKnown: boolean;
  /** The job is there already, by all that is known: a record that is gone is the end of it. */
  readonly isThere: boolean;
}

/** Why the handler will refuse the outcome of a job; nothing where it lets it pass, or where that is not known before the deployment. */
export async function outcomeRefusal({ wanted, stackId, before, isKnown, isThere }: Judged, side: JobsSide): Promise<string | undefined> {
  const row = JOB_RULES[wanted.Kind];
  let isUnasked = false;
  const describe = async (kind: JobKindName, name: string) => {
    const record = await side.job(kind, name);
    isUnasked ||= record === 'unknown';
    return record === undefined || record === 'unknown' ? undefined : jobOf(JOB_RULES[kind], name, record.details as Tree);
  };
  const job = await describe(wanted.Kind, wanted.JobName);
  if (job === undefined) {
    return isUnasked || !isThere ? undefined : `the record of ${row.noun} ${wanted.JobName} is gone, so its outcome can't be read`;
  }
  if (job.state !== 'completed' && !(wanted.AcceptTimeLimit === 'true' && row.endedByLimit?.(job.details) === true)) {
    return hasEnded(job) ? failureReport(row, job, { StackId: stackId }, wanted).split('\n')[0] : undefined;
  }
  if (!isKnown) { return undefined; }
  const world = { jobs: { describe } };
  try {
    const ended = await endedJob(world, row, job);
    dataOf(wanted, ended);
    await judgeQuality({ memo: { before: { tagKeys: [], judged: before } }, world }, wanted, ended);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof BadProperties)) { throw error; }
    return isUnasked ? undefined : error.message;
  }
}
