import { DescribeTrainingJobCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';

/** A job as people want to know it, whatever its kind. */
export interface DescribedJob {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly secondaryStatus?: string;
  readonly transitions: readonly { readonly status: string; readonly start: Date; readonly end?: Date; readonly message?: string }[];
  readonly reason?: string;
  readonly metricDefinitions: readonly { readonly name: string; readonly regex: string }[];
  readonly finalMetrics: readonly { readonly name: string; readonly value: number }[];
  readonly created?: Date;
  readonly trainingSeconds?: number;
  readonly billableSeconds?: number;
  readonly isSpot: boolean;
  /** All that the service said. */
  readonly document: { readonly [member: string]: any };
}

/** What differs between kinds of jobs; a further kind is a row. */
export interface OperatedKind {
  readonly noun: string;
  readonly arnType: string;
  readonly logGroup: string;
  readonly page: (name: string) => string;
  describe(client: SageMakerClient, name: string): Promise<DescribedJob>;
}

export const TRAINING_JOB: OperatedKind = {
  noun: 'training job',
  arnType: 'training-job',
  logGroup: '/aws/sagemaker/TrainingJobs',
  page: (name) => `jobs/${name}`,
  async describe(client, name) {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    const { $metadata: _metadata, ...document } = job;
    return {
      name: String(job.TrainingJobName),
      arn: String(job.TrainingJobArn),
      status: String(job.TrainingJobStatus),
      secondaryStatus: job.SecondaryStatus,
      transitions: (job.SecondaryStatusTransitions ?? []).map((each) => ({ status: String(each.Status), start: each.StartTime as Date, end: each.EndTime, message: each.StatusMessage })),
      reason: job.FailureReason,
      metricDefinitions: (job.AlgorithmSpecification?.MetricDefinitions ?? []).map((each) => ({ name: String(each.Name), regex: String(each.Regex) })),
      finalMetrics: (job.FinalMetricDataList ?? []).map((each) => ({ name: String(each.MetricName), value: Number(each.Value) })),
      created: job.CreationTime,
      trainingSeconds: job.TrainingTimeInSeconds,
      billableSeconds: job.BillableTimeInSeconds,
      isSpot: job.EnableManagedSpotTraining === true,
      document,
    };
  },
};

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);

export const hasEnded = ({ status }: DescribedJob): boolean => ENDED.has(status);

/** The last part of an ARN, or the name itself. @throws Error for the ARN of something else */
export function jobNameOf(nameOrArn: string, kind: OperatedKind): string {
  if (!nameOrArn.startsWith('arn:')) { return nameOrArn; }
  const name = new RegExp(`^arn:[^:]+:sagemaker:[^:]*:[^:]*:${kind.arnType}/(.+)$`).exec(nameOrArn)?.[1];
  if (name === undefined) { throw new Error(`${nameOrArn} is not the ARN of a ${kind.noun}`); }
  return name;
}
