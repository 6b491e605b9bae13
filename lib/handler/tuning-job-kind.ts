import {
  CreateHyperParameterTuningJobCommand, CreateHyperParameterTuningJobRequest$, DeleteHyperParameterTuningJobCommand, DescribeHyperParameterTuningJobCommand,
  StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { algorithmNames, algorithmViolationsOf, completedByAlgorithm, tuningJobViolations } from '../limits/hyperparameter-tuning-job-check';
import type { JobKind } from './job-kind';
import type { Schema } from './restore-types';
import { TUNING_JOB_RULES } from './tuning-job-rules';

export const hyperParameterTuningJob: JobKind = {
  ...TUNING_JOB_RULES,
  create: CreateHyperParameterTuningJobCommand,
  describe: DescribeHyperParameterTuningJobCommand,
  stop: StopHyperParameterTuningJobCommand,
  remove: DeleteHyperParameterTuningJobCommand,
  schema: CreateHyperParameterTuningJobRequest$ as unknown as Schema,
  violations: tuningJobViolations,
  prerequisites: {
    Algorithm: {
      noun: 'algorithm',
      named: algorithmNames,
      operation: 'DescribeAlgorithm',
      nameMember: 'AlgorithmName',
      violations: (request, algorithm, name) => algorithmViolationsOf(request, name, algorithm),
      completed: (request, algorithm, name) => completedByAlgorithm(request, name, algorithm),
    },
  },
};
