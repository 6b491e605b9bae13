import { CfnParameter, Duration, Size } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Algorithm, AlgorithmHyperparameter, AlgorithmSpecification, Capacity, ContainerImage, DataSource, Hyperparameters, InputCompression, InputMode, Metric, type TrainingJobProps,
} from 'cdk-sagemaker';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { algorithmDescription, ALGORITHM_ARN, withoutDefault } from './support/algorithm';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, jobTemplate, only, trainingIn } from './support/stacks';

const SPECIFICATION = AlgorithmSpecification.fromDescription(algorithmDescription());
const PRODUCT = AlgorithmSpecification.fromDescription(algorithmDescription({}, { ProductId: 'prod-1' }));
const algorithm = (specification = SPECIFICATION, inputMode?: InputMode) => Algorithm.fromAlgorithmName(ALGORITHM_ARN, { specification, inputMode });

/** A job that the algorithm takes, and what a test changes. */
const LEGAL: Partial<TrainingJobProps> = {
  algorithm: algorithm(),
  capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge' }),
  inputs: { training: DataSource.fromS3Uri('s3://my-bucket/train') },
};
const propertiesOf = (props: Partial<TrainingJobProps> = {}) => jobOf(jobTemplate(() => ({ ...LEGAL, ...props })));
const requestOf = (props?: Partial<TrainingJobProps>) => propertiesOf(props).Request;
const refusal = (props: Partial<TrainingJobProps>) => {
  try {
    propertiesOf(props);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

describe('A job of a specified algorithm', () => {
  test('is asked for as the Python SDK asks, with the defaults of the algorithm', () => {
    expect(requestOf()).toMatchObject({
      AlgorithmSpecification: { TrainingInputMode: 'File', AlgorithmName: ALGORITHM_ARN },
      HyperParameters: { max_leaf_nodes: '100', mode: 'a' },
      ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.c4.xlarge' },
      InputDataConfig: [{ ChannelName: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/train', S3DataDistributionType: 'FullyReplicated' } } }],
    });
    expect(requestOf()).not.toHaveProperty('EnableNetworkIsolation');
  });

  test('is asked for as the Python SDK asks, with values of its own, metrics and spot capacity', () => {
    const request = requestOf({
      capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', instanceCount: 2, volumeSize: Size.gibibytes(50), maxWait: Duration.days(2) }),
      maxRuntime: Duration.days(1),
      hyperparameters: Hyperparameters.of({ max_leaf_nodes: 5, lr: 0.5, mode: 'b', free: 'text' }),
      metrics: [Metric.regex('m', 'm=(.*)')],
      inputs: { training: DataSource.fromS3Uri('s3://my-bucket/train'), validation: DataSource.fromS3Uri('s3://my-bucket/v', { contentType: 'text/csv' }) },
    });
    expect(request.HyperParameters).toEqual({ max_leaf_nodes: '5', lr: '0.5', mode: 'b', free: 'text' });
    expect(request.AlgorithmSpecification).toEqual({ TrainingInputMode: 'File', AlgorithmName: ALGORITHM_ARN, MetricDefinitions: [{ Name: 'm', Regex: 'm=(.*)' }] });
    expect(request.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 86400, MaxWaitTimeInSeconds: 172800 });
    expect(request.EnableManagedSpotTraining).toBe(true);
    expect(request.InputDataConfig[1]).toMatchObject({ ContentType: 'text/csv', ChannelName: 'validation' });
  });

  test('has values as their types are written', () => {
    expect(requestOf({ hyperparameters: Hyperparameters.of({ max_leaf_nodes: '007', lr: 1, free: [1, 'a', true] }) }).HyperParameters)
      .toEqual({ max_leaf_nodes: '7', lr: '1.0', mode: 'a', free: "[1, 'a', True]" });
  });

  test('of a product runs without a network by itself, and its model too', () => {
    expect(requestOf({ algorithm: algorithm(PRODUCT) }).EnableNetworkIsolation).toBe(true);
    expect(requestOf({ algorithm: algorithm(PRODUCT), networkIsolation: true }).EnableNetworkIsolation).toBe(true);
  });

  test('may pull the image of the algorithm, unless it is a product\'s', () => {
    const pulled = (specification: AlgorithmSpecification) => allowing(jobTemplate(() => ({ ...LEGAL, algorithm: algorithm(specification) })), 'TrainRole', 'ecr:BatchGetImage').map(({ Resource }) => flat(Resource));
    const described = (more = {}) => AlgorithmSpecification.fromDescription(algorithmDescription({ TrainingImage: IMAGE_URI }, more));
    const repository = ['arn:<AWS::Partition>:ecr:eu-west-1:123456789012:repository/my/image'];
    expect([pulled(described()), pulled(described({ ProductId: 'p' })), pulled(SPECIFICATION)]).toEqual([repository, [], []]);
    const said = AlgorithmSpecification.of({ instanceTypes: ['ml.c4.xlarge'], channels: { training: {} }, image: ContainerImage.fromUri(IMAGE_URI) });
    expect(pulled(said)).toEqual(repository);
  });

  test('knows the metrics of the algorithm', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, LEGAL);
    expect(() => job.metric('validation-accuracy')).not.toThrow();
    expect(() => job.metric('loss')).toThrow('Stack/Train: metric must be one of validation-accuracy, got loss');
    expect(only(Template.fromStack(stack), 'Custom::SageMakerJobOutcome').Properties.Metrics).toEqual({ 'Metric.validation.2daccuracy': 'validation-accuracy' });
  });

  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['an input mode', { algorithm: algorithm(SPECIFICATION, InputMode.PIPE) }, 'algorithm.inputMode must be File, which every channel of some-algorithm takes, got Pipe'],
    ['an instance type', { capacity: Capacity.onDemand({ instanceType: 'ml.p2.xlarge' }) }, 'capacity.instanceType must be one of ml.c4.xlarge, ml.m4.xlarge, on which some-algorithm runs, got ml.p2.xlarge'],
    ['several instances', { algorithm: algorithm(AlgorithmSpecification.fromDescription(algorithmDescription({ SupportsDistributedTraining: false }))), capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount: 2 }) }, 'capacity.instanceCount must be 1, for some-algorithm does not train on several instances, got 2'],
    ['an unknown hyperparameter', { hyperparameters: Hyperparameters.of({ nope: 1 }) }, 'hyperparameters: the name nope must be one that some-algorithm has: max_leaf_nodes, lr, mode, free, got nope'],
    ['a required hyperparameter left out', { algorithm: algorithm(AlgorithmSpecification.fromDescription(withoutDefault())) }, 'hyperparameters.max_leaf_nodes must be given, for some-algorithm requires it, got undefined'],
    ['a part of a whole number', { hyperparameters: Hyperparameters.of({ max_leaf_nodes: 5.7 }) }, 'hyperparameters.max_leaf_nodes must be a whole number for some-algorithm, got 5.7'],
    ['a truth for a number', { hyperparameters: Hyperparameters.of({ max_leaf_nodes: true }) }, 'hyperparameters.max_leaf_nodes must be a whole number for some-algorithm, got True'],
    ['a value out of range', { hyperparameters: Hyperparameters.of({ lr: 2 }) }, 'hyperparameters.lr must be between 0.0 and 1.0 for some-algorithm, got 2.0'],
    ['another word', { hyperparameters: Hyperparameters.of({ mode: 'z' }) }, 'hyperparameters.mode must be one of a, b for some-algorithm, got z'],
    ['an unknown channel', { inputs: { ...LEGAL.inputs, test: DataSource.fromS3Uri('s3://b/t') } }, 'inputs.test must be one of the channels of some-algorithm: training, validation, got test'],
    ['a required channel left out', { inputs: { validation: DataSource.fromS3Uri('s3://b/t') } }, 'inputs must have the channel training, which some-algorithm requires, got validation'],
    ['no channel at all', { inputs: undefined }, 'inputs must have the channel training, which some-algorithm requires, got none'],
    ['data of another type', { inputs: { training: DataSource.fromS3Uri('s3://b/t', { contentType: 'image/png' }) } }, 'inputs.training.contentType must be one of text/csv, which some-algorithm takes by this channel, got image/png'],
    ['a mode of one channel', { inputs: { training: DataSource.fromS3Uri('s3://b/t', { inputMode: InputMode.FAST_FILE }) } }, 'inputs.training.inputMode must be one of File, Pipe, which some-algorithm takes by this channel, got FastFile'],
    ['a product with a network', { algorithm: algorithm(PRODUCT), networkIsolation: false }, 'networkIsolation must be true, for some-algorithm is a product of AWS Marketplace'],
    ['what an override says', { overrides: { ResourceConfig: { InstanceType: 'ml.p2.xlarge' } } }, 'overrides.ResourceConfig.InstanceType must be one of ml.c4.xlarge'],
  ])('is refused for %s', (_what, props, message) => expect(refusal(props)).toContain(`Stack/Train: ${message}`));
});

