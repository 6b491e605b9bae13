import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aws, CfnParameter, Duration, Lazy, Size, type Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, DataSource, Metric, OutputLocation, Profiler, Retrain, TrainingJob, Variant, EndpointConfig, Model, ContainerImage } from 'cdk-sagemaker';
import { bucketNamed, emptyStack, IMAGE_URI, jobOf, jobTemplate, trainingIn, trainingProps } from '../support/stacks';

/** What a program in JavaScript may pass. */
const given = (props: object) => () => trainingIn(emptyStack(), props as never);
const type = 'ml.m5.large';

describe('a prop of another kind is refused by name', () => {
  test.each<[string, object, string]>([
    ['no capacity', { capacity: undefined }, 'Stack/Train: capacity must be a Capacity, got undefined'],
    ['no algorithm', { algorithm: undefined }, 'Stack/Train: algorithm must be an Algorithm, got undefined'],
    ['an instance type for a capacity', { capacity: type }, 'capacity must be a Capacity, got ml.m5.large'],
    ['an image for an algorithm', { algorithm: 'image' }, 'algorithm must be an Algorithm, got image'],
    ['an address for data', { inputs: { train: 's3://b/x' } }, 'inputs.train must be a DataSource, got s3://b/x'],
    ['nothing for data', { inputs: { train: null } }, 'inputs.train must be a DataSource, got undefined'],
    ['a list of data', { inputs: [DataSource.fromS3Uri('s3://b/x')] }, 'inputs must be a map of DataSource by channel'],
    ['seconds for a duration', { maxRuntime: 3600 }, 'maxRuntime must be a Duration, got 3600'],
    ['seconds for a wait', { capacity: Capacity.spot({ instanceType: type, maxWait: 3600 as never }) }, 'capacity.maxWait must be a Duration, got 3600'],
    ['a number for a size', { capacity: Capacity.onDemand({ instanceType: type, volumeSize: 30 as never }) }, 'capacity.volumeSize must be a Size, got 30'],
    ['an ARN for a key', { capacity: Capacity.onDemand({ instanceType: type, volumeKey: 'arn' as never }) }, 'capacity.volumeKey must be a key (Key.fromKeyArn makes one of an ARN), got arn'],
    ['a number for an instance type', { capacity: Capacity.onDemand({ instanceType: 5 as never }) }, 'capacity.instanceType must be text, got 5'],
    ['a key for an encryption', { encryption: { keyArn: 'arn' } }, 'encryption must be an Encryption, for instance Encryption.withKey(key), got {"keyArn":"arn"}'],
    ['a list of secrets', { secrets: [] }, 'secrets must be a map of secrets by variable, got []'],
    ['an ARN for a role', { role: 'arn' }, 'role must be a role (Role.fromRoleArn makes one of an ARN), got arn'],
    ['values for hyperparameters', { hyperparameters: { epochs: 3 } }, 'hyperparameters must be Hyperparameters, for instance Hyperparameters.of({ epochs: 3 }), got {"epochs":3}'],
    ['a map of metrics', { metrics: { a: 'b' } }, 'metrics must be a list of Metric, got {"a":"b"}'],
    ['a metric of one\'s own', { metrics: [{ name: 'a', regex: '(b)' }] }, 'metrics[0] must be a Metric'],
    ['text for a boolean', { networkIsolation: 'false' }, 'networkIsolation must be true or false, got false'],
    ['a token for a boolean', { remoteDebug: Aws.REGION }, 'remoteDebug must be true or false, got a value known at deployment'],
    ['a number for a variable', { environment: { A: 1 } }, 'environment.A must be text, got 1'],
    ['nothing for a variable', { environment: { A: null } }, 'environment.A must be text'],
    ['a number for a revision', { revision: 3 }, 'revision must be text, got 3'],
    ['text for retries', { maxRetries: '3' }, 'maxRetries must be a number, got 3'],
    ['an adoption of nothing', { adopt: {} }, 'adopt.name must be text, got undefined'],
    ['overrides in a list', { overrides: [] }, 'overrides must be a structure, got []'],
    ['a rule by its image', { debugRules: { loss: 'image' } }, 'debugRules.loss must be a MonitoringRule, got image'],
    ['a manual revision of nothing', { retrain: Retrain.manual(undefined as never) }, 'retrain must have 1 to 256 characters, got 0 characters'],
    ['a manual revision that is a number', { retrain: Retrain.manual(3 as never) }, 'retrain must be a revision: text, got 3'],
    ['spot capacity without a wait', { capacity: Capacity.spot({ instanceType: type } as never) }, 'capacity.maxWait must be given for spot capacity'],
    ['an empty revision of data', { inputs: { train: DataSource.fromS3Uri('s3://b/x', { revision: '' }) } }, 'inputs.train.revision must have 1 to 256 characters'],
    ['a number for a revision of data', { inputs: { train: DataSource.fromS3Uri('s3://b/x', { revision: 3 as never }) } }, 'inputs.train.revision must be text, got 3'],
    ['a long revision of data', { inputs: { train: DataSource.fromS3Uri('s3://b/x', { revision: 'x'.repeat(257) }) } }, 'inputs.train.revision must have 1 to 256 characters, got 257'],
    ['an image that is none', { algorithm: Algorithm.image('image' as never) }, 'Stack/Train: algorithm must be made of what its factory takes (this.image.bind is not a function)'],
    ['an algorithm of nothing', { algorithm: Algorithm.image(undefined as never) }, 'Stack/Train: algorithm must be made of what its factory takes'],
    ['data in a bucket by its name', { inputs: { train: DataSource.fromBucket('bucket' as never, 'x') } }, 'Stack/Train: inputs.train must be made of what its factory takes'],
    ['an output in a bucket by its name', { output: OutputLocation.fromBucket('bucket' as never, 'x') }, 'Stack/Train: output must be made of what its factory takes'],
  ])('%s', (_what, props, message) => expect(given(props)).toThrow(message));

  test('no props at all', () => expect(() => new TrainingJob(emptyStack(), 'Train', undefined as never)).toThrow('Stack/Train: props must be given, got undefined'));

  test('a construct, which has no text', () => {
    const stack = emptyStack();
    expect(() => trainingIn(stack, { algorithm: new Bucket(stack, 'Bucket') as never })).toThrow('algorithm must be an Algorithm, got a Bucket');
    expect(() => trainingIn(emptyStack(), { maxRetries: 5n as never })).toThrow('maxRetries must be a number, got 5');
  });

  test('a variant without an instance type', () => {
    const stack = emptyStack();
    const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
    expect(() => new EndpointConfig(stack, 'Config', { variants: { one: Variant.onInstances(model, {} as never) } })).toThrow('Stack/Config: variants.one.instanceType must be given, or instancePools, got undefined');
  });
});

