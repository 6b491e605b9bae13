import type { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { BuiltInAlgorithm, Capacity, DataSource, type TrainingJobProps } from 'cdk-sagemaker';
import { bucketNamed, emptyStack, jobOf, trainingIn, warnings } from './stacks';

/** The least props of each algorithm. */
export const LEAST = {
  blazingText: { mode: 'supervised' },
  deepAr: { contextLength: 30, predictionLength: 30, epochs: 20, timeFreq: 'D' },
  factorizationMachines: { numFactors: 10, predictorType: 'binary_classifier' },
  imageClassification: { numClasses: 10, numTrainingSamples: 500 },
  ipInsights: { numEntityVectors: 100, vectorDim: 16 },
  kMeans: { k: 10 },
  knn: { k: 5, sampleSize: 1000, predictorType: 'classifier' },
  lda: { numTopics: 5, miniBatchSize: 100 },
  linearLearner: { predictorType: 'binary_classifier' },
  ntm: { numTopics: 5 },
  object2Vec: { enc0MaxSeqLen: 10, enc0VocabSize: 100 },
  objectDetection: { numClasses: 10, numTrainingSamples: 500 },
  pca: { numComponents: 3 },
  randomCutForest: {},
  semanticSegmentation: { numClasses: 21, numTrainingSamples: 500 },
  seq2Seq: {},
} as const;

export type Factory = keyof typeof LEAST;

/** An algorithm of its least props and others; whatever their types, for tests of what is refused. */
export function algorithmOf(factory: Factory | 'xgboost', props: object = {}): BuiltInAlgorithm {
  if (factory === 'xgboost') { return BuiltInAlgorithm.xgboost('1.7-1', { numRound: 50, ...props }); }
  return (BuiltInAlgorithm[factory] as (all: object) => BuiltInAlgorithm)({ ...LEAST[factory], ...props });
}

/** 1000 records of 784 features. */
export const records = (stack: Stack, numRecords = 1000) => DataSource.fromRecordSet(bucketNamed(stack, `my-bucket${numRecords}`), 'data/.amazon.manifest', { dataPrefix: 'data/', numRecords, featureDim: 784 });
export const files = (stack: Stack, prefix: string) => DataSource.fromBucket(bucketNamed(stack, `files-of-${prefix.replace(/_/g, '-')}`), `${prefix}/`);

/** The request of a job of an algorithm, and the warnings of its stack. Its channels are those without which the algorithm does not train. */
export function trained(factory: Factory | 'xgboost', props: object = {}, overrides: (stack: Stack) => Partial<TrainingJobProps> = () => ({}), region = 'us-west-2') {
  const stack = emptyStack('Stack', { env: { region, account: '123456789012' } });
  const others = factory === 'seq2Seq' ? ['validation', 'vocab'] : factory === 'semanticSegmentation' ? ['validation', 'train_annotation', 'validation_annotation'] : [];
  const given = overrides(stack);
  const training = trainingIn(stack, {
    algorithm: algorithmOf(factory, props),
    capacity: Capacity.onDemand({ instanceType: ['imageClassification', 'objectDetection', 'semanticSegmentation', 'seq2Seq'].includes(factory) ? 'ml.p3.2xlarge' : 'ml.c4.xlarge' }),
    ...given,
    inputs: given.inputs ?? { train: records(stack), ...Object.fromEntries(others.map((name) => [name, files(stack, name)])) },
  });
  const { Request: request } = jobOf(Template.fromStack(stack));
  return { stack, training, request, hyperparameters: request.HyperParameters as { [name: string]: string }, warnings: warnings(stack) };
}
