import * as sdk from '@aws-sdk/client-sagemaker';
import { OPERATION_NAMES, validateInput } from '../../../lib/local/sagemaker/validate';
import { SageMakerBench } from '../support/sagemaker-bench';

describe('the limits of the service model', () => {
  const messageOf = (operation: string, input: Record<string, unknown>) => {
    try {
      validateInput(operation, input);
      return undefined;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  const at = (path: string, value: unknown, constraint: string) => `Value '${value}' at '${path}' failed to satisfy constraint: Member must ${constraint}`;

  test('are told in the words of SageMaker', () => {
    expect(messageOf('StopTrainingJob', { TrainingJobName: 'fine' })).toBeUndefined();
    expect(messageOf('StopTrainingJob', { TrainingJobName: 'a'.repeat(63) })).toBeUndefined();
    expect(messageOf('StopTrainingJob', {})).toBe("ValidationException: 1 validation error detected: Value null at 'trainingJobName' failed to satisfy constraint: Member must not be null");
    expect(messageOf('StopTrainingJob', { TrainingJobName: 'under_score' })).toBe(`ValidationException: 1 validation error detected: ${
      at('trainingJobName', 'under_score', 'satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}')}`);
    expect(messageOf('StopTrainingJob', { TrainingJobName: 'a'.repeat(64) })).toMatch(/^ValidationException: 2 validation errors detected: .*have length less than or equal to 63; /);
  });

  test('are told with the path to the member', () => {
    const input = { TrainingJobName: 'a', RoleArn: 'arn:aws:iam::123456789012:role/r', OutputDataConfig: { S3OutputPath: 's3://b' } };
    const message = (more: Record<string, unknown>) => messageOf('CreateTrainingJob', { ...input, ...more });
    expect(message({})).toBeUndefined();
    expect(message({ ResourceConfig: { KeepAlivePeriodInSeconds: 21601 } })).toContain(at('resourceConfig.keepAlivePeriodInSeconds', 21601, 'have value less than or equal to 21600'));
    expect(message({ AlgorithmSpecification: { TrainingInputMode: 'Fast' } })).toContain(at('algorithmSpecification.trainingInputMode', 'Fast', 'satisfy enum value set: [Pipe, File, FastFile]'));
    expect(message({ VpcConfig: { Subnets: [], SecurityGroupIds: ['sg 1'] } })).toMatch(/vpcConfig\.securityGroupIds\.1\.member.*vpcConfig\.subnets' failed to satisfy constraint: Member must have length greater than or equal to 1/);
    expect(message({ HyperParameters: { ['k'.repeat(257)]: 'v' } })).toContain("k.key' failed");
    expect(message({ HyperParameters: { lines: 'a\nb' } })).toContain("at 'hyperParameters.lines.member' failed to satisfy constraint: Member must satisfy regular expression pattern: .*");
  });

  test('refuse a value of another type, and a member that nobody would act on', () => {
    expect(messageOf('StopTrainingJob', { TrainingJobName: 1 })).toBe("SerializationException: Value at 'trainingJobName' must be a string, got 1");
    expect(messageOf('CreateTrainingJob', { StoppingCondition: { MaxRuntimeInSeconds: '60' } })).toContain('must be a integer, got "60"');
    expect(messageOf('StopTrainingJob', { TrainingJobName: 'a', Force: true })).toBe('ValidationException: Not supported by the local AWS: member Force of StopTrainingJob');
  });

  test('know the members that the SDK knows', () => {
    const missing = OPERATION_NAMES.flatMap((operation) => {
      const schema = sdk[`${operation}${['CreateModel', 'DescribeAlgorithm', 'CreateEndpointConfig', 'CreateEndpoint', 'UpdateEndpoint', 'DescribeModel', 'DeleteModel', 'ListModels', 'DescribeEndpointConfig', 'DeleteEndpointConfig',
        'ListEndpointConfigs', 'DescribeEndpoint', 'DeleteEndpoint', 'ListEndpoints', 'AddTags', 'ListTags', 'DeleteTags', 'UpdateEndpointWeightsAndCapacities'].includes(operation) ? 'Input' : 'Request'}$` as keyof typeof sdk] as unknown as [number, string, string, number, string[]];
      return schema[4].filter((member) => isUnknown(operation, member)).map((member) => `${operation}.${member}`);
    });
    // There are neither warm pools nor training plans here to filter by.
    expect(missing).toEqual(['ListTrainingJobs.WarmPoolStatusEquals', 'ListTrainingJobs.TrainingPlanArnEquals']);
  });

  const isUnknown = (operation: string, member: string) => (messageOf(operation, { [member]: {} }) ?? '').includes(`Not supported by the local AWS: member ${member}`);
});

describe('what only the documentation says, and what a process can not do', () => {
  let bench: SageMakerBench;
  beforeAll(async () => { bench = await SageMakerBench.open(); });
  afterAll(() => bench.close());

  const channel = (more: Record<string, unknown>, source: Record<string, unknown> = {}) => ({
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/', ...source } }, ...more }],
  });
  const resources = (more: Record<string, unknown>) => ({ ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1, ...more } });

  test.each<[string, Record<string, unknown>, string]>([
    ['an image without a script', { HyperParameters: { sagemaker_program: null, sagemaker_submit_directory: null } }, 'needs a container'],
    ['an algorithm by name', { AlgorithmSpecification: { AlgorithmName: 'mine', TrainingInputMode: 'File' } }, 'AlgorithmName mine'],
    ['algorithm and image at once', { AlgorithmSpecification: { AlgorithmName: 'mine', TrainingImage: 'image', TrainingInputMode: 'File' } }, 'exactly one of AlgorithmName and TrainingImage'],
    ['several instances', resources({ InstanceCount: 2 }), 'Not supported by the local AWS: 2 instances'],
    ['no instance', resources({ InstanceCount: 0 }), 'InstanceCount in ResourceConfig must be at least 1'],
    ['spot without a wait', { EnableManagedSpotTraining: true }, 'MaxWaitTimeInSeconds must be specified'],
    ['spot with too short a wait', { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 59 } }, 'greater than or equal to MaxRuntimeInSeconds'],
    ['a wait without spot', { StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } }, 'EnableManagedSpotTraining is false'],
    ['spot with a warm pool', { ...resources({ KeepAlivePeriodInSeconds: 1 }), EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } }, 'managed spot training'],
    ['more than 28 days', { StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } }, 'at most 2419200'],
    ['a shuffled pipe', channel({ InputMode: 'Pipe', ShuffleConfig: { Seed: 1 } }), 'ShuffleConfig of channel train in Pipe mode'],
    ['an augmented manifest', channel({ InputMode: 'Pipe' }, { S3DataType: 'AugmentedManifestFile' }), 'AugmentedManifestFile of channel train'],
    ['a dataset of a hub', { InputDataConfig: [{ ChannelName: 'train', DataSource: { DatasetSource: { DatasetArn: 'arn:aws:sagemaker:us-east-1:123456789012:hub-content/team/DataSet/questions/1.0.0' } } }] }, 'DatasetSource of channel train'],
    ['a model package', { ModelPackageConfig: { ModelPackageGroupArn: 'arn:aws:sagemaker:us-east-1:123456789012:model-package-group/answers' } }, 'Not supported by the local AWS: ModelPackageConfig'],
    ['remote debugging', { RemoteDebugConfig: { EnableRemoteDebug: true } }, 'RemoteDebugConfig: there is no Systems Manager here'],
    ['an augmented manifest in file mode', channel({}, { S3DataType: 'AugmentedManifestFile' }), 'requires Pipe mode'],
    ['compression in file mode', channel({ CompressionType: 'Gzip' }), 'CompressionType Gzip of channel train requires Pipe mode'],
    ['a channel twice', { InputDataConfig: [...channel({}).InputDataConfig, ...channel({}).InputDataConfig] }, 'Duplicate channel name: train'],
    ['a tag twice', { Tags: [{ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }] }, 'Duplicate tag key: a'],
    ['a reserved tag', { Tags: [{ Key: 'aws:a', Value: '1' }] }, 'aws: prefixed tag key names'],
    ['checkpoints outside of /opt/ml', { CheckpointConfig: { S3Uri: 's3://data/c', LocalPath: '/tmp/../x' } }, 'CheckpointConfig.LocalPath must be below /opt/ml'],
    ['a metric that is no regular expression', { AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'm', Regex: '(' }] } }, 'Invalid regular expression of metric m'],
  ])('rejects %s', async (_, overrides, message) => {
    const request = JSON.parse(JSON.stringify(await bench.trainingRequest('refused', '', overrides))) as { HyperParameters: Record<string, unknown> };
    request.HyperParameters = Object.fromEntries(Object.entries(request.HyperParameters).filter(([, value]) => value !== null));
    await expect(bench.call('CreateTrainingJob', request as Record<string, unknown>)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
    await expect(bench.call('DescribeTrainingJob', { TrainingJobName: 'refused' })).rejects.toThrow('Requested resource not found.');
  });

  test('refuses to describe an algorithm in the words in which it refuses to run one', async () => {
    const words = "AlgorithmName mine: an algorithm resource can't be run here; use TrainingImage";
    await expect(bench.call('DescribeAlgorithm', { AlgorithmName: 'mine' })).rejects.toMatchObject({ name: 'ValidationException', message: `Not supported by the local AWS: ${words}` });
  });

  test('rejects models and configurations that it would not serve', async () => {
    const model = (container: Record<string, unknown>) => bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: 'arn:aws:iam::123456789012:role/r', PrimaryContainer: { Image: 'mine', ...container } });
    await expect(model({})).rejects.toThrow('needs a container');
    await expect(model({ Mode: 'MultiModel' })).rejects.toThrow('ModelDataUrl is required for a container of mode MultiModel');
    await expect(bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: 'arn:aws:iam::123456789012:role/r' })).rejects.toThrow('exactly one of PrimaryContainer and Containers');
    await bench.modelSaying('real', 'x');
    await expect(bench.modelSaying('real', 'x')).rejects.toThrow('Cannot create already existing model "arn:aws:sagemaker:us-east-1:123456789012:model/real".');
    const config = (variant: Record<string, unknown>, more: Record<string, unknown> = {}) => bench.call('CreateEndpointConfig', {
      EndpointConfigName: 'c', ProductionVariants: [{ VariantName: 'v', ModelName: 'real', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, ...variant }], ...more,
    });
    await expect(config({ ModelName: 'none' })).rejects.toThrow('Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/none".');
    await expect(config({ InitialVariantWeight: 0 })).rejects.toThrow('weight above 0');
    await expect(config({ InitialInstanceCount: undefined })).rejects.toThrow('InitialInstanceCount of at least 1');
    await expect(config({}, { MetricsConfig: { EnableEnhancedMetrics: true } })).rejects.toThrow('MetricsConfig of an endpoint configuration');
    await expect(bench.call('CreateEndpoint', { EndpointName: 'e', EndpointConfigName: 'none' })).rejects.toThrow('Could not find endpoint configuration');
  });
});
