import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Size, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, Checkpoints, ContainerImage, DataDistribution, DataSource, DebugHook, Framework, Hyperparameters, InputMode, Metric, ModelDir, Objective, OutputCompression, OutputLocation, ParameterRange, Profiler,
  ScalingType, Script, TrainingJob, TuningStrategy, HyperparameterTuningJob, type TrainingJobProps,
} from 'cdk-sagemaker';
import * as fc from 'fast-check';
import { written } from '../../lib/from-job';
import { comparable, IMAGES, requestsOf, stackOf } from '../support/from-job';
import { TARGET } from './fixtures';

jest.setTimeout(240_000);

const text = fc.string({ minLength: 1, maxLength: 12 }).filter((each) => !each.includes('${'));
const json: fc.Arbitrary<unknown> = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean(), text, fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', 'it\'s'), text, { maxKeys: 2 }));
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const key = fc.stringMatching(/^[a-z]{1,5}(\/[a-z]{1,4}){0,2}\/?$/);
const optional = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: undefined });

const runs = fc.record({
  how: fc.constantFrom('image', 'pytorch', 'tensorflow', 'sklearn', 'script' as const),
  hyperparameters: fc.dictionary(name, json, { maxKeys: 4 }),
  spot: fc.boolean(), volume: optional(fc.integer({ min: 1, max: 500 })), seconds: fc.integer({ min: 60, max: 20_000 }), isEncrypted: fc.boolean(),
  channels: fc.dictionary(name, fc.record({ prefix: key, mode: optional(fc.constantFrom(InputMode.FILE, InputMode.FAST_FILE)), type: optional(fc.constantFrom('text/csv', 'x/y')), sharded: fc.boolean() }), { maxKeys: 3 }),
  environment: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,6}$/), text, { maxKeys: 2 }), retries: optional(fc.integer({ min: 1, max: 30 })),
  output: key, compression: optional(fc.constantFrom(OutputCompression.NONE, OutputCompression.GZIP)), checkpoints: optional(key), metrics: fc.uniqueArray(name, { maxLength: 2 }),
  modelDir: fc.constantFrom('usual', 'none', 'container', 'bucket'), hook: fc.boolean(), profiler: optional(fc.constantFrom(200, 1000, 60_000)), isIsolated: fc.boolean(), isChatty: fc.boolean(),
});
type Run = typeof runs extends fc.Arbitrary<infer T> ? T : never;

/** Props of a job, whatever they are. */
function propsOf(stack: Stack, run: Run): TrainingJobProps {
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'some-bucket');
  const script = Script.fromBucket(bucket, 'code/sourcedir.tar.gz', { entryPoint: 'train.py' });
  const modelDir = { usual: undefined, none: ModelDir.none(), container: ModelDir.inContainer('/opt/ml/m'), bucket: ModelDir.fromBucket(bucket, 'running') }[run.modelDir];
  const image = ContainerImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1');
  const algorithm = {
    image: () => Algorithm.image(image), script: () => Algorithm.image(image, { script }),
    pytorch: () => Algorithm.framework(Framework.pytorch('2.1.0'), { script }), tensorflow: () => Algorithm.framework(Framework.tensorflow('2.19.0'), { script, modelDir }),
    sklearn: () => Algorithm.framework(Framework.sklearn('1.2-1'), { script }),
  }[run.how as 'image']();
  const maxRuntime = Duration.seconds(run.seconds);
  const volumeKey = run.isEncrypted ? Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/abc') : undefined;
  const instances = { instanceType: 'ml.m5.xlarge', volumeSize: run.volume === undefined ? undefined : Size.gibibytes(run.volume), volumeKey };
  return {
    algorithm, maxRuntime, capacity: run.spot ? Capacity.spot({ ...instances, maxWait: Duration.seconds(run.seconds + 60) }) : Capacity.onDemand(instances),
    hyperparameters: Hyperparameters.of(run.hyperparameters), environment: run.environment, maxRetries: run.retries, role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/some/path/R'),
    inputs: Object.fromEntries(Object.entries(run.channels).map(([channel, { prefix, mode, type, sharded }]) => [channel, DataSource.fromBucket(bucket, prefix, { inputMode: mode, contentType: type, distribution: sharded ? DataDistribution.SHARDED_BY_S3_KEY : undefined })])),
    output: OutputLocation.fromBucket(bucket, run.output, { compression: run.compression, encryptionKey: volumeKey }), checkpoints: run.checkpoints === undefined ? undefined : Checkpoints.fromBucket(bucket, run.checkpoints),
    metrics: run.metrics.map((metric) => Metric.regex(metric, `${metric}=(.*)`)), networkIsolation: run.isIsolated ? true : undefined, encryptInterContainerTraffic: run.isChatty ? true : undefined,
  };
}

const comparableOf = (stack: Stack) => requestsOf(stack).map(({ kind, request }) => ({ kind, request: comparable(request) }));
const again = (stack: Stack) => stackOf(written(requestsOf(stack).map(({ kind, request }) => ({ kind, request })), IMAGES, TARGET).code, TARGET);
const stackFor = () => new Stack(new App(), 'S', { env: TARGET });

test('whatever a training job is made of, its request makes a program that asks for the same', () => {
  fc.assert(fc.property(runs, (run) => {
    const stack = stackFor();
    new TrainingJob(stack, 'Job', {
      ...propsOf(stack, run), debugHook: run.hook ? DebugHook.toOutput({ collections: { losses: { a: 'b' } } }) : undefined,
      profiler: run.profiler === undefined ? undefined : Profiler.toOutput({ interval: Duration.millis(run.profiler) }),
    });
    expect(comparableOf(again(stack))).toEqual(comparableOf(stack));
  }), { numRuns: 25 });
});

const choices = fc.record({
  ranges: fc.dictionary(name, fc.oneof(
    fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 10, max: 99 })).map(([min, max]) => ParameterRange.integer(min, max)),
    fc.tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 2, max: 9, noNaN: true })).map(([min, max]) => ParameterRange.continuous(min, max, { scaling: ScalingType.LOGARITHMIC })),
    fc.uniqueArray(fc.oneof(text, fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3, selector: String }).map((values) => ParameterRange.categorical(...values)),
  ), { minKeys: 1, maxKeys: 3 }),
  jobs: fc.integer({ min: 1, max: 50 }), parallel: fc.integer({ min: 1, max: 10 }), isRandom: fc.boolean(), stopsEarly: fc.boolean(),
});

test('whatever a tuning job searches, its request makes a program that asks for the same', () => {
  fc.assert(fc.property(runs, choices, (run, { ranges, jobs, parallel, isRandom, stopsEarly }) => {
    const stack = stackFor();
    const { hyperparameters: _names, ...props } = propsOf(stack, { ...run, metrics: ['loss'], hyperparameters: {} });
    new HyperparameterTuningJob(stack, 'Job', {
      definition: { ...props, objective: Objective.minimize('loss'), ranges }, maxJobs: Math.max(jobs, parallel), maxParallelJobs: parallel, strategy: isRandom ? TuningStrategy.random() : undefined, earlyStopping: stopsEarly,
    });
    expect(comparableOf(again(stack))).toEqual(comparableOf(stack));
  }), { numRuns: 15 });
});
