import { DescribeTrainingJobCommand, ListTrainingJobsCommand, type DescribeTrainingJobResponse, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { MetricDefinition } from './metrics';
import { trainingJobSections } from './training-job-sections';

/** A change of a job's secondary status. */
export interface Transition {
  readonly status: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end?: number;
}

/** What all kinds of job have in common, as it is shown. Times are milliseconds since 1970. */
export interface JobView {
  readonly name: string;
  readonly arn: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  readonly secondaryStatus?: string;
  readonly reason?: string;
  readonly created: number;
  readonly modified: number;
  readonly transitions: readonly Transition[];
  /** When billing began. */
  readonly started?: number;
  readonly ended?: number;
  readonly instances: number;
  /** Of one instance, as SageMaker counts them. */
  readonly trainingSeconds?: number;
  readonly billableSeconds?: number;
  readonly isSpot: boolean;
  readonly metricDefinitions: readonly MetricDefinition[];
  readonly finalMetrics: readonly { readonly name: string; readonly value: number }[];
}

/** A part of `describe`: a label, and rows of cells below each other. */
export interface Section {
  readonly label: string;
  readonly rows: readonly (readonly string[])[];
}

/** A Describe call's answer. */
export type Document = { readonly [member: string]: unknown };

/** All that differs between the kinds of job. Code that reads a row exists once. */
export interface JobKind {
  /** The word for people. */
  readonly noun: string;
  /** ARN resource type, e.g. `training-job`. */
  readonly arnType: string;
  readonly logGroup: string;
  /** Path of the console's page. */
  readonly page: (name: string) => string;
  readonly describe: (client: SageMakerClient, name: string) => Promise<Document>;
  /** Names with this part, the newest first, a page at a time. */
  readonly list: (client: SageMakerClient, part: string, page?: string) => Promise<{ readonly jobs: readonly ListedJob[]; readonly next?: string }>;
  readonly view: (document: Document) => JobView;
  /** What `describe` shows of this kind alone. */
  readonly sections: (document: Document) => Section[];
}

export interface ListedJob {
  readonly name: string;
  readonly arn: string;
}

const trainingJob: JobKind = {
  noun: 'training job',
  arnType: 'training-job',
  logGroup: '/aws/sagemaker/TrainingJobs',
  page: (name) => `jobs/${name}`,
  async describe(client, name) {
    const { $metadata: _metadata, ...job } = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    return job;
  },
  async list(client, part, page) {
    const answer = await client.send(new ListTrainingJobsCommand({ NameContains: part, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100, NextToken: page }));
    const jobs = (answer.TrainingJobSummaries ?? []).map(({ TrainingJobName, TrainingJobArn }) => ({ name: TrainingJobName as string, arn: TrainingJobArn as string }));
    return { jobs, next: answer.NextToken };
  },
  view: (document) => {
    const job = document as unknown as DescribeTrainingJobResponse;
    return {
      name: job.TrainingJobName as string,
      arn: job.TrainingJobArn as string,
      status: job.TrainingJobStatus as string,
      secondaryStatus: job.SecondaryStatus,
      reason: job.FailureReason,
      created: time(job.CreationTime) ?? 0,
      modified: time(job.LastModifiedTime) ?? 0,
      transitions: (job.SecondaryStatusTransitions ?? []).map((each) => ({
        status: each.Status as string, message: each.StatusMessage ?? '', start: time(each.StartTime) ?? 0, end: time(each.EndTime),
      })),
      started: time(job.TrainingStartTime),
      ended: time(job.TrainingEndTime),
      instances: instancesOf(job),
      trainingSeconds: job.TrainingTimeInSeconds,
      billableSeconds: job.BillableTimeInSeconds,
      isSpot: job.EnableManagedSpotTraining === true,
      metricDefinitions: job.AlgorithmSpecification?.MetricDefinitions ?? [],
      finalMetrics: (job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => ({ name: MetricName as string, value: Value as number })),
    };
  },
  sections: (document) => trainingJobSections(document as unknown as DescribeTrainingJobResponse),
};

/** In the order in which a bare name is looked for. */
export const JOB_KINDS: readonly JobKind[] = [trainingJob];

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped', 'Deleting']);
/** A word that this version does not know is a job that runs. */
export const hasEnded = ({ status }: JobView) => ENDED.has(status);

function instancesOf({ ResourceConfig: resources }: DescribeTrainingJobResponse): number {
  const groups = resources?.InstanceGroups ?? [];
  if (groups.length > 0) { return groups.reduce((sum, { InstanceCount: count = 0 }) => sum + count, 0); }
  return resources?.SelectedInstanceCount ?? resources?.InstanceCount ?? 1;
}

const time = (date: Date | undefined) => date?.getTime();
