import { consolePage, logsPage } from '../limits/partitions';
import { LOCAL_VARIABLE } from './contract';
import type { OutcomeProperties } from './contract';
import type { CloudFormationEvent } from './events';
import type { JobRules } from './job-kind';
import type { Job } from './world';

type Stacked = Pick<CloudFormationEvent, 'StackId'>;

/** Why the job is no good, where to read on, and how to go on. */
export function failureReport(row: JobRules, job: Job, event: Stacked, properties: OutcomeProperties): string {
  const { details } = job;
  const status = [details[row.statusMember], details.SecondaryStatus].filter((word, index, all) => word && all.indexOf(word) === index).join(', ');
  const lines = [
    `${row.noun} ${job.name} ended as ${status}: ${details.FailureReason ?? why(row, job, properties)}`,
    `Logs: log group ${row.logGroup}, streams ${row.logStreams(job.name)}*${consoleLink(event, row.page(job.name))}${logsLink(event, row.logGroup, row.logStreams(job.name))}`,
    'To go on: mend the cause and deploy again. A job that failed is never adopted, the same properties launch a new one; '
      + 'after --no-rollback, where CloudFormation sees no change, set another `revision`.',
  ];
  return lines.join('\n');
}

function why(row: JobRules, job: Job, properties: OutcomeProperties): string {
  if (row.endedByLimit?.(job.details)) {
    return `it reached its time limit of ${row.limit?.(job.details) ?? '?'} s; raise maxRuntime, or accept what it has with acceptTimeLimit`;
  }
  return properties.AcceptTimeLimit === 'true' ? 'it was stopped, and not by its time limit' : 'it was stopped';
}

/** The page of the console, after whatever was said before. */
export const consoleLink = (event: Stacked, page: string): string => link(event, (partition, region) => consolePage(partition, region, page));

/** The log in the console, likewise. */
export const logsLink = (event: Stacked, group: string, streams?: string): string => link(event, (partition, region) => logsPage(partition, region, group, streams));

function link(event: Stacked, of: (partition: string, region: string) => string | undefined): string {
  const [, partition = '', , region = ''] = event.StackId.split(':');
  // the console shows nothing of what runs on one machine
  const url = process.env[LOCAL_VARIABLE] === '1' ? undefined : of(partition, region);
  return url ? `; ${url}` : '';
}