test('a capacity has what its kind has, and no more', () => {
  const { Request } = jobOf(jobTemplate(() => ({ capacity: Capacity.onDemand({ instanceType: type, maxWait: Duration.hours(3) } as never) })));
  expect(Request).not.toHaveProperty('EnableManagedSpotTraining');
  expect(Request.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 3600 });
  expect(Capacity.instanceGroups({ groups: {}, keepAlive: Duration.hours(1) } as never).config.keepAlive).toBeUndefined();
});

describe('a value known at deployment', () => {
  const later = (stack: Stack) => new CfnParameter(stack, 'Later', { type: 'Number' }).valueAsNumber;
  const known = 'where its value is known only at deployment, got a value known at deployment';

  test.each<[string, (stack: Stack) => object, string]>([
    ['maxRuntime', (stack) => ({ maxRuntime: Duration.minutes(later(stack)) }), 'Stack/Train: maxRuntime must be made by Duration.seconds'],
    ['capacity.volumeSize', (stack) => ({ capacity: Capacity.onDemand({ instanceType: type, volumeSize: Size.mebibytes(later(stack)) }) }), 'Stack/Train: capacity.volumeSize must be made by Size.gibibytes'],
    ['profiler.interval', (stack) => ({ profiler: Profiler.toBucket(bucketNamed(stack, 'profile'), 'p/', { interval: Duration.seconds(later(stack)) }) }), 'Stack/Train: profiler.interval must be made by Duration.millis'],
  ])('is in the unit that the service counts in: %s', (_prop, props, message) => {
    const stack = emptyStack();
    expect(() => trainingIn(stack, props(stack))).toThrow(`${message} ${known}`);
  });

  test('passes for numbers and texts', () => {
    const stack = emptyStack();
    expect(() => new TrainingJob(stack, 'Train', trainingProps({
      maxRetries: later(stack), environment: { A: Aws.REGION }, metrics: [Metric.regex('a', Lazy.string({ produce: () => 'x' }))], revision: Aws.STACK_ID,
    }))).not.toThrow();
  });
});
