import { DescribeTrainingJobCommand, ListTrainingJobsCommand, type DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { timeOf, type JobKind } from './job-kind';
import { trainingJobSections } from './training-job-sections';

export const trainingJob: JobKind = {
  ...JOB_KIND_FACTS.TrainingJob,
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
      created: timeOf(job.CreationTime) ?? 0,
      modified: timeOf(job.LastModifiedTime) ?? 0,
      transitions: (job.SecondaryStatusTransitions ?? []).map((each) => ({
        status: each.Status as string, message: each.StatusMessage ?? '', start: timeOf(each.StartTime) ?? 0, end: timeOf(each.EndTime),
      })),
      started: timeOf(job.TrainingStartTime),
      ended: timeOf(job.TrainingEndTime),
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

function instancesOf({ ResourceConfig: resources }: DescribeTrainingJobResponse): number {
  const groups = resources?.InstanceGroups ?? [];
  if (groups.length > 0) { return groups.reduce((sum, { InstanceCount: count = 0 }) => sum + count, 0); }
  return resources?.SelectedInstanceCount ?? resources?.InstanceCount ?? 1;
}
