import type { DescribeHyperParameterTuningJobResponse } from '@aws-sdk/client-sagemaker';
import { frameOf } from './dataframe';
import { CommandError } from './faults';
import { hasEnded } from './job-kind';
import { destinationOf, give, type ResultOptions } from './results';
import { chartOf, Objectives, rowOf, trainingJobsOf } from './tuning-analytics';
import { tuningJob } from './tuning-job-kind';
import { PROCESS, withJob, type JobOptions } from './with-job';

/**
 * `cdk-sagemaker analytics`: the training jobs of a tuning job, with the columns of the Python SDK's data frame. The table is
 * sorted, the best first; as CSV and JSON the rows have the SDK's order.
 *
 * @returns the exit code
 * @throws CommandError
 */
export async function analytics(options: JobOptions & ResultOptions, surface = PROCESS): Promise<number> {
  const destination = destinationOf(options);
  return withJob(options, surface, async ({ kind, name, document }, clients, screen) => {
    const job = kind.view(document);
    const trainingJobs = await trainingJobsOf(name, clients.sageMaker);
    if (trainingJobs.length === 0) { throw new CommandError(`the tuning job ${name} has no training jobs${hasEnded(job) ? '' : ' yet'}; it is ${job.status}${job.reason === undefined ? '' : `: ${job.reason}`}`); }
    if (name !== options.job) { screen.say('grey', `tuning job ${name}`); }
    if (!hasEnded(job)) { screen.say('yellow', `the tuning job ${name} goes on (${job.status}): this is what there is so far`); }
    const objectives = new Objectives(document as unknown as DescribeHyperParameterTuningJobResponse);
    const frame = frameOf(trainingJobs.map(rowOf));
    const table = frameOf(objectives.bestFirst(trainingJobs).map(rowOf), frame.columns);
    await give({ frame, table, chart: chartOf(name, trainingJobs, objectives) }, destination, screen);
    return 0;
  }, [tuningJob]);
}
