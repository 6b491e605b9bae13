import {
  CreateTrainingJobCommand, CreateTrainingJobRequest$, DeleteTrainingJobCommand, DescribeTrainingJobCommand, StopTrainingJobCommand, UpdateTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { algorithmViolations } from '../limits/algorithm-check';
import { completeHyperparameters } from '../limits/algorithm-hyperparameters';
import { trainingJobViolations } from '../limits/training-job-check';
import type { JobKind } from './job-kind';
import type { Schema } from './restore-types';
import { TRAINING_JOB_RULES } from './training-job-rules';

export const trainingJob: JobKind = {
  ...TRAINING_JOB_RULES,
  create: CreateTrainingJobCommand,
  describe: DescribeTrainingJobCommand,
  stop: StopTrainingJobCommand,
  remove: DeleteTrainingJobCommand,
  update: UpdateTrainingJobCommand,
  schema: CreateTrainingJobRequest$ as unknown as Schema,
  violations: trainingJobViolations,
  prerequisites: {
    Algorithm: {
      noun: 'algorithm',
      named: (request) => [request.AlgorithmSpecification?.AlgorithmName ?? []].flat(),
      operation: 'DescribeAlgorithm',
      nameMember: 'AlgorithmName',
      violations: (request, algorithm) => algorithmViolations(request, algorithm),
      completed: (request, algorithm) => {
        const texts = completeHyperparameters(algorithm.TrainingSpecification?.SupportedHyperParameters ?? [], request.HyperParameters);
        return Object.keys(texts).length > 0 ? { ...request, HyperParameters: texts } : request;
      },
    },
  },
};
