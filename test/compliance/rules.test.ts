import { findingsOf, SUPPRESSED, type Policy, type Severity, type TemplateResource } from '../../lib/compliance/findings';
import { JUDGED_TYPES } from '../../lib/compliance/facts';
import { RULE_NAMES, type Limits, type RuleName } from '../../lib/compliance/rules';

type Tree = { readonly [name: string]: any };

const PARAMETER = { Ref: 'Parameter' };
const VPC = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/image:1.0';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1';
const LIMITS: Limits = { awsImages: true, imageRegistries: [], encryptsAlways: false };

function policy(rule: RuleName, limits: Partial<Limits> = {}, severity: Severity = 'error', unknown: Severity = 'warning'): Policy {
  return { limits: { ...LIMITS, ...limits }, severities: Object.fromEntries(RULE_NAMES.map((each) => [each, each === rule ? severity : 'off'])) as Policy['severities'], unknown };
}

const found = (resource: TemplateResource, rule: RuleName, limits: Partial<Limits> = {}) => findingsOf(resource, policy(rule, limits), { mappings: {} });
const places = (resource: TemplateResource, rule: RuleName, limits: Partial<Limits> = {}) => found(resource, rule, limits).map(({ path }) => path);

/** A kind of resource, by what it has of each property that there are rules for. */
interface Kind { readonly type: string; readonly made: (members: Tree) => Tree; readonly prefix: string; readonly cluster: string; readonly network: string }
const training: Kind = { type: 'Custom::SageMakerTrainingJob', made: (job) => ({ Request: job }), prefix: 'Request.', cluster: 'ResourceConfig', network: '' };
const tuning: Kind = { type: 'Custom::SageMakerHyperParameterTuningJob', made: (job) => ({ Request: { TrainingJobDefinition: job } }), prefix: 'Request.TrainingJobDefinition.', cluster: 'HyperParameterTuningResourceConfig', network: '' };
const severalTunings: Kind = { ...tuning, made: (job) => ({ Request: { TrainingJobDefinitions: [job] } }), prefix: 'Request.TrainingJobDefinitions.0.' };
const likeTraining: Kind = { ...tuning, cluster: 'ResourceConfig' };
const transform: Kind = { type: 'Custom::SageMakerTransformJob', made: (job) => ({ Request: job }), prefix: 'Request.', cluster: 'TransformResources', network: '' };
const processing: Kind = { type: 'AWS::SageMaker::ProcessingJob', made: (job) => job, prefix: '', cluster: 'ProcessingResources.ClusterConfig', network: 'NetworkConfig.' };
const quality: Kind = { type: 'AWS::SageMaker::DataQualityJobDefinition', made: (job) => job, prefix: '', cluster: 'JobResources.ClusterConfig', network: 'NetworkConfig.' };
const scheduled: Kind = { type: 'AWS::SageMaker::MonitoringSchedule', made: (job) => ({ MonitoringScheduleConfig: { MonitoringJobDefinition: job } }), prefix: 'MonitoringScheduleConfig.MonitoringJobDefinition.', cluster: 'MonitoringResources.ClusterConfig', network: 'NetworkConfig.' };
const model: Kind = { type: 'AWS::SageMaker::Model', made: (members) => members, prefix: '', cluster: '', network: '' };
const components: Kind = { type: 'AWS::SageMaker::EndpointConfig', made: (members) => ({ ProductionVariants: [{ VariantName: 'a', InstanceType: 'ml.g4dn.xlarge' }], ...members }), prefix: '', cluster: '', network: '' };

/** `{ 'a.b': 1 }` -> `{ a: { b: 1 } }` */
function tree(members: Tree): Tree {
  const root: { [name: string]: any } = {};
  for (const [path, value] of Object.entries(members)) {
    const names = path.split('.');
    names.slice(0, -1).reduce((at, name) => (at[name] ??= {}), root)[names.at(-1)!] = value;
  }
  return root;
}
const resource = ({ type, made }: Kind, members: Tree): TemplateResource => ({ Type: type, Properties: made(tree(members)) });
const JOBS = [training, tuning, severalTunings, processing, quality, scheduled];

