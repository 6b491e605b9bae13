import { Aws, Duration, Lazy, Size, type Stack } from 'aws-cdk-lib/core';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Algorithm, Capacity, Checkpoints, Completion, ContainerImage, DataSource, DebugHook, Hyperparameters, InputCompression, InputMode, Metric, OutputLocation, RecordWrapper, Retrain, Script,
  type TrainingJobProps,
} from 'cdk-sagemaker';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketNamed, emptyStack, IMAGE_URI, jobTemplate, trainingIn, warnings } from '../support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const many = <T>(count: number, entry: (index: number) => [string, T]) => Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
const data = DataSource.fromS3Uri('s3://bucket/data');
const script = Script.fromDirectory(join(__dirname, '..', 'support', 'source'), { entryPoint: 'train.py' });
const spot = (maxWait: Duration) => Capacity.spot({ instanceType: 'ml.m5.large', maxWait });

describe('limits of a training job', () => {
  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['a runtime above 28 days', { maxRuntime: Duration.days(29) }, 'Stack/Train: maxRuntime must be between 1 second and 28 days, got 29 days'],
    ['no runtime at all', { maxRuntime: Duration.seconds(0) }, 'maxRuntime must be between'],
    ['parts of a second', { maxRuntime: Duration.millis(1500) }, 'maxRuntime must be a whole number of seconds'],
    ['a wait shorter than the run', { capacity: spot(Duration.minutes(30)) }, 'capacity.maxWait must be at least the maximum run time, which is 1 hour, got 30 minutes'],
    ['spot by override without a wait', { overrides: { EnableManagedSpotTraining: true } }, 'capacity.maxWait must be given for spot'],
    ['a warm pool of spot capacity', { capacity: spot(Duration.hours(2)), overrides: { ResourceConfig: { KeepAlivePeriodInSeconds: 60 } } }, 'must be left out for spot capacity'],
    ['a warm pool above 6 hours', { overrides: { ResourceConfig: { KeepAlivePeriodInSeconds: 30000 } } }, 'overrides.ResourceConfig.KeepAlivePeriodInSeconds must be between 0 seconds and 6 hours, got 500 minutes'],
    ['no instance', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', instanceCount: 0 }) }, 'capacity.instanceCount must be a whole number between 1'],
    ['half an instance', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', instanceCount: 1.5 }) }, 'capacity.instanceCount must be a whole number'],
    ['an instance type of EC2', { capacity: Capacity.onDemand({ instanceType: 'm5.large' }) }, 'capacity.instanceType must be an instance type of SageMaker'],
    ['a volume of nothing', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeSize: Size.gibibytes(0) }) }, 'capacity.volumeSize must be a whole number between 1'],
    ['21 channels', { inputs: many(21, (i) => [`c${i}`, data]) }, 'inputs must have 1 to 20 entries, got 21'],
    ['20 channels and a code channel', { inputs: many(20, (i) => [`c${i}`, data]), networkIsolation: true, algorithm: Algorithm.image(image, { script }) }, 'inputs must have 1 to 20 entries, got 21'],
    ['a channel of the name of the code channel', { inputs: { code: data }, networkIsolation: true, algorithm: Algorithm.image(image, { script }) }, 'leave the name code to the script'],
    ['an odd name of a channel', { inputs: { 'my data': data } }, 'inputs.my data must be named with'],
    ['compressed files', { inputs: { train: DataSource.fromS3Uri('s3://b/c', { compression: InputCompression.GZIP }) } }, 'inputs.train.compression must be left out unless the channel is a pipe'],
    ['wrapped fast files', { algorithm: Algorithm.image(image, { inputMode: InputMode.FAST_FILE }), inputs: { train: DataSource.fromS3Uri('s3://b/c', { recordWrapper: RecordWrapper.RECORD_IO }) } }, 'inputs.train.recordWrapper must be left out unless the channel is a pipe'],
    ['data that are not in S3', { inputs: { train: DataSource.fromS3Uri('https://b/c') } }, 'inputs must have data at s3://bucket/prefix, got https://b/c'],
    ['101 hyperparameters', { hyperparameters: Hyperparameters.of(many(101, (i) => [`h${i}`, i])) }, 'hyperparameters must have 0 to 100 entries, got 101'],
    ['96 hyperparameters and those of a script', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of(many(96, (i) => [`h${i}`, i])) }, 'got 101'],
    ['a long hyperparameter', { hyperparameters: Hyperparameters.of({ a: 'x'.repeat(2501) }) }, 'hyperparameters.a must have at most 2500 characters'],
    ['a hyperparameter of two lines', { hyperparameters: Hyperparameters.of({ a: 'x\ny' }) }, 'hyperparameters.a must be a single line'],
    ['a hyperparameter that is no value', { hyperparameters: Hyperparameters.of({ a: new Date(0) }) }, 'hyperparameters.a must be text, a number'],
    ['101 variables', { environment: many(101, (i) => [`V${i}`, 'x']) }, 'environment must have 0 to 100 entries'],
    ['an odd variable', { environment: { '1A': 'x' } }, 'environment: the name 1A must be of 1 to 512'],
    ['a long variable', { environment: { A: 'x'.repeat(513) } }, 'environment.A must have at most 512 characters'],
    ['31 retries', { maxRetries: 31 }, 'maxRetries must be a whole number between 1 and 30, got 31'],
    ['no retries, said so', { maxRetries: 0 }, 'maxRetries must be a whole number between 1 and 30, got 0'],
    ['41 metrics', { metrics: Array.from({ length: 41 }, (_, i) => Metric.regex(`m${i}`, 'x')) }, 'metrics must have 0 to 40 entries'],
    ['two metrics of one name', { metrics: [Metric.regex('a', 'x'), Metric.regex('a', 'y')] }, 'metrics must be unique, got a twice'],
    ['a metric without a name', { metrics: [Metric.regex('', 'x')] }, 'metrics[0].name must have 1 to 255 characters'],
    ['an empty command', { algorithm: Algorithm.image(image, { entrypoint: [] }) }, 'algorithm.entrypoint must have 1 to 100 entries'],
    ['a long argument', { algorithm: Algorithm.image(image, { arguments: ['x'.repeat(257)] }) }, 'algorithm.arguments[0] must have at most 256 characters'],
    ['two revisions', { revision: 'a', retrain: Retrain.manual('b') }, 'revision must be left out with Retrain.manual'],
    ['an empty revision', { revision: '' }, 'revision must have 1 to 256 characters'],
    ['a wait of no time', { completion: Completion.finished({ within: Duration.seconds(5) }) }, 'completion.within must be between 1 minute and 18 days'],
    ['a program that is not the script\'s', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of({ sagemaker_program: 'other.py' }) }, 'hyperparameters.sagemaker_program must be left out: use the prop algorithm.script, got other.py'],
    ['code that is not the script\'s', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of({ sagemaker_submit_directory: 's3://b/c' }) }, 'hyperparameters.sagemaker_submit_directory must be left out: use the prop algorithm.script'],
    ['a level of the log without its prop', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of({ sagemaker_container_log_level: 10 }) }, 'hyperparameters.sagemaker_container_log_level must be left out: use the prop algorithm.logLevel, got 10'],
    ['a region of the script', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of({ sagemaker_region: 'x' }) }, 'hyperparameters.sagemaker_region must be left out: it is the Region of the stack'],
    ['a name of the job in the script', { algorithm: Algorithm.image(image, { script }), hyperparameters: Hyperparameters.of({ sagemaker_job_name: 'x' }) }, 'hyperparameters.sagemaker_job_name must be left out: the name follows from what the job runs'],
    ['an output below a slash', { output: OutputLocation.fromBucket(bucketNamed(emptyStack(), 'out-bucket'), '/out') }, 'output must be a URI of S3 with single slashes'],
    ['a job of an odd name to adopt', { adopt: { name: 'my_job' } }, 'adopt.name must be the name of a job'],
  ])('rejects %s', (_what, props, message) => {
    expect(() => jobTemplate(() => props)).toThrow(message);
  });

  test('rejects a hyperparameter that the algorithm sets', () => {
    class Own extends Algorithm {
      public readonly containerImage?: ContainerImage;
      public readonly script?: Script;
      public bind() { return { algorithmName: 'own', hyperparameters: { sagemaker_mpi_enabled: 'true' } }; }
    }
    const hyperparameters = Hyperparameters.of({ sagemaker_mpi_enabled: false });
    expect(() => jobTemplate(() => ({ algorithm: new Own(), hyperparameters }))).toThrow('Stack/Train: hyperparameters.sagemaker_mpi_enabled must be left out: the algorithm sets it, got false');
    expect(() => jobTemplate(() => ({ hyperparameters: Hyperparameters.of({ sagemaker_program: 'mine' }) }))).not.toThrow();
  });

  test.each<[string, (bucket: Bucket) => Partial<TrainingJobProps>, string]>([
    ['data', (bucket) => ({ inputs: { train: DataSource.fromBucket(bucket, '/train/') } }), 'Stack/Train: inputs.train: the URI must be a URI of S3 with single slashes'],
    ['output', (bucket) => ({ output: OutputLocation.fromBucket(bucket, 'a//b') }), 'output must be'],
    ['checkpoints', (bucket) => ({ checkpoints: Checkpoints.fromBucket(bucket, '/out') }), 'checkpoints must be'],
    ['tensors', (bucket) => ({ debugHook: DebugHook.toBucket(bucket, '/out') }), 'debugHook must be'],
  ])('rejects %s behind two slashes in a bucket whose name is known later', (_what, props, message) => {
    expect(() => jobTemplate((stack) => props(new Bucket(stack, 'Bucket')))).toThrow(message);
  });

  test('lets tokens pass', () => {
    expect(() => jobTemplate(() => ({
      maxRuntime: Duration.seconds(Lazy.number({ produce: () => 5 })),
      completion: Completion.finished({ within: Duration.hours(1) }),
      capacity: Capacity.onDemand({ instanceType: Aws.REGION, instanceCount: Lazy.number({ produce: () => 0 }) }),
      hyperparameters: Hyperparameters.of({ bucket: Aws.STACK_NAME }),
      environment: { REGION: Aws.REGION },
    }))).not.toThrow();
  });

  test('asks for a wait when the run time is known only at deployment', () => {
    expect(() => jobTemplate(() => ({ maxRuntime: Duration.seconds(Lazy.number({ produce: () => 5 })) }))).toThrow('completion must be given with within');
  });
});

