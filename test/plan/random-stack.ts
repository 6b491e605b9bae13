import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, Tags, type Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import {
  Algorithm, Capacity, Completion, ContainerImage, DataSource, Hyperparameters, HyperparameterTuningJob, Metric, Objective, OutputLocation, ParameterRange, ProcessingJob, Retrain, TrainingJob,
} from '../../lib';
import { IMAGE } from './support';

/** What a random stack has. Of few values each, so that older states come back. */
export interface Wanted {
  readonly train: {
    readonly epochs: number; readonly instanceType: string; readonly minutes: number; readonly tag?: string; readonly revision?: string; readonly retrain?: string;
    readonly dataRevision?: string; readonly bucket: 'Data' | 'Other'; readonly acceptTimeLimit: boolean;
  };
  /** Follows the first: its model is data of this one, and its metric perhaps a hyperparameter. */
  readonly finetune?: { readonly rate: number; readonly follows: 'model' | 'metric' | 'both' | 'nothing'; readonly tag?: string };
  readonly tune?: { readonly most: number; readonly maxJobs: number; readonly parallel: number; readonly tag?: string; readonly followsTrain: boolean };
  readonly transform?: { readonly of: 'train' | 'tune'; readonly input: string; readonly tag?: string; readonly name: string };
  /** Nobody waits for its end. */
  readonly loose?: { readonly epochs: number; readonly tag?: string };
  readonly processing?: { readonly share: string; readonly tag?: string };
}

const tag = fc.option(fc.constantFrom('a', 'b'), { nil: undefined, freq: 2 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

export const WANTED: fc.Arbitrary<Wanted> = fc.record({
  train: fc.record({
    epochs: fc.constantFrom(1, 1, 2), instanceType: fc.constantFrom('ml.m5.large', 'ml.m5.large', 'ml.m5.xlarge'), minutes: fc.constantFrom(10, 20), tag, revision: fc.option(fc.constant('r2'), { nil: undefined, freq: 1 }),
    retrain: fc.option(fc.constantFrom('m1', 'm2'), { nil: undefined, freq: 1 }), dataRevision: fc.option(fc.constant('d2'), { nil: undefined, freq: 1 }), bucket: fc.constantFrom('Data', 'Data', 'Other'), acceptTimeLimit: fc.boolean(),
  }),
  finetune: optional(fc.record({ rate: fc.constantFrom(0.1, 0.2), follows: fc.constantFrom('model', 'metric', 'both', 'nothing'), tag })),
  tune: optional(fc.record({ most: fc.constantFrom(1, 2), maxJobs: fc.constantFrom(2, 3), parallel: fc.constantFrom(1, 2), tag, followsTrain: fc.boolean() })),
  transform: optional(fc.record({ of: fc.constantFrom('train', 'train', 'tune'), input: fc.constantFrom('one/', 'two/'), tag, name: fc.constantFrom('Scores', 'Scores', 'Answers') })),
  loose: optional(fc.record({ epochs: fc.constantFrom(1, 2), tag })),
  processing: optional(fc.record({ share: fc.constantFrom('0.1', '0.2'), tag })),
}) as fc.Arbitrary<Wanted>;

/** Defines such a stack. */
export function define({ train, finetune, tune, transform, loose, processing }: Wanted): (stack: Stack) => void {
  return (stack) => {
    const image = ContainerImage.fromUri(IMAGE);
    const capacity = Capacity.onDemand({ instanceType: train.instanceType });
    const small = Capacity.onDemand({ instanceType: 'ml.m5.large' });
    const data = new Bucket(stack, train.bucket);
    const metrics = [Metric.regex('accuracy', 'accuracy=([0-9.]+)')];
    const tagged = <T extends TrainingJob | HyperparameterTuningJob | ProcessingJob>(job: T, value: string | undefined) => {
      if (value !== undefined) { Tags.of(job).add('team', value); }
      return job;
    };
    const training = tagged(new TrainingJob(stack, 'Train', {
      algorithm: Algorithm.image(image), hyperparameters: Hyperparameters.of({ epochs: train.epochs }), capacity, metrics, maxRuntime: Duration.minutes(train.minutes),
      inputs: { train: DataSource.fromBucket(data, 'train/', { revision: train.dataRevision }) },
      ...train.retrain === undefined ? { revision: train.revision } : { retrain: Retrain.manual(train.retrain) },
      acceptTimeLimit: train.acceptTimeLimit,
    }), train.tag);
    if (finetune !== undefined) {
      const [model, metric] = ['model', 'metric'].map((what) => [what, 'both'].includes(finetune.follows));
      tagged(new TrainingJob(stack, 'Finetune', {
        algorithm: Algorithm.image(image), capacity: small,
        hyperparameters: Hyperparameters.of({ rate: finetune.rate, ...metric ? { before: training.metric('accuracy') } : {} }),
        ...model ? { inputs: { model: DataSource.fromModelData(training.modelData) } } : {},
      }), finetune.tag);
    }
    const tuning = tune && tagged(new HyperparameterTuningJob(stack, 'Tune', {
      definition: {
        algorithm: Algorithm.image(image), capacity: small, metrics, objective: Objective.maximize('accuracy'), ranges: { rate: ParameterRange.continuous(0, tune.most) },
        ...tune.followsTrain ? { inputs: { model: DataSource.fromModelData(training.modelData) } } : {},
      },
      maxJobs: tune.maxJobs, maxParallelJobs: tune.parallel,
    }), tune.tag);
    if (transform !== undefined) {
      const model = (transform.of === 'tune' && tuning || training).toModel('Model', { image });
      const job = model.transform(transform.name, { input: DataSource.fromBucket(data, transform.input), instanceType: 'ml.m5.large', output: OutputLocation.stackBucket() });
      if (transform.tag !== undefined) { Tags.of(job).add('team', transform.tag); }
    }
    if (loose !== undefined) {
      tagged(new TrainingJob(stack, 'Loose', { algorithm: Algorithm.image(image), capacity: small, hyperparameters: Hyperparameters.of({ epochs: loose.epochs }), completion: Completion.started() }), loose.tag);
    }
    if (processing !== undefined) {
      tagged(new ProcessingJob(stack, 'Prepare', { image, arguments: ['--share', processing.share], capacity: small }), processing.tag);
    }
  };
}