describe('The deployment', () => {
  const lookUps = (props: Partial<TrainingJobProps> = {}) => {
    const template = jobTemplate(() => ({ ...LEGAL, ...props }));
    return [jobOf(template).Prerequisites, allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:DescribeAlgorithm').flatMap((statement) => [statement.Resource].flat().map(flat))];
  };
  const OF_THE_ACCOUNT = 'arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:algorithm/';

  test('looks an algorithm up that is not specified, and may look up this one only', () => {
    expect(lookUps({ algorithm: Algorithm.fromAlgorithmName('Mine') })).toEqual([['Algorithm'], [`${OF_THE_ACCOUNT}Mine`, `${OF_THE_ACCOUNT}mine`]]);
    const product = 'arn:aws:sagemaker:eu-west-1:985815980388:algorithm/trees-1';
    expect(lookUps({ algorithm: Algorithm.fromAlgorithmName(product) })).toEqual([['Algorithm'], [product]]);
  });

  test('may look up every algorithm where its name is known at deployment only', () => {
    const template = jobTemplate((stack) => ({ ...LEGAL, algorithm: Algorithm.fromAlgorithmName(new CfnParameter(stack, 'Name').valueAsString) }));
    expect(flat(allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:DescribeAlgorithm')[0].Resource)).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:*:algorithm/*');
  });

  test('looks up no algorithm that is specified, and none for an image', () => {
    expect(lookUps()).toEqual([undefined, []]);
    expect(lookUps({ algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI)) })).toEqual([undefined, []]);
  });

  test('looks up a specified algorithm where what it takes or not is known at deployment only', () => {
    const template = jobTemplate((stack) => ({ ...LEGAL, hyperparameters: Hyperparameters.of({ lr: new CfnParameter(stack, 'Rate', { type: 'Number' }).valueAsNumber }) }));
    expect(jobOf(template).Prerequisites).toEqual(['Algorithm']);
    expect(jobOf(template).Request.HyperParameters).toEqual({ lr: { Ref: 'Rate' }, max_leaf_nodes: '100', mode: 'a' });
    const data = jobTemplate((stack) => ({ ...LEGAL, inputs: { training: DataSource.fromBucket(bucketNamed(stack, new CfnParameter(stack, 'Data').valueAsString)) } }));
    expect(jobOf(data).Prerequisites).toBeUndefined();
  });
});