describe('A VPC', () => {
  const kinds = [...JOBS, model, components];
  test.each(kinds.map((kind) => [kind.type, kind] as const))('of %s is missed where it is none', (_type, kind) => {
    expect(places(resource(kind, { Other: 1 }), 'vpc')).toEqual([`${kind.prefix}${kind.network}VpcConfig`]);
    expect(places(resource(kind, { [`${kind.network}VpcConfig`]: { Ref: 'AWS::NoValue' } }), 'vpc')).toHaveLength(1);
    expect(places(resource(kind, { [`${kind.network}VpcConfig`]: VPC }), 'vpc')).toEqual([]);
  });

  test('of a notebook instance is that of its subnet', () => {
    expect(places({ Type: 'AWS::SageMaker::NotebookInstance' }, 'vpc')).toEqual(['SubnetId']);
    expect(places({ Type: 'AWS::SageMaker::NotebookInstance', Properties: { SubnetId: PARAMETER } }, 'vpc')).toEqual([]);
  });

  test('of a configuration is wanted for inference components alone', () => {
    expect(places({ Type: components.type, Properties: { ProductionVariants: [{ ModelName: 'm' }] } }, 'vpc')).toEqual([]);
  });

  test('is not known where a condition gives it', () => {
    const [finding] = found(resource(training, { VpcConfig: { 'Fn::If': ['Prod', VPC, { Ref: 'AWS::NoValue' }] } }), 'vpc');
    expect(finding).toMatchObject({ id: 'cdk-sagemaker:checks/vpc/unknown', severity: 'warning' });
    expect(found(resource(training, { VpcConfig: { 'Fn::If': ['Prod', VPC, { Subnets: ['subnet-2'] }] } }), 'vpc')).toEqual([]);
    expect(found(resource(processing, { NetworkConfig: { 'Fn::If': ['Prod', { VpcConfig: VPC }, { EnableNetworkIsolation: true }] } }), 'vpc')).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('Network isolation', () => {
  test.each([...JOBS, model, components].map((kind) => [kind.type, kind] as const))('of %s is missed', (_type, kind) => {
    const path = `${kind.network}EnableNetworkIsolation`;
    expect(found(resource(kind, { Other: 1 }), 'networkIsolation')).toEqual([
      { id: 'cdk-sagemaker:checks/networkIsolation', severity: 'error', words: `networkIsolation must be true, got nothing (${kind.prefix}${path})`, path: kind.prefix + path },
    ]);
    expect(found(resource(kind, { [path]: false }), 'networkIsolation')).toMatchObject([{ words: expect.stringContaining('got false') }]);
    expect(found(resource(kind, { [path]: true }), 'networkIsolation')).toEqual([]);
    expect(found(resource(kind, { [path]: 'true' }), 'networkIsolation')).toEqual([]);
    expect(found(resource(kind, { [path]: PARAMETER }), 'networkIsolation')).toMatchObject([{ id: 'cdk-sagemaker:checks/networkIsolation/unknown', severity: 'warning' }]);
  });

  test('is nothing that a serverless job could have', () => {
    expect(found(resource(training, { ServerlessJobConfig: {} }), 'networkIsolation')).toEqual([]);
  });
});

describe('Encryption between instances', () => {
  test.each([training, tuning, severalTunings, likeTraining, processing, quality, scheduled].map((kind) => [kind.type, kind] as const))('of %s is missed where there are several', (_type, kind) => {
    const path = `${kind.network}EnableInterContainerTrafficEncryption`;
    const of = (count: unknown, more: Tree = {}) => resource(kind, { [`${kind.cluster}.InstanceCount`]: count, ...more });
    expect(places(of(2), 'interContainerEncryption')).toEqual([kind.prefix + path]);
    expect(places(of('2'), 'interContainerEncryption')).toHaveLength(1);
    expect(places(of(1), 'interContainerEncryption')).toEqual([]);
    expect(places(of(1), 'interContainerEncryption', { encryptsAlways: true })).toHaveLength(1);
    expect(places(of(2, { [path]: true }), 'interContainerEncryption')).toEqual([]);
    expect(found(of(PARAMETER), 'interContainerEncryption')).toMatchObject([{ severity: 'warning' }]);
    expect(found(of(2, { [path]: PARAMETER }), 'interContainerEncryption')).toMatchObject([{ severity: 'warning' }]);
  });

  test('is missed where groups of one instance work together', () => {
    const groups = (count: number) => resource(training, { 'ResourceConfig.InstanceGroups': Array.from({ length: count }, () => ({ InstanceType: 'ml.m5.large', InstanceCount: 1 })) });
    expect(places(groups(2), 'interContainerEncryption')).toHaveLength(1);
    expect(places(groups(1), 'interContainerEncryption')).toEqual([]);
  });

  test('is not missed where each of several types that will do is one instance', () => {
    const preferences = (count?: number) => resource(training, { 'ResourceConfig.InstancePreferences': ['ml.p4d.24xlarge', 'ml.p5.48xlarge'].map((InstanceType) => ({ InstanceType, InstanceCount: count })), 'ResourceConfig.InstanceCount': 1 });
    expect(places(preferences(), 'interContainerEncryption')).toEqual([]);
    expect(places(preferences(2), 'interContainerEncryption')).toHaveLength(1);
  });
});

describe('The key of storage', () => {
  test.each([training, tuning, severalTunings, likeTraining, transform, processing, quality, scheduled].map((kind) => [kind.type, kind] as const))('of %s is missed', (_type, kind) => {
    const of = (type: unknown, key?: unknown) => resource(kind, { [`${kind.cluster}.InstanceType`]: type, ...(key === undefined ? {} : { [`${kind.cluster}.VolumeKmsKeyId`]: key }) });
    expect(places(of('ml.m5.large'), 'volumeKey')).toEqual([`${kind.prefix}${kind.cluster}.VolumeKmsKeyId`]);
    expect(places(of('ml.m5.large', ''), 'volumeKey')).toHaveLength(1);
    expect(places(of('ml.m5.large', KEY), 'volumeKey')).toEqual([]);
    expect(places(of('ml.m5.large', PARAMETER), 'volumeKey')).toEqual([]);
    expect(places(of('ml.g5.xlarge'), 'volumeKey')).toEqual([]);
    expect(found(of(PARAMETER), 'volumeKey')).toMatchObject([{ severity: 'warning' }]);
  });

  test('of an endpoint is missed for instances that take one', () => {
    const of = (members: Tree, ...variants: Tree[]): TemplateResource => ({ Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: variants, ...members } });
    expect(places(of({}, { InstanceType: 'ml.m5.large' }), 'volumeKey')).toEqual(['KmsKeyId']);
    expect(places(of({}, { InstanceType: 'ml.g5.xlarge' }, { InstanceType: 'ml.m5.large' }), 'volumeKey')).toEqual(['KmsKeyId']);
    expect(places(of({}, { InstancePools: [{ InstanceType: 'ml.g5.xlarge' }, { InstanceType: 'ml.m5.large' }] }), 'volumeKey')).toEqual(['KmsKeyId']);
    expect(places(of({ KmsKeyId: KEY }, { InstanceType: 'ml.m5.large' }), 'volumeKey')).toEqual([]);
    expect(places(of({}, { InstanceType: 'ml.g5.xlarge' }), 'volumeKey')).toEqual([]);
    expect(places(of({}, { ServerlessConfig: {} }), 'volumeKey')).toEqual([]);
  });

  test('of a notebook instance is missed', () => {
    expect(places({ Type: 'AWS::SageMaker::NotebookInstance', Properties: { InstanceType: 'ml.t3.medium' } }, 'volumeKey')).toEqual(['KmsKeyId']);
  });

  test('is nothing that a serverless job could have', () => {
    expect(places(resource(training, { ServerlessJobConfig: {} }), 'volumeKey')).toEqual([]);
  });
});

describe('The key of what is written', () => {
  const written: [Kind, string][] = [
    [training, 'OutputDataConfig'], [tuning, 'OutputDataConfig'], [severalTunings, 'OutputDataConfig'], [transform, 'TransformOutput'], [processing, 'ProcessingOutputConfig'],
    [quality, 'DataQualityJobOutputConfig'], [scheduled, 'MonitoringOutputConfig'],
  ];
  test.each(written.map(([kind, member]) => [kind.type, kind, member] as const))('by %s is missed', (_type, kind, member) => {
    expect(places(resource(kind, { [`${member}.S3OutputPath`]: 's3://out' }), 'outputKey')).toEqual([`${kind.prefix}${member}.KmsKeyId`]);
    expect(places(resource(kind, { [`${member}.KmsKeyId`]: { 'Fn::GetAtt': ['Key', 'Arn'] } }), 'outputKey')).toEqual([]);
  });

  test('by endpoints is missed for answers, captured data and dumps, where there are some', () => {
    const of = (members: Tree): TemplateResource => ({ Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ ModelName: 'm', InstanceType: 'ml.m5.large' }], ...members } });
    expect(places(of({}), 'outputKey')).toEqual([]);
    expect(places(of({ AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://out' } }, DataCaptureConfig: {} }), 'outputKey')).toEqual(['AsyncInferenceConfig.OutputConfig.KmsKeyId', 'DataCaptureConfig.KmsKeyId']);
    expect(places(of({ AsyncInferenceConfig: { OutputConfig: { KmsKeyId: KEY } }, DataCaptureConfig: { KmsKeyId: KEY } }), 'outputKey')).toEqual([]);
    expect(places({ Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ CoreDumpConfig: { DestinationS3Uri: 's3://dumps' } }] } }, 'outputKey')).toEqual(['ProductionVariants.0.CoreDumpConfig.KmsKeyId']);
  });

  test('by a transform job is missed for captured data as well', () => {
    expect(places(resource(transform, { 'TransformOutput.KmsKeyId': KEY, 'DataCaptureConfig.DestinationS3Uri': 's3://out' }), 'outputKey')).toEqual(['Request.DataCaptureConfig.KmsKeyId']);
  });

  test('by a processing job without outputs is not missed', () => {
    expect(places(resource(processing, { Other: 1 }), 'outputKey')).toEqual([]);
  });
});

describe('The run time', () => {
  const eightHours = { maxRuntimeSeconds: 8 * 3600 };
  test.each(JOBS.map((kind) => [kind.type, kind] as const))('of %s is at most what is allowed', (_type, kind) => {
    const of = (seconds: unknown) => found(resource(kind, { 'StoppingCondition.MaxRuntimeInSeconds': seconds }), 'maxRuntime', eightHours);
    expect(of(8 * 3600)).toEqual([]);
    expect(of(8 * 3600 + 1)).toMatchObject([{ words: `maxRuntime must be at most 28800 seconds, got 28801 (${kind.prefix}StoppingCondition.MaxRuntimeInSeconds)` }]);
    expect(of(String(8 * 3600 + 1))).toHaveLength(1);
    expect(of(PARAMETER)).toMatchObject([{ id: 'cdk-sagemaker:checks/maxRuntime/unknown' }]);
  });

  test('is that of the service where nothing is said', () => {
    expect(found(resource(training, { Other: 1 }), 'maxRuntime', eightHours)).toMatchObject([{ words: expect.stringContaining('got 86400') }]);
    expect(found(resource(training, { Other: 1 }), 'maxRuntime', { maxRuntimeSeconds: 86_400 })).toEqual([]);
    expect(found(resource(training, { ServerlessJobConfig: {} }), 'maxRuntime', eightHours)).toMatchObject([{ words: expect.stringContaining('got nothing') }]);
  });

  test('is not looked at without a limit, and transform jobs have none', () => {
    expect(found(resource(training, { 'StoppingCondition.MaxRuntimeInSeconds': 2_000_000 }), 'maxRuntime')).toEqual([]);
    expect(found(resource(transform, { Other: 1 }), 'maxRuntime', eightHours)).toEqual([]);
  });
});

describe('Families of instances', () => {
  test.each([training, tuning, severalTunings, likeTraining, transform, processing, quality, scheduled].map((kind) => [kind.type, kind] as const))('of %s are those that are allowed', (_type, kind) => {
    const of = (type: unknown, limits: Partial<Limits>) => found(resource(kind, { [`${kind.cluster}.InstanceType`]: type }), 'instanceFamily', limits);
    expect(of('ml.m5.large', { allowedFamilies: ['m5', 'c5'] })).toEqual([]);
    expect(of('ml.m5d.large', { allowedFamilies: ['m5', 'c5'] })).toMatchObject([{ words: expect.stringContaining('instanceType must be of the families m5, c5, got ml.m5d.large') }]);
    expect(of('ml.p5.48xlarge', { deniedFamilies: ['p5'] })).toMatchObject([{ words: expect.stringContaining('be of no family of p5, got ml.p5.48xlarge') }]);
    expect(of('ml.p5e.48xlarge', { deniedFamilies: ['p5'] })).toEqual([]);
    expect(of(PARAMETER, { deniedFamilies: ['p5'] })).toMatchObject([{ severity: 'warning' }]);
    expect(of('ml.p5.48xlarge', {})).toEqual([]);
  });

  test('are looked at wherever a type is named', () => {
    const denied = { deniedFamilies: ['p5'] };
    const type = 'ml.p5.48xlarge';
    expect(places(resource(training, { 'ResourceConfig.InstanceGroups': [{ InstanceType: 'ml.m5.large' }, { InstanceType: type }] }), 'instanceFamily', denied)).toEqual(['Request.ResourceConfig.InstanceGroups.1.InstanceType']);
    expect(places(resource(tuning, { 'HyperParameterTuningResourceConfig.InstanceConfigs': [{ InstanceType: type }] }), 'instanceFamily', denied)).toEqual(['Request.TrainingJobDefinition.HyperParameterTuningResourceConfig.InstanceConfigs.0.InstanceType']);
    expect(places(resource(training, { DebugRuleConfigurations: [{ InstanceType: type }, {}] }), 'instanceFamily', denied)).toEqual(['Request.DebugRuleConfigurations.0.InstanceType']);
    expect(places({ Type: components.type, Properties: { ShadowProductionVariants: [{ InstanceType: type }], ProductionVariants: [{ InstancePools: [{ InstanceType: type }] }] } }, 'instanceFamily', denied))
      .toEqual(['ProductionVariants.0.InstancePools.0.InstanceType', 'ShadowProductionVariants.0.InstanceType']);
    expect(places({ Type: 'AWS::SageMaker::NotebookInstance', Properties: { InstanceType: type } }, 'instanceFamily', denied)).toEqual(['InstanceType']);
  });
});

describe('Images', () => {
  const PUBLIC = 'public.ecr.aws/docker/library/python:3.12';
  const named: [string, string, (image: unknown) => Tree, string][] = [
    ['a training job', training.type, (image) => ({ Request: { AlgorithmSpecification: { TrainingImage: image } } }), 'Request.AlgorithmSpecification.TrainingImage'],
    ['a rule of the debugger', training.type, (image) => ({ Request: { ProfilerRuleConfigurations: [{ RuleEvaluatorImage: image }] } }), 'Request.ProfilerRuleConfigurations.0.RuleEvaluatorImage'],
    ['a tuning job', tuning.type, (image) => ({ Request: { TrainingJobDefinition: { AlgorithmSpecification: { TrainingImage: image } } } }), 'Request.TrainingJobDefinition.AlgorithmSpecification.TrainingImage'],
    ['a processing job', processing.type, (image) => ({ AppSpecification: { ImageUri: image } }), 'AppSpecification.ImageUri'],
    ['a monitoring job', quality.type, (image) => ({ DataQualityAppSpecification: { ImageUri: image } }), 'DataQualityAppSpecification.ImageUri'],
    ['a model', model.type, (image) => ({ PrimaryContainer: { Image: image } }), 'PrimaryContainer.Image'],
    ['a pipeline', model.type, (image) => ({ Containers: [{ Image: IMAGE }, { Image: image }] }), 'Containers.1.Image'],
    ['an inference component', 'AWS::SageMaker::InferenceComponent', (image) => ({ Specification: { Container: { Image: image } } }), 'Specification.Container.Image'],
    ['an inference component by type', 'AWS::SageMaker::InferenceComponent', (image) => ({ Specifications: [{ Container: { Image: image } }] }), 'Specifications.0.Container.Image'],
    ['a model package', 'AWS::SageMaker::ModelPackage', (image) => ({ InferenceSpecification: { Containers: [{ Image: image }] } }), 'InferenceSpecification.Containers.0.Image'],
  ];
  test.each(named)('of %s are from private registries', (_what, Type, made, path) => {
    expect(places({ Type, Properties: made(PUBLIC) }, 'image')).toEqual([path]);
    expect(places({ Type, Properties: made(IMAGE) }, 'image')).toEqual([]);
    expect(found({ Type, Properties: made(PARAMETER) }, 'image')).toMatchObject([{ severity: 'warning', path }]);
  });

  const of = (image: unknown, limits: Partial<Limits> = {}) => findingsOf(
    { Type: model.type, Properties: { PrimaryContainer: { Image: image } } }, policy('image', limits), { account: '111111111111', mappings: { Dlc: { 'eu-west-1': { account: '763104351884' } }, Own: { 'eu-west-1': { account: '999999999999' } } } });

  test.each(['python:3.12', 'library/python', 'docker.io/library/python', 'ghcr.io/team/image:1', 'localhost:5000/image', 'registry.example.com/team/image'])('of a registry elsewhere are found: %s', (image) => {
    expect(of(image)).toMatchObject([{ severity: 'error', words: expect.stringContaining(`image must be in a private registry of Amazon ECR, got ${image}`) }]);
  });

  test('of registries that are allowed are none', () => {
    expect(of('registry.example.com/team/image', { imageRegistries: ['registry.example.com'] })).toEqual([]);
    expect(of('python:3.12', { imageRegistries: ['docker.io'] })).toEqual([]);
  });

  test('of other accounts are found where accounts are named', () => {
    const ours = { imageAccounts: ['123456789012'] };
    expect(of(IMAGE, ours)).toEqual([]);
    expect(of('999999999999.dkr.ecr.eu-west-1.amazonaws.com/x', ours)).toMatchObject([{ words: expect.stringMatching(/^image must be in a private registry of Amazon ECR of the accounts 123456789012 or the stack's own or that of AWS, got 9/) }]);
    expect(of('111111111111.dkr.ecr.eu-west-1.amazonaws.com/x', ours)).toEqual([]);
    expect(of({ 'Fn::Join': ['', [{ Ref: 'Account' }, '.dkr.ecr.eu-west-1.amazonaws.com/x']] }, ours)).toMatchObject([{ severity: 'warning' }]);
  });

  test('of AWS are allowed unless it is said otherwise', () => {
    const dlc = { 'Fn::Join': ['', [{ 'Fn::FindInMap': ['Dlc', { Ref: 'AWS::Region' }, 'account'] }, '.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/pytorch-training:2.6']] };
    expect(of(dlc)).toEqual([]);
    expect(of(dlc, { imageAccounts: [] })).toEqual([]);
    expect(of(dlc, { awsImages: false })).toMatchObject([{ words: expect.stringContaining('that is not of AWS') }]);
    expect(of('763104351884.dkr.ecr.eu-west-1.amazonaws.com/x', { awsImages: false })).toHaveLength(1);
    expect(of(IMAGE, { awsImages: false })).toEqual([]);
    expect(of('763104351884.dkr.ecr.eu-west-1.amazonaws.com/x', { awsImages: false, imageAccounts: ['763104351884'] })).toEqual([]);
  });

  test('of a mapping are those of every Region in it', () => {
    const image = (mapping: string) => ({ 'Fn::Sub': ['${Account}.dkr.ecr.${AWS::Region}.amazonaws.com/x', { Account: { 'Fn::FindInMap': [mapping, { Ref: 'AWS::Region' }, 'account'] } }] });
    expect(of(image('Dlc'), { imageAccounts: [] })).toEqual([]);
    expect(of(image('Own'), { imageAccounts: [] })).toMatchObject([{ severity: 'error' }]);
    expect(of(image('None'), { imageAccounts: [] })).toMatchObject([{ severity: 'warning' }]);
  });

  test('of the stack itself are allowed, as CDK writes them', () => {
    const select = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Repository', 'Arn'] }] }] });
    const ofRepository = { 'Fn::Join': ['', [select(4), '.dkr.ecr.', select(3), '.', { Ref: 'AWS::URLSuffix' }, '/', { Ref: 'Repository' }, ':1']] };
    const asset = { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-assets:abc' };
    expect([ofRepository, asset].flatMap((image) => of(image, { imageAccounts: [], awsImages: false }))).toEqual([]);
  });

  test('that a model package or an algorithm brings along are not looked at', () => {
    expect(places({ Type: model.type, Properties: { PrimaryContainer: { ModelPackageName: 'digits' } } }, 'image')).toEqual([]);
    expect(places({ Type: training.type, Properties: { Request: { AlgorithmSpecification: { AlgorithmName: 'mine' } } } }, 'image')).toEqual([]);
  });
});

describe('Tags', () => {
  const required = { requiredTags: { team: [], stage: ['dev', 'prod'] } };
  const of = (Type: string, Tags: unknown) => found({ Type, Properties: /^Custom/.test(Type) ? { Request: { Tags } } : { Tags } }, 'tags', required);
  const good = [{ Key: 'stage', Value: 'dev' }, { Key: 'team', Value: 'digits' }];

  test.each(JUDGED_TYPES)('of %s are there, with a value that is allowed', (type) => {
    expect(of(type, good)).toEqual([]);
    expect(of(type, undefined).map(({ words }) => words)).toEqual([expect.stringMatching(/^tags must have team, got nothing/), expect.stringMatching(/^tags must have stage with one of dev, prod, got nothing/)]);
    expect(of(type, [{ Key: 'stage', Value: 'test' }, good[1]])).toMatchObject([{ words: expect.stringContaining('got test') }]);
    expect(of(type, [{ Key: 'stage', Value: PARAMETER }, good[1]])).toMatchObject([{ severity: 'warning' }]);
    expect(of(type, PARAMETER)).toMatchObject([{ severity: 'warning' }, { severity: 'warning' }]);
  });
});

describe('A notebook instance', () => {
  test('reaches the internet through its VPC alone', () => {
    const of = (value?: unknown) => found({ Type: 'AWS::SageMaker::NotebookInstance', Properties: { DirectInternetAccess: value } }, 'directInternet');
    expect(of('Disabled')).toEqual([]);
    expect([of(), of('Enabled')].flat()).toMatchObject([{ severity: 'error' }, { severity: 'error' }]);
    expect(of(PARAMETER)).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('A finding', () => {
  const open = resource(training, { Other: 1 });
  const unknown = resource(training, { EnableNetworkIsolation: PARAMETER });

  test.each(['error', 'warning'] as const)('is worth what its rule is: %s', (severity) => {
    expect(findingsOf(open, policy('networkIsolation', {}, severity), { mappings: {} })).toMatchObject([{ severity }]);
  });

  test('is none where its rule is off, or is suppressed for the resource', () => {
    expect(findingsOf(open, policy('networkIsolation', {}, 'off'), { mappings: {} })).toEqual([]);
    const suppressed = (check: string) => found({ ...open, Metadata: { [SUPPRESSED]: [{ check, reason: 'because' }] } }, 'networkIsolation');
    expect(suppressed('networkIsolation')).toEqual([]);
    expect(suppressed('vpc')).toHaveLength(1);
  });

  test.each([['error', 'error', 'error'], ['error', 'off', undefined], ['warning', 'error', 'warning'], ['error', 'warning', 'warning']] as const)(
    'of a rule worth %s about a value that is known later, which is worth %s, is worth %s', (severity, ofUnknown, expected) => {
      expect(findingsOf(unknown, policy('networkIsolation', {}, severity, ofUnknown), { mappings: {} })[0]?.severity).toBe(expected);
    });

  test('is none of a resource that is not judged, or has no properties', () => {
    expect(found({ Type: 'AWS::S3::Bucket' }, 'vpc')).toEqual([]);
    expect(JUDGED_TYPES.flatMap((Type) => RULE_NAMES.flatMap((rule) => found({ Type }, rule))).length).toBeGreaterThan(10);
  });

  test('shortens long values', () => {
    expect(found({ Type: model.type, Properties: { PrimaryContainer: { Image: `x/${'y'.repeat(500)}` } } }, 'image')[0]!.words.length).toBeLessThan(330);
  });
});
