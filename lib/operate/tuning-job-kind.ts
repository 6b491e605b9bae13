import {
  DescribeHyperParameterTuningJobCommand, ListHyperParameterTuningJobsCommand, type DescribeHyperParameterTuningJobResponse, type HyperParameterTrainingJobSummary,
} from '@aws-sdk/client-sagemaker';
import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { timeOf, type JobKind, type JobView } from './job-kind';
import { listed } from './sections';
import { tuningJobSections } from './tuning-job-sections';

export const tuningJob: JobKind = {
  ...JOB_KIND_FACTS.HyperParameterTuningJob,
  // The streams are those of its training jobs; other jobs may have names that begin like its own.
  isLogStream: (name, stream) => /^\d{3,}-[0-9a-f]{8}\//.test(stream.slice(name.length + 1)),
  async describe(client, name) {
    const { $metadata: _metadata, ...job } = await client.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
    return job;
  },
  async list(client, part, page) {
    const answer = await client.send(new ListHyperParameterTuningJobsCommand({ NameContains: part, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100, NextToken: page }));
    const jobs = (answer.HyperParameterTuningJobSummaries ?? []).map((job) => ({ name: job.HyperParameterTuningJobName as string, arn: job.HyperParameterTuningJobArn as string }));
    return { jobs, next: answer.NextToken };
  },
  view: (document) => {
    const job = document as unknown as DescribeHyperParameterTuningJobResponse;
    const created = timeOf(job.CreationTime) ?? 0;
    const ended = timeOf(job.HyperParameterTuningEndTime);
    return {
      name: job.HyperParameterTuningJobName as string,
      arn: job.HyperParameterTuningJobArn as string,
      status: job.HyperParameterTuningJobStatus as string,
      reason: job.FailureReason,
      created,
      modified: timeOf(job.LastModifiedTime) ?? ended ?? created,
      transitions: [],
      ended,
      metricDefinitions: [],
      finalMetrics: [],
      standing: standingOf(job),
    };
  },
  sections: (document) => tuningJobSections(document as unknown as DescribeHyperParameterTuningJobResponse),
};

function standingOf({ TrainingJobStatusCounters: counters, HyperParameterTuningJobConfig: config, BestTrainingJob: best }: DescribeHyperParameterTuningJobResponse): JobView['standing'] {
  const most = config?.ResourceLimits?.MaxNumberOfTrainingJobs;
  const counts = { completed: counters?.Completed ?? 0, inProgress: counters?.InProgress ?? 0, failed: (counters?.RetryableError ?? 0) + (counters?.NonRetryableError ?? 0), stopped: counters?.Stopped ?? 0 };
  const count = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const shown = listed([
    counts.completed > 0 && `${counts.completed} completed`, counts.inProgress > 0 && `${counts.inProgress} in progress`, counts.failed > 0 && `${counts.failed} failed`, counts.stopped > 0 && `${counts.stopped} stopped`,
  ]);
  return {
    texts: [
      `${count}${most === undefined ? '' : ` of ${most}`} training jobs${shown === undefined ? '' : `: ${shown}`}`,
      ...best === undefined ? [] : [`best ${bestText(best)}: ${best.TrainingJobName}`],
    ],
    data: { trainingJobs: counts, best: best && { job: best.TrainingJobName, metric: objectiveOf(best)?.MetricName, value: objectiveOf(best)?.Value, hyperparameters: best.TunedHyperParameters } },
  };
}

/** `validation:accuracy=0.98` */
export const bestText = (job: HyperParameterTrainingJobSummary) => (objectiveOf(job) === undefined ? '' : `${objectiveOf(job)?.MetricName}=${objectiveOf(job)?.Value}`);

const objectiveOf = (job: HyperParameterTrainingJobSummary) => job.FinalHyperParameterTuningJobObjectiveMetric;