describe('AlgorithmSpecification', () => {
  const SAID = AlgorithmSpecification.of({
    instanceTypes: ['ml.c4.xlarge'],
    channels: { training: { required: true, contentTypes: ['text/csv'], compressions: [InputCompression.GZIP], inputModes: [InputMode.FILE, InputMode.PIPE] }, validation: {} },
    hyperparameters: {
      depth: AlgorithmHyperparameter.integer({ min: 1, max: 10, defaultValue: 6 }),
      rate: AlgorithmHyperparameter.continuous({ min: 0, max: 1, required: true }),
      decay: AlgorithmHyperparameter.continuous({ defaultValue: 2 }),
      mode: AlgorithmHyperparameter.categorical(['a', 'b'], { defaultValue: 'a' }),
      note: AlgorithmHyperparameter.freeText({ defaultValue: '' }),
      seed: AlgorithmHyperparameter.integer(),
    },
    distributed: false,
    metricNames: ['loss'],
    productId: 'prod-1',
  });
  const said = (props: Partial<TrainingJobProps> = {}) => ({ algorithm: Algorithm.fromAlgorithmName('trees', { specification: SAID }), hyperparameters: Hyperparameters.of({ rate: 0.5 }), ...props });

  test('says of itself whether it is of a product, and what its metrics are', () => {
    expect([SAID.isProduct, SAID.metricNames]).toEqual([true, ['loss']]);
    expect([SPECIFICATION.isProduct, SPECIFICATION.metricNames]).toEqual([false, ['validation-accuracy']]);
  });

  test('is as good as a description of the service', () => {
    expect(requestOf(said()).HyperParameters).toEqual({ rate: '0.5', depth: '6', decay: '2.0', mode: 'a', note: '' });
    expect(requestOf(said()).EnableNetworkIsolation).toBe(true);
  });

  test.each<[Partial<TrainingJobProps>, string]>([
    [{ hyperparameters: undefined }, 'hyperparameters.rate must be given, for trees requires it'],
    [{ hyperparameters: Hyperparameters.of({ rate: 1.5 }) }, 'hyperparameters.rate must be between 0.0 and 1.0 for trees, got 1.5'],
    [{ hyperparameters: Hyperparameters.of({ rate: 1, depth: 11 }) }, 'hyperparameters.depth must be between 1 and 10 for trees, got 11'],
    [{ hyperparameters: Hyperparameters.of({ rate: 1, mode: 'c' }) }, 'hyperparameters.mode must be one of a, b for trees, got c'],
    [{ capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount: 2 }) }, 'capacity.instanceCount must be 1, for trees does not train on several instances'],
    [{ capacity: Capacity.onDemand({ instanceType: 'ml.m4.xlarge' }) }, 'capacity.instanceType must be one of ml.c4.xlarge'],
    [{ inputs: {} }, 'inputs must have the channel training'],
    [{ capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', maxWait: Duration.hours(2) }) }, 'capacity.maxWait must be at most 1 hour for trees, a product of AWS Marketplace, without checkpoints, got 2 hours'],
  ])('checks what it says: %#', (props, message) => expect(refusal(said(props))).toContain(message));

  test('takes data with and without the compression it names', () => {
    const training = (compression?: InputCompression) => said({ inputs: { training: DataSource.fromS3Uri('s3://b/t', { inputMode: InputMode.PIPE, compression }) } });
    expect([refusal(training()), refusal(training(InputCompression.GZIP))]).toEqual(['taken', 'taken']);
  });

  test('rejects half a range', () => {
    expect(() => AlgorithmHyperparameter.integer({ min: 1 })).toThrow('AlgorithmHyperparameter.integer: max must be given with min');
    expect(() => AlgorithmHyperparameter.continuous({ max: 1 })).toThrow('AlgorithmHyperparameter.continuous: min must be given with max');
  });

  test('is what the command line of AWS has printed to a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'algorithm-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const specification = AlgorithmSpecification.fromDescriptionFile(file('good.json', JSON.stringify(algorithmDescription())));
    expect(requestOf({ algorithm: algorithm(specification) })).toEqual(requestOf());
    expect(() => AlgorithmSpecification.fromDescriptionFile(join(folder, 'none.json'))).toThrow('AlgorithmSpecification.fromDescriptionFile: path must be a file of JSON, got ');
    expect(() => AlgorithmSpecification.fromDescriptionFile(file('bad.json', '{'))).toThrow('path must be a file of JSON');
    expect(() => AlgorithmSpecification.fromDescriptionFile(file('other.json', '{"ModelName":"a"}'))).toThrow('description must be what `aws sagemaker describe-algorithm` prints, with a TrainingSpecification, got ');
  });

  test('rejects a description that is none', () => {
    expect(() => AlgorithmSpecification.fromDescription({})).toThrow('AlgorithmSpecification.fromDescription: description must be what');
    expect(() => AlgorithmSpecification.fromDescription(algorithmDescription({ TrainingChannels: 'all' }))).toThrow('TrainingSpecification.TrainingChannels must be a list, got "all"');
    expect(() => AlgorithmSpecification.fromDescription(algorithmDescription({ SupportedHyperParameters: [{ Name: 'a', Type: 'Float' }] })))
      .toThrow('the type of hyperparameter a must be one of Integer, Continuous, Categorical, FreeText, got Float');
  });
});