describe('risks of a training job', () => {
  const warningsOf = (props: (stack: Stack) => Partial<TrainingJobProps>) => {
    const stack = emptyStack();
    trainingIn(stack, props(stack));
    return warnings(stack).map((text) => /\[ack: ([^\]]+)\]/.exec(text)?.[1]);
  };

  test.each<[string, (stack: Stack) => Partial<TrainingJobProps>]>([
    ['spotWithoutCheckpoints', () => ({ capacity: spot(Duration.hours(1)) })],
    ['encryptionOfOneInstance', () => ({ encryptInterContainerTraffic: true })],
    ['longWait', () => ({ maxRuntime: Duration.hours(12) })],
    ['volumeKeyOnLocalStorage', (stack) => ({ capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge', volumeKey: new Key(stack, 'Key') }) })],
    ['unknownInstanceType', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.lagre' }) })],
    ['pendingTimeOfPlainInstances', () => ({ maxPending: Duration.hours(1) })],
    ['placementWithoutUltraServers', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.p5.48xlarge', placement: { multipleJobs: true } }) })],
    ['longKeepAlive', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', keepAlive: Duration.hours(2) }) })],
    ['metricWithoutGroup', () => ({ metrics: [Metric.regex('loss', 'loss=[0-9.]+')] })],
    ['unreadableMetric', () => ({ metrics: [Metric.regex('loss', 'loss=([0-9.]+')] })],
    ['longHyperparameter', () => ({ hyperparameters: Hyperparameters.of({ a: 'x'.repeat(257) }) })],
  ])('are warned of by the id cdk-sagemaker:%s', (id, props) => {
    expect(warningsOf(props)).toEqual([`cdk-sagemaker:${id}`]);
    expect(readFileSync(join(__dirname, '..', '..', 'docs', 'limits.md'), 'utf8')).toContain(`| \`cdk-sagemaker:${id}\` |`);
  });

  test('are all documented, and none is that no code gives', () => {
    const folder = join(__dirname, '..', '..', 'lib');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('local')).map((file) => readFileSync(join(folder, file), 'utf8')).join();
    const given = [...sources.matchAll(/warn\('([a-zA-Z]+)'|(?:addWarningV2\(|warnInTheEnd\(\w+, )'cdk-sagemaker:([a-zA-Z]+)'/g)].map(([, short, long]) => short ?? long);
    const documented = [...readFileSync(join(folder, '..', 'docs', 'limits.md'), 'utf8').matchAll(/^\| `cdk-sagemaker:([a-zA-Z]+)`/gm)].map(([, id]) => id);
    expect([...new Set(given)].sort()).toEqual(documented.sort());
  });

  test.each(['loss=(.*)', '(?i)loss=(.*)', 'loss=(?P<value>.*)', String.raw`\[loss\] ([0-9\.]+)`])('are none for the metric %s', (regex) => {
    expect(warningsOf(() => ({ metrics: [Metric.regex('loss', regex)] }))).toEqual([]);
  });

  test('of an unknown instance type name the known ones of its family', () => {
    const stack = emptyStack();
    trainingIn(stack, { capacity: Capacity.onDemand({ instanceType: 'ml.m5.lagre' }) });
    expect(warnings(stack).join()).toContain('ml.m5 is known as ml.m5.12xlarge, ml.m5.24xlarge');
  });

  test('are not warned of where there are none', () => {
    expect(warningsOf((stack) => ({
      capacity: Capacity.spot({ instanceType: 'ml.m5.large', instanceCount: 2, maxWait: Duration.hours(2), volumeKey: new Key(stack, 'Key') }),
      checkpoints: Checkpoints.fromBucket(bucketNamed(stack, 'points')),
      encryptInterContainerTraffic: true,
    }))).toEqual([]);
  });

  test('the warning of a long wait names the way around it', () => {
    const stack = emptyStack();
    trainingIn(stack, { maxRuntime: Duration.hours(20) });
    expect(warnings(stack).join()).toContain('RetrainingWorkflow');
  });
});
