import {
  Algorithm, Capacity, Checkpoints, DataSource, Framework, HyperparameterTuningJob, Hyperparameters, Metric, ModelData, Objective, OutputLocation, ParameterRange, ScalingType, TuningStrategy, WarmStart,
} from 'cdk-sagemaker';
import { Duration, Size } from 'aws-cdk-lib/core';
import { on, s3, solo, src, type Place, type Twin } from '../recorded';
import { someAlgorithm } from './algorithms';

const { continuous, integer, categorical, auto } = ParameterRange;
const lr = { lr: continuous(0, 1) };
const framework = (at: Place, of: Framework, instanceType: string, ranges: { [name: string]: ParameterRange }, hyperparameters = {}, script = solo()) =>
  at.definition({ algorithm: Algorithm.framework(of, { script }), capacity: on(instanceType), hyperparameters: Hyperparameters.of(hyperparameters), ranges });
const named = (at: Place, name: string) => HyperparameterTuningJob.fromHyperparameterTuningJobName(at.stack, name, name);

export const TUNER: { readonly [name: string]: Twin } = {
  tuner_seed_example: (at) => at.tuning({ ranges: { 'learning-rate': continuous(0.05, 0.06) } }, { maxJobs: 100, maxParallelJobs: 10 }),
  tuner_explicit_job_name: (at) => at.tuning({ ranges: lr }),
  tuner_all_ranges: (at) => at.tuning({
    objective: Objective.minimize('validation-accuracy'),
    ranges: {
      'learning-rate': continuous(0.0001, 0.1, { scaling: ScalingType.LOGARITHMIC }),
      'momentum': continuous(0.1, 0.9, { scaling: ScalingType.REVERSE_LOGARITHMIC }),
      'layers': integer(1, 10, { scaling: ScalingType.LINEAR }),
      'units': integer(16, 512),
      'opt': categorical('sgd', 'adam'),
      'bs': categorical(32, 64, 128),
      'single': categorical('one'),
    },
  }, { strategy: TuningStrategy.random(), maxJobs: 20, maxParallelJobs: 3 }),
  tuner_autotune: (at) => at.tuning({ ranges: { ...lr, 'epochs': auto(10), 'learning-rate': auto(0.01) } }, { autotune: true, maxJobs: 5 }),
  tuner_grid: (at) => at.tuning({ ranges: { opt: categorical('sgd', 'adam') } }, { strategy: TuningStrategy.grid(), maxJobs: 2 }),
  tuner_hyperband: (at) => at.tuning({ ranges: lr }, { strategy: TuningStrategy.hyperband({ minResource: 1, maxResource: 27 }), maxJobs: 10 }),
  tuner_instance_configs: (at) => at.tuning({
    ranges: lr,
    inputs: { train: s3('s3://my-bucket/t') },
    capacity: Capacity.instancePreferences([{ instanceType: 'ml.m4.2xlarge' }, { instanceType: 'ml.m4.4xlarge', volumeSize: Size.gibibytes(40) }]),
  }, { maxJobs: 4 }),
  tuner_estimator_options: (at) => at.tuning({
    ranges: lr,
    capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', instanceCount: 2, volumeSize: Size.gibibytes(50), volumeKey: at.key('vk'), maxWait: Duration.hours(2) }),
    maxRuntime: Duration.hours(1),
    maxRetries: 2,
    hyperparameters: undefined,
    output: OutputLocation.fromBucket(at.bucket('out'), 'p', { encryptionKey: at.key('ok') }),
    ...at.network(['subnet-1'], ['sg-1']),
    encryptInterContainerTraffic: true,
    networkIsolation: true,
    checkpoints: Checkpoints.fromBucket(at.bucket('points'), 'k', { localPath: '/opt/ml/checkpoints' }),
    environment: { A: 'B' },
    inputs: {
      train: s3('s3://my-bucket/train'), test: s3('s3://my-bucket/test'), model: DataSource.fromModelData(ModelData.fromS3Uri('s3://models/model.tar.gz')),
    },
  }),
  tuner_pytorch: (at) => at.tuning(framework(at, Framework.pytorch('2.1', { pyVersion: 'py310' }), 'ml.p3.2xlarge', {
    'lr': continuous(0.001, 0.1), 'opt': categorical('sgd', 'adam'), 'batch-size': categorical(32, 64), 'layers': integer(1, 3),
  }, { epochs: 5, name: 'n', lr: 0.1 }, src()), { maxJobs: 4, maxParallelJobs: 2 }),
  tuner_sklearn: (at) => at.tuning(framework(at, Framework.sklearn('1.2-1'), 'ml.m5.xlarge', { 'n-estimators': integer(10, 100) }), { maxJobs: 4, maxParallelJobs: 2 }),
  tuner_tensorflow: (at) => at.tuning(framework(at, Framework.tensorflow('2.3.0', { pyVersion: 'py37' }), 'ml.c5.xlarge', { lr: continuous(0.001, 0.1) })),
  tuner_algorithm_estimator: (at) => at.tuning({
    algorithm: someAlgorithm(), hyperparameters: undefined, metrics: undefined, ranges: lr, inputs: { training: s3('s3://my-bucket/t') },
  }, { maxJobs: 2 }),
  tuner_multi_algorithm: (at) => new HyperparameterTuningJob(at.stack, 'Tune', {
    definitions: {
      'alg-b': {
        ...framework(at, Framework.pytorch('2.1', { pyVersion: 'py310' }), 'ml.p3.2xlarge', { opt: categorical('sgd', 'adam') }),
        inputs: { train: s3('s3://my-bucket/b') }, metrics: [Metric.regex('val', 'val=(.*)')], objective: Objective.minimize('val'),
      },
      'alg-a': at.definition({
        hyperparameters: Hyperparameters.of({ x: 1 }), ranges: { lr: continuous(0.1, 0.2) }, inputs: { training: s3('s3://my-bucket/a') },
        metrics: [Metric.regex('acc', 'acc=(.*)')], objective: Objective.minimize('acc'),
      }),
    },
    maxJobs: 10,
    maxParallelJobs: 2,
    earlyStopping: true,
  }),
  tuner_warm_start_identical: (at) => at.tuning({ ranges: lr }, { warmStart: WarmStart.identicalDataAndAlgorithm(named(at, 'parent-job')) }),
  tuner_warm_start_transfer: (at) => at.tuning({ ranges: lr }, { warmStart: WarmStart.transferLearning(named(at, 'parent-job')) }),
  tuner_warm_start_from_parent: (at) => {
    const definition = { ranges: lr, inputs: { training: s3('s3://my-bucket/t') } };
    const parent = at.tuning(definition, { maxJobs: 4 }, 'Parent');
    at.tuning({ ...definition, metrics: undefined }, { maxJobs: 4, warmStart: WarmStart.identicalDataAndAlgorithm(parent) });
  },
};
