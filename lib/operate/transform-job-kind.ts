import { DescribeTransformJobCommand, ListTransformJobsCommand, type DescribeTransformJobResponse } from '@aws-sdk/client-sagemaker';
import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { timeOf, type JobKind, type Section } from './job-kind';
import { listed, section, sortedRows } from './sections';

export const transformJob: JobKind = {
  ...JOB_KIND_FACTS.TransformJob,
  async describe(client, name) {
    const { $metadata: _metadata, ...job } = await client.send(new DescribeTransformJobCommand({ TransformJobName: name }));
    return job;
  },
  async list(client, part, page) {
    const answer = await client.send(new ListTransformJobsCommand({ NameContains: part, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100, NextToken: page }));
    const jobs = (answer.TransformJobSummaries ?? []).map(({ TransformJobName, TransformJobArn }) => ({ name: TransformJobName as string, arn: TransformJobArn as string }));
    return { jobs, next: answer.NextToken };
  },
  view: (document) => {
    const job = document as unknown as DescribeTransformJobResponse;
    const [created, started, ended] = [timeOf(job.CreationTime) ?? 0, timeOf(job.TransformStartTime), timeOf(job.TransformEndTime)];
    return {
      name: job.TransformJobName as string,
      arn: job.TransformJobArn as string,
      status: job.TransformJobStatus as string,
      reason: job.FailureReason,
      created,
      // It has no time of its own for this.
      modified: ended ?? started ?? created,
      transitions: [],
      started,
      ended,
      instances: job.TransformResources?.InstanceCount,
      metricDefinitions: [],
      finalMetrics: [],
    };
  },
  sections: (document) => transformJobSections(document as unknown as DescribeTransformJobResponse),
};

function transformJobSections(job: DescribeTransformJobResponse): Section[] {
  const { TransformResources: resources, TransformInput: input, TransformOutput: output, DataProcessing: processing, DataCaptureConfig: capture, ModelClientConfig: client } = job;
  const source = input?.DataSource?.S3DataSource;
  return [
    section('model', [[job.ModelName]]),
    section('instances', [[resources && `${resources.InstanceCount} x ${resources.InstanceType}`]]),
    section('batches', [[listed([
      job.BatchStrategy, job.MaxPayloadInMB !== undefined && `at most ${job.MaxPayloadInMB} MB`, job.MaxConcurrentTransforms !== undefined && `${job.MaxConcurrentTransforms} at once`,
    ])]]),
    section('calls', [[listed([
      client?.InvocationsTimeoutInSeconds !== undefined && `${client.InvocationsTimeoutInSeconds} s each`, client?.InvocationsMaxRetries !== undefined && `${client.InvocationsMaxRetries} retries`,
    ])]]),
    section('input', [
      [source && (source.S3DataType === 'S3Prefix' ? source.S3Uri : `${source.S3Uri} (${source.S3DataType})`)],
      [listed([input?.ContentType, set(input?.SplitType, 'split by'), set(input?.CompressionType, 'compressed with')])],
    ]),
    section('output', [[output?.S3OutputPath], [listed([output?.Accept, set(output?.AssembleWith, 'joined by')])]]),
    section('filters', [[listed([
      processing?.InputFilter !== undefined && `input ${processing.InputFilter}`, set(processing?.JoinSource, 'joined with'), processing?.OutputFilter !== undefined && `output ${processing.OutputFilter}`,
    ])]]),
    section('capture', [[capture?.DestinationS3Uri]]),
    section('environment', sortedRows(job.Environment)),
  ];
}

const set = (value: string | undefined, words: string) => value !== undefined && value !== 'None' && `${words} ${value}`;
