import { CreateTransformJobCommand, CreateTransformJobRequest$, DescribeTransformJobCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { JOB_STATES, type JobKind } from './job-kind';
import type { Schema } from './restore-types';
import { EMPTY_COLUMN } from './run-key';

export const transformJob: JobKind = {
  ...JOB_KIND_FACTS.TransformJob,
  noun: 'transform job',
  create: CreateTransformJobCommand,
  describe: DescribeTransformJobCommand,
  stop: StopTransformJobCommand,
  schema: CreateTransformJobRequest$ as unknown as Schema,
  violations: () => [],
  nameMember: 'TransformJobName',
  arnMember: 'TransformJobArn',
  statusMember: 'TransformJobStatus',
  states: JOB_STATES,
  key: {
    ...EMPTY_COLUMN,
    omitted: ['TransformJobName', 'Tags', 'ModelClientConfig'],
    defaults: {
      'TransformInput.CompressionType': 'None',
      'TransformInput.SplitType': 'None',
      'TransformOutput.AssembleWith': 'None',
      'DataProcessing.InputFilter': '$',
      'DataProcessing.OutputFilter': '$',
      'DataProcessing.JoinSource': 'None',
      'DataCaptureConfig.GenerateInferenceId': 'false',
    },
    images: ['ModelName.Content.Containers.*.Image'],
  },
  attributes: {
    OutputPath: (job) => job.TransformOutput?.S3OutputPath,
    Status: (job) => job.TransformJobStatus,
    JobArn: (job) => job.TransformJobArn,
  },
  derived: 'OutputPath',
  logGroup: '/aws/sagemaker/TransformJobs',
  logStreams: (name) => `${name}/`,
  page: (name) => `transform-jobs/${name}`,
};
