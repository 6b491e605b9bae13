import { CreateTransformJobCommand, CreateTransformJobRequest$, DescribeTransformJobCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { transformJobViolations } from '../limits/transform-job-rules';
import type { JobKind } from './job-kind';
import type { Schema } from './restore-types';
import { TRANSFORM_JOB_RULES } from './transform-job-rules';

export const transformJob: JobKind = {
  ...TRANSFORM_JOB_RULES,
  create: CreateTransformJobCommand,
  describe: DescribeTransformJobCommand,
  stop: StopTransformJobCommand,
  schema: CreateTransformJobRequest$ as unknown as Schema,
  violations: transformJobViolations,
};
