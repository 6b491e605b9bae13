import { CfnModel, CfnNotebookInstance, CfnProcessingJob } from 'aws-cdk-lib/aws-sagemaker';
import { App, Annotations, Aspects, CfnMapping, CfnParameter, CfnResource, Duration, NestedStack, Stack, Stage, Tags, Token, Validations, type PolicyValidationPluginReportBeta1 } from 'aws-cdk-lib/core';
import {
  CheckSeverity, ContainerImage, DataSource, Encryption, Framework, Model, OrganizationDefaults, ProcessingJob, SageMakerCheck, SageMakerChecks, type SageMakerChecksOptions, type TrainingJobProps,
} from 'cdk-sagemaker';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULE_NAMES } from '../lib/compliance/rules';
import { network } from './support/every-prop';
import { legalJob, Surroundings } from './support/legal-jobs';
import { IMAGE_URI, trainingIn, trainingProps, tuningIn } from './support/stacks';

/** What the CDK's command line is told of each construct. */
interface Message { readonly path: string; readonly level: string; readonly text: string }

const folder = mkdtempSync(join(tmpdir(), 'checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let apps = 0;
const newApp = () => new App({ outdir: join(folder, String(apps++)), context: { '@aws-cdk/core:enablePartitionLiterals': true } });

function synthesized(app: App): Message[] {
  const assembly = app.synth({ errorOnDuplicateSynth: false });
  return assembly.stacksRecursively.flatMap((stack) => stack.messages)
    .filter(({ entry }) => String(entry.data).includes('cdk-sagemaker:checks/'))
    .map(({ id, level, entry }) => ({ path: id.slice(1), level, text: String(entry.data) }));
}

/** What the aspect says of what a stack has in it. */
function messages(build: (stack: Stack) => void, options: SageMakerChecksOptions = {}): Message[] {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  build(stack);
  Aspects.of(app).add(SageMakerChecks.all(options));
  return synthesized(app);
}

/** What the plugin says of the same templates. */
function report(app: App, checks: SageMakerChecks): PolicyValidationPluginReportBeta1 {
  const { directory } = app.synth({ errorOnDuplicateSynth: false });
  const templatePaths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).map((file) => join(directory, file));
  return checks.validate({ templatePaths, appConstruct: app });
}

const only = (rule: SageMakerCheck, severity = CheckSeverity.ERROR): SageMakerChecksOptions => ({ severity: CheckSeverity.OFF, severities: { [rule]: severity } });
const train = (props: Partial<TrainingJobProps> = {}) => (stack: Stack) => { trainingIn(stack, props); };

describe('Checks as an aspect', () => {
  test('say which construct breaks which rule, by which prop, with what, and what is allowed', () => {
    expect(messages(train({ maxRuntime: Duration.hours(9) }), { ...only(SageMakerCheck.MAX_RUNTIME), maxRuntime: Duration.hours(8) })).toEqual([
      { path: 'Stack/Train', level: 'error', text: 'Stack/Train: maxRuntime must be at most 28800 seconds, got 32400 (Request.StoppingCondition.MaxRuntimeInSeconds) [cdk-sagemaker:checks/maxRuntime]' },
    ]);
  });

  test('find nothing where all is as it must be', () => {
    const stack = (scope: Stack) => {
      const props = { ...network(scope), networkIsolation: true, maxRuntime: Duration.hours(1) };
      const job = trainingIn(scope, props);
      job.toModel('Model');
      new ProcessingJob(scope, 'Prepare', { image: ContainerImage.fromUri(IMAGE_URI), capacity: trainingProps().capacity, ...props });
      Tags.of(scope).add('team', 'digits');
    };
    expect(messages(stack, { maxRuntime: Duration.hours(8), requiredTags: { team: ['digits'] }, severities: { volumeKey: CheckSeverity.OFF, outputKey: CheckSeverity.OFF } })).toEqual([]);
  });

  test('see tags that other aspects set, whichever was added first', () => {
    const app = newApp();
    Aspects.of(app).add(SageMakerChecks.all({ severity: CheckSeverity.OFF, severities: { tags: CheckSeverity.ERROR }, requiredTags: { team: [] } }));
    const stack = new Stack(app, 'Stack');
    trainingIn(stack);
    Tags.of(app).add('team', 'digits', { priority: 900 });
    expect(synthesized(app)).toEqual([]);
    expect(app.synth().getStackByName('Stack').template.Resources[stack.getLogicalId(stack.node.findChild('Train').node.defaultChild as CfnResource)].Properties.Request.Tags).toEqual([{ Key: 'team', Value: 'digits' }]);
  });

  test('judge what the CDK itself makes, overrides included', () => {
    const found = messages((stack) => {
      new CfnNotebookInstance(stack, 'Notebook', { instanceType: 'ml.t3.medium', roleArn: 'arn:aws:iam::123456789012:role/x' });
      const model = new CfnModel(stack, 'Model', { primaryContainer: { image: IMAGE_URI }, enableNetworkIsolation: false });
      model.addPropertyOverride('EnableNetworkIsolation', true);
      model.addPropertyOverride('VpcConfig', { Subnets: ['s'], SecurityGroupIds: ['g'] });
    }, { severities: { volumeKey: CheckSeverity.OFF } });
    expect(found.map(({ path, text }) => [path, /\[(.*)\]$/.exec(text)![1]])).toEqual([
      ['Stack/Notebook', 'cdk-sagemaker:checks/vpc'], ['Stack/Notebook', 'cdk-sagemaker:checks/directInternet'],
    ]);
  });

  test('judge every definition of a tuning job, and jobs that pack a model', () => {
    const found = messages((stack) => {
      tuningIn(stack);
      new Model(stack, 'Served', { framework: Framework.sklearn('1.2-1'), modelPackage: undefined, modelData: trainingIn(stack, { networkIsolation: true }).modelData, networkIsolation: true });
    }, only(SageMakerCheck.NETWORK_ISOLATION));
    expect(found.map(({ path }) => path)).toEqual(['Stack/Tune']);
  });

  test('are errors by themselves, or warnings, or none', () => {
    const levels = (severity: CheckSeverity) => messages(train(), only(SageMakerCheck.VPC, severity)).map(({ level }) => level);
    expect([CheckSeverity.ERROR, CheckSeverity.WARNING, CheckSeverity.OFF].map(levels)).toEqual([['error'], ['warning'], []]);
    expect(messages(train(), { severity: CheckSeverity.WARNING }).every(({ level }) => level === 'warning')).toBe(true);
  });

  test('are warnings that are acknowledged by their id', () => {
    const build = (acknowledged: string) => (stack: Stack) => { Annotations.of(trainingIn(stack)).acknowledgeWarning(acknowledged, 'known'); };
    expect(messages(build('cdk-sagemaker:checks/vpc'), only(SageMakerCheck.VPC, CheckSeverity.WARNING))).toEqual([]);
    expect(messages(build('cdk-sagemaker:checks/image'), only(SageMakerCheck.VPC, CheckSeverity.WARNING))).toHaveLength(1);
  });

  test('warn of what is known at deployment only', () => {
    const isolated = (stack: Stack) => new CfnModel(stack, 'Model', { enableNetworkIsolation: new CfnParameter(stack, 'Isolated').value as any });
    expect(messages(isolated, only(SageMakerCheck.NETWORK_ISOLATION))).toEqual([{
      path: 'Stack/Model', level: 'warning',
      text: 'Stack/Model: networkIsolation must be true, and what it is is known at deployment only (EnableNetworkIsolation) [ack: cdk-sagemaker:checks/networkIsolation/unknown]',
    }]);
    expect(messages(isolated, { ...only(SageMakerCheck.NETWORK_ISOLATION), unknown: CheckSeverity.ERROR }).map(({ level }) => level)).toEqual(['error']);
    expect(messages(isolated, { ...only(SageMakerCheck.NETWORK_ISOLATION), unknown: CheckSeverity.OFF })).toEqual([]);
  });

  test('are said once, however often a tree is synthesized and for how many scopes they are added', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    trainingIn(stack);
    const checks = SageMakerChecks.all(only(SageMakerCheck.VPC));
    Aspects.of(app).add(checks);
    Aspects.of(stack).add(checks);
    app.synth();
    app.synth({ force: true });
    expect(synthesized(app)).toHaveLength(1);
  });

  test('reach nested stacks, and the stages that they are added to', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod');
    trainingIn(new Stack(stage, 'Stack'));
    Aspects.of(stage).add(SageMakerChecks.all(only(SageMakerCheck.VPC)));
    expect(synthesized(app).map(({ path }) => path)).toEqual(['Prod/Stack/Train']);
    expect(messages((stack) => { trainingIn(new NestedStack(stack, 'Nested')); }, only(SageMakerCheck.VPC)).map(({ path }) => path)).toEqual(['Stack/Nested/Train']);
  });

  test('find nothing in an app with the defaults that they ask for', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack', { propertyInjectors: [] });
    const defaults = OrganizationDefaults.injectors({ ...network(stack), networkIsolation: true, encryptInterContainerTraffic: true, maxRuntime: Duration.hours(8), encryption: Encryption.byService() });
    const inner = new Stack(app, 'Inner', { propertyInjectors: defaults });
    trainingIn(inner).toModel('Model').transform('Score', { input: DataSource.fromS3Uri('s3://data/batch/'), instanceType: 'ml.m5.large' });
    tuningIn(inner);
    Aspects.of(app).add(SageMakerChecks.all({ maxRuntime: Duration.hours(8), severities: { volumeKey: CheckSeverity.OFF, outputKey: CheckSeverity.OFF } }));
    expect(synthesized(app)).toEqual([]);
  });
});

/** What the aspect says of one resource of a template: the rules, with `/unknown` behind them. */
const rulesOf = (type: string, properties: object, options: SageMakerChecksOptions = {}, more: (stack: Stack, resource: CfnResource) => void = () => {}) => messages((stack) => {
  more(stack, new CfnResource(stack, 'Raw', { type, properties: properties as { [name: string]: any } }));
}, options).map(({ text }) => /cdk-sagemaker:checks\/([\w/]+)/.exec(text)![1]);

describe('Images', () => {
  const imageRules = (image: unknown, options: SageMakerChecksOptions = {}, more?: (stack: Stack) => void) =>
    rulesOf('AWS::SageMaker::Model', { PrimaryContainer: { Image: image } }, { ...only(SageMakerCheck.IMAGE), ...options }, more);

  test.each([
    '763104351884.dkr.ecr.us-east-1.amazonaws.com/img:1', '763104351884.dkr.ecr-fips.us-gov-west-1.amazonaws.com/img:1', '763104351884.dkr.ecr.cn-north-1.amazonaws.com.cn/img:1',
    '763104351884.dkr-ecr.us-east-1.on.aws/img:1', '763104351884.dkr-ecr-fips.us-east-1.on.aws/img:1', { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/img:1' },
  ])('in %j are in Amazon ECR', (image) => {
    expect(imageRules(image)).toEqual([]);
  });

  test.each([
    '763104351884.dkr.ecr.us-east-1.evil.example/img:1', '763104351884.dkr.ecr.us-east-1.amazonaws.com.evil.example/img:1', '763104351884.dkr-ecr.us-east-1.evil.example/img:1',
    'evil.dkr.ecr.us-east-1.amazonaws.com/img:1', 'evil.example.dkr.ecr.us-east-1.amazonaws.example/img:1',
  ])('in %s are in a registry like any other', (image) => {
    expect(imageRules(image)).toEqual(['image']);
    expect(imageRules(image, { imageRegistries: [image.split('/')[0]!] })).toEqual([]);
  });

  test('in a domain that is known at deployment may be anywhere', () => {
    expect(imageRules({ 'Fn::Sub': '763104351884.dkr.ecr.us-east-1.${Domain}/img:1' })).toEqual(['image/unknown']);
  });

  test('of a mapping may be of the account that is taken where the mapping has none', () => {
    const of = (DefaultValue: string) => ({ 'Fn::Join': ['', [{ 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::Region' }, 'account', { DefaultValue }] }, '.dkr.ecr.eu-west-1.amazonaws.com/img:1']] });
    const mapping = (stack: Stack) => { new CfnMapping(stack, 'Accounts', { mapping: { 'eu-west-1': { account: '111111111111' } } }); };
    expect(imageRules(of('111111111111'), { imageAccounts: ['111111111111'] }, mapping)).toEqual([]);
    expect(imageRules(of('999999999999'), { imageAccounts: ['111111111111'] }, mapping)).toEqual(['image']);
  });
});

describe('Model packages and algorithms', () => {
  const options = { ...only(SageMakerCheck.IMAGE), imageAccounts: ['111111111111'] };
  const packageOf = (account: string) => `arn:aws:sagemaker:eu-west-1:${account}:model-package/group/1`;
  const model = (name: unknown, more?: (stack: Stack) => void) => rulesOf('AWS::SageMaker::Model', { PrimaryContainer: { ModelPackageName: name } }, options, more);

  test.each<[string, unknown, string[], ((stack: Stack) => void)?]>([
    ['of an account that is allowed', packageOf('111111111111'), []],
    ['of another account', packageOf('222222222222'), ['image']],
    ['of the stack', { 'Fn::Sub': 'arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:model-package/group/1' }, []],
    ['by a name', 'group/1', []],
    ['that the stack makes', { 'Fn::GetAtt': ['Package', 'ModelPackageArn'] }, [], (stack) => { new CfnResource(stack, 'Package', { type: 'AWS::SageMaker::ModelPackage' }).addMetadata('cdk-sagemaker:checks', []); }],
    ['of a parameter', { Ref: 'P' }, ['image/unknown'], (stack) => { new CfnParameter(stack, 'P'); }],
    ['of an attribute of something else', { 'Fn::GetAtt': ['Found', 'Arn'] }, ['image/unknown'], (stack) => { new CfnResource(stack, 'Found', { type: 'Custom::Found' }); }],
    ['of one of two accounts', { 'Fn::If': ['C', packageOf('111111111111'), packageOf('222222222222')] }, ['image/unknown']],
  ])('%s', (_what, name, expected, ...[more]) => {
    expect(model(name, more)).toEqual(expected);
  });

  test('of any account have images where any account may have', () => {
    expect(rulesOf('AWS::SageMaker::Model', { PrimaryContainer: { ModelPackageName: packageOf('222222222222') } }, only(SageMakerCheck.IMAGE))).toEqual([]);
  });

  test('are judged of jobs and packages', () => {
    const AlgorithmName = 'arn:aws:sagemaker:eu-west-1:222222222222:algorithm/theirs';
    expect(rulesOf('Custom::SageMakerTrainingJob', { Request: { AlgorithmSpecification: { AlgorithmName } } }, options)).toEqual(['image']);
    expect(rulesOf('AWS::SageMaker::ModelPackage', { SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName }] } }, options)).toEqual(['image']);
  });

  test('are validated by transform jobs, which are judged as such', () => {
    const profile = { ProfileName: 'p', TransformJobDefinition: { TransformResources: { InstanceType: 'ml.p5.48xlarge', InstanceCount: 1 }, TransformOutput: { S3OutputPath: 's3://out/' } } };
    expect(rulesOf('AWS::SageMaker::ModelPackage', { ValidationSpecification: { ValidationProfiles: [profile] } }, { deniedInstanceFamilies: ['p5'], requiredTags: {} }))
      .toEqual(['outputKey', 'instanceFamily']);
    const onVolumes = { ...profile, TransformJobDefinition: { TransformResources: { InstanceType: 'ml.m5.large' }, TransformOutput: { KmsKeyId: 'k' } } };
    expect(rulesOf('AWS::SageMaker::ModelPackage', { ValidationSpecification: { ValidationProfiles: [onVolumes] } })).toEqual(['volumeKey']);
  });
});

describe('Suppression', () => {
  const suppressed = (stack: Stack, check = SageMakerCheck.VPC) => {
    const job = trainingIn(stack);
    SageMakerChecks.suppress(job, check, 'public data alone');
    return job;
  };

  test('lets one construct break one rule, as an error too', () => {
    const found = messages((stack) => { suppressed(stack); trainingIn(stack, {}, 'Other'); }, { severity: CheckSeverity.OFF, severities: { vpc: CheckSeverity.ERROR, networkIsolation: CheckSeverity.ERROR } });
    expect(found.map(({ path, text }) => [path, /\/(\w+)\]$/.exec(text)![1]])).toEqual([['Stack/Train', 'networkIsolation'], ['Stack/Other', 'vpc'], ['Stack/Other', 'networkIsolation']]);
  });

  test('holds below its construct, also for what is made later', () => {
    expect(messages((stack) => { SageMakerChecks.suppress(stack, SageMakerCheck.VPC, 'a sandbox'); trainingIn(stack); }, only(SageMakerCheck.VPC))).toEqual([]);
  });

  test('is in the metadata of the resource, with its reason, for several rules', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    const job = suppressed(stack);
    SageMakerChecks.suppress(stack, SageMakerCheck.IMAGE, 'a sandbox');
    app.synth();
    app.synth({ force: true });
    const { Metadata } = app.synth().getStackByName('Stack').template.Resources[stack.getLogicalId(job.node.defaultChild as CfnResource)];
    expect(Metadata['cdk-sagemaker:checks']).toEqual(expect.arrayContaining([{ check: 'vpc', reason: 'public data alone' }, { check: 'image', reason: 'a sandbox' }]));
    expect(Metadata['cdk-sagemaker:checks']).toHaveLength(2);
  });

  test('takes a reason, and a rule that there is', () => {
    const stack = new Stack(newApp(), 'Stack');
    expect(() => SageMakerChecks.suppress(stack, SageMakerCheck.VPC, ' ')).toThrow('Stack: reason must say why the rule need not be kept');
    expect(() => SageMakerChecks.suppress(stack, 'vpcs' as SageMakerCheck, 'because')).toThrow('Stack: check must be one of vpc, networkIsolation');
  });
});

describe('Suppression in a template', () => {
  const withMetadata = (metadata: unknown) => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    new CfnResource(stack, 'Raw', { type: 'AWS::SageMaker::Model', properties: {} }).addOverride('Metadata', metadata);
    const checks = SageMakerChecks.all(only(SageMakerCheck.VPC));
    Aspects.of(app).add(checks);
    const found = report(app, checks).violations.map(({ ruleName, severity }) => [ruleName.replace('cdk-sagemaker:checks/', ''), severity]);
    expect(synthesized(app).map(({ level }) => level)).toEqual(found.map(([, severity]) => severity));
    return found;
  };
  const MISSED = ['vpc', 'error'];
  const REFUSED = ['suppression', 'error'];

  test.each<[unknown, unknown[]]>([
    [[{ check: 'vpc', reason: 'public data alone' }], []],
    [[{ check: 'vpc' }], [REFUSED, MISSED]],
    [[{ check: 'vpc', reason: '  ' }], [REFUSED, MISSED]],
    [[{ check: 'vpc', reason: 1 }], [REFUSED, MISSED]],
    [[{ check: 'vpcs', reason: 'public data alone' }], [REFUSED, MISSED]],
    [[null, { check: 'vpc', reason: 'public data alone' }], [REFUSED]],
    ['vpc', [REFUSED, MISSED]],
    [{ check: 'vpc' }, [REFUSED, MISSED]],
  ])('as %j finds %j', (suppressions, expected) => {
    expect(withMetadata({ 'cdk-sagemaker:checks': suppressions })).toEqual(expected);
  });

  test('is none in metadata that are no structure', () => {
    expect(withMetadata('x')).toEqual([MISSED]);
  });
});

describe('Conditions', () => {
  const NONE = { Ref: 'AWS::NoValue' };
  const either = (one: unknown, other: unknown = NONE) => ({ 'Fn::If': ['C', one, other] });
  const config = (variants: unknown, more: object = {}) => ({ ProductionVariants: variants, ...more });
  const severities = { vpc: CheckSeverity.ERROR, networkIsolation: CheckSeverity.ERROR, volumeKey: CheckSeverity.ERROR, instanceFamily: CheckSeverity.ERROR, outputKey: CheckSeverity.ERROR };
  const options: SageMakerChecksOptions = { severity: CheckSeverity.OFF, severities, deniedInstanceFamilies: ['p5'] };
  const SERVED = { ModelName: 'm', InstanceType: 'ml.m5.large' };

  test.each<[string, unknown, string[]]>([
    ['a serverless variant', config([{ ModelName: 'm', ServerlessConfig: {} }]), []],
    ['a variant that may be serverless', config([{ ...SERVED, ServerlessConfig: either({}) }]), ['volumeKey/unknown']],
    ['a variant of a denied family that may be serverless', config([{ ModelName: 'm', InstanceType: 'ml.p5.48xlarge', ServerlessConfig: either({}) }], { KmsKeyId: 'k' }), ['instanceFamily/unknown']],
    ['variants of two lists', config(either([SERVED], [{ ...SERVED, VariantName: 'b' }])), ['vpc/unknown', 'networkIsolation/unknown', 'volumeKey/unknown', 'outputKey/unknown', 'instanceFamily/unknown']],
    ['a variant of one of two models', config([{ ...SERVED, ModelName: either('m', 'n') }], { KmsKeyId: 'k' }), []],
    ['a variant that may be of components', config([{ ...SERVED, ModelName: either('m') }], { KmsKeyId: 'k' }), ['vpc/unknown', 'networkIsolation/unknown']],
    ['one of two variants that is of components', config([SERVED, { InstanceType: 'ml.m5.large' }], { KmsKeyId: 'k' }), ['vpc', 'networkIsolation']],
    ['captured data that may be, with a key', config([SERVED], { KmsKeyId: 'k', DataCaptureConfig: either({ KmsKeyId: 'k' }) }), []],
    ['captured data that may be, without a key', config([SERVED], { KmsKeyId: 'k', DataCaptureConfig: either({}) }), ['outputKey/unknown']],
  ])('leave out no rule for %s', (_what, properties, expected) => {
    expect(rulesOf('AWS::SageMaker::EndpointConfig', properties as object, options).sort()).toEqual(expected.sort());
  });

  test('leave out no rule for a job that may be serverless', () => {
    const of = (ServerlessJobConfig: unknown) => rulesOf('Custom::SageMakerTrainingJob', { Request: { ServerlessJobConfig, ResourceConfig: { InstanceType: 'ml.m5.large' } } }, { ...options, severities: { networkIsolation: CheckSeverity.ERROR, volumeKey: CheckSeverity.ERROR } });
    expect(of({})).toEqual([]);
    expect(of(either({}))).toEqual(['networkIsolation/unknown', 'volumeKey/unknown']);
    expect(of(undefined)).toEqual(['networkIsolation', 'volumeKey']);
  });

  test('know no run time of a job that may be serverless and says none', () => {
    const of = (StoppingCondition?: object) => rulesOf('Custom::SageMakerTrainingJob', { Request: { ServerlessJobConfig: either({}), StoppingCondition } }, { ...only(SageMakerCheck.MAX_RUNTIME), maxRuntime: Duration.days(1) });
    expect(of()).toEqual(['maxRuntime/unknown']);
    expect(of({ MaxRuntimeInSeconds: 90000 })).toEqual(['maxRuntime']);
  });

  const modelVpc = (VpcConfig: unknown) => rulesOf('AWS::SageMaker::Model', { VpcConfig }, only(SageMakerCheck.VPC));
  test.each([{}, { Subnets: NONE }, { Subnets: [] }, { Subnets: [NONE], SecurityGroupIds: ['g'] }, either({}, { Subnets: NONE })])('a network without subnets is none: %j', (vpc) => {
    expect(modelVpc(vpc)).toEqual(['vpc']);
  });
  test.each([either({ Subnets: ['s'] }), { Subnets: either(['s']) }, { Subnets: [either('s')] }, { Subnets: either(['s'], []) }])('a network that may have subnets may be none: %j', (vpc) => {
    expect(modelVpc(vpc)).toEqual(['vpc/unknown']);
  });
  test.each([{ Subnets: ['s'] }, { Subnets: either(['s'], ['t']) }, { Subnets: ['s', either('t')] }, either({ Subnets: ['s'] }, { Subnets: ['t'] })])('a network is one whichever way conditions go: %j', (vpc) => {
    expect(modelVpc(vpc)).toEqual([]);
  });

  const parameter = (name: string, props: object) => (stack: Stack) => { new CfnParameter(stack, name, props); };
  const key = (value: unknown, more?: (stack: Stack) => void) => rulesOf('AWS::SageMaker::EndpointConfig', config([SERVED], { KmsKeyId: value, DataCaptureConfig: { KmsKeyId: value } }),
    { severity: CheckSeverity.OFF, severities: { volumeKey: CheckSeverity.ERROR, outputKey: CheckSeverity.ERROR } }, more);
  const both = (suffix: string) => [`volumeKey${suffix}`, `outputKey${suffix}`];
  test.each<[string, unknown, string[], ((stack: Stack) => void)?]>([
    ['empty text', '', both('')],
    ['empty text or a key', either('', 'arn'), both('/unknown')],
    ['one of two empty texts', either('', ''), both('')],
    ['one of two keys', either('a', 'b'), []],
    ['a parameter without a default', { Ref: 'P' }, both('/unknown'), parameter('P', {})],
    ['a parameter that is empty by default', { Ref: 'P' }, both('/unknown'), parameter('P', { default: '' })],
    ['a key or such a parameter', either('arn', { Ref: 'P' }), both('/unknown'), parameter('P', { default: '' })],
    ['a parameter that is a key by default', { Ref: 'P' }, [], parameter('P', { default: 'arn' })],
    ['a parameter that can\'t be empty', { Ref: 'P' }, [], parameter('P', { minLength: 1 })],
  ])('a key that is %s', (_what, value, expected, ...[more]) => {
    expect(key(value, more)).toEqual(expected);
  });
});

describe('Types', () => {
  test('are those of the template, for the aspect as for the plugin', () => {
    const found = (build: (stack: Stack) => void) => {
      const app = newApp();
      build(new Stack(app, 'Stack'));
      const checks = SageMakerChecks.all(only(SageMakerCheck.VPC));
      Aspects.of(app).add(checks);
      const { violations } = report(app, checks);
      expect(synthesized(app)).toHaveLength(violations.length);
      return violations.length;
    };
    const retyped = (from: string, to: string, isSuppressed = false) => (stack: Stack) => {
      const resource = new CfnResource(stack, 'Raw', { type: from });
      resource.addOverride('Type', to);
      if (isSuppressed) { SageMakerChecks.suppress(resource, SageMakerCheck.VPC, 'public data alone'); }
    };
    expect(found(retyped('AWS::S3::Bucket', 'AWS::SageMaker::Model'))).toBe(1);
    expect(found(retyped('AWS::S3::Bucket', 'AWS::SageMaker::Model', true))).toBe(0);
    expect(found(retyped('AWS::SageMaker::Model', 'AWS::S3::Bucket'))).toBe(0);
    expect(found((stack) => { (trainingIn(stack).node.defaultChild as CfnResource).addOverride('Type', 'Custom::Mine'); })).toBe(1);
  });

  test('of custom resources that are sent what a job is are those of jobs', () => {
    const of = (type: string, properties: object) => rulesOf(type, properties, only(SageMakerCheck.VPC));
    expect(of('Custom::Mine', { Kind: 'TrainingJob', Request: {} })).toEqual(['vpc']);
    expect(of('AWS::CloudFormation::CustomResource', { Kind: 'TrainingJob', Request: {} })).toEqual(['vpc']);
    expect(of('Custom::Mine', { Kind: 'Other', Request: {} })).toEqual([]);
    expect(of('Custom::Mine', { Kind: 'TrainingJob' })).toEqual([]);
    expect(of('constructor', {})).toEqual([]);
  });
});

describe('Resources that nobody has compiled', () => {
  test.each([{ team: 'x' }, 'x', 7, [], [null]])('with the tags %j miss one', (Tags) => {
    expect(rulesOf('AWS::SageMaker::Model', { Tags }, { ...only(SageMakerCheck.TAGS), requiredTags: { team: [] } })).toEqual(['tags']);
  });

  test('of the name of what every object has are no resources of SageMaker', () => {
    const directory = mkdtempSync(join(folder, 'raw-'));
    const file = join(directory, 'Raw.template.json');
    writeFileSync(file, JSON.stringify({ Resources: { A: { Type: 'constructor' }, B: { Type: 'toString', Properties: null }, C: { Type: 'AWS::SageMaker::Model', Properties: null } } }));
    expect(SageMakerChecks.all(only(SageMakerCheck.VPC)).validate({ templatePaths: [file], appConstruct: newApp() }).violations).toHaveLength(1);
  });
});

describe('Checks as a plugin', () => {
  test('report the resource, the place in the template and the rule', () => {
    const app = newApp();
    trainingIn(new Stack(app, 'Stack'));
    const { success, violations } = report(app, SageMakerChecks.all(only(SageMakerCheck.VPC)));
    expect(success).toBe(false);
    expect(violations).toEqual([{
      ruleName: 'cdk-sagemaker:checks/vpc', description: 'vpc must be given, got nothing (Request.VpcConfig)', severity: 'error',
      violatingResources: [{ resourceLogicalId: expect.stringMatching(/^Train/), templatePath: expect.stringMatching(/Stack\.template\.json$/), locations: ['Properties/Request/VpcConfig'] }],
    }]);
  });

  test('succeed where there are warnings alone, or nothing', () => {
    const app = newApp();
    trainingIn(new Stack(app, 'Stack'));
    expect(report(app, SageMakerChecks.all(only(SageMakerCheck.VPC, CheckSeverity.WARNING)))).toMatchObject({ success: true, violations: [{ severity: 'warning' }] });
    expect(report(app, SageMakerChecks.all(only(SageMakerCheck.TAGS)))).toEqual({ success: true, violations: [] });
  });

  test.each<[string, (checks: SageMakerChecks, outdir: string) => App]>([
    ['as the CDK has it now', (checks, outdir) => { const app = new App({ outdir }); Validations.of(app).addPlugins(checks); return app; }],
    ['as it had it before', (checks, outdir) => new App({ outdir, policyValidationBeta1: [checks] })],
  ])('fail the synthesis of an app that they are registered with, %s', (_way, registered) => {
    const failed = (options: SageMakerChecksOptions) => {
      const silent = (['error', 'warn'] as const).map((method) => jest.spyOn(console, method).mockImplementation());
      const { exitCode } = process;
      try {
        const app = registered(SageMakerChecks.all(options), join(folder, String(apps++)));
        trainingIn(new Stack(app, 'Stack'));
        app.synth();
      } catch { return true; } finally { process.exitCode = exitCode; silent.forEach((spy) => spy.mockRestore()); }
      return false;
    };
    expect(failed(only(SageMakerCheck.VPC))).toBe(true);
    expect(failed(only(SageMakerCheck.TAGS))).toBe(false);
  });

  test('leave out what is suppressed', () => {
    const app = newApp();
    SageMakerChecks.suppress(trainingIn(new Stack(app, 'Stack')), SageMakerCheck.VPC, 'public data alone');
    expect(report(app, SageMakerChecks.all(only(SageMakerCheck.VPC))).violations).toEqual([]);
  });

  test('know the account of a stack by the manifest', () => {
    const app = newApp();
    const image = (account: string) => ContainerImage.fromUri(`${account}.dkr.ecr.eu-west-1.amazonaws.com/mine:1`);
    new ProcessingJob(new Stack(app, 'Own', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Job', { image: image('111111111111'), capacity: trainingProps().capacity });
    new ProcessingJob(new Stack(app, 'Other', { env: { account: '222222222222', region: 'eu-west-1' } }), 'Job', { image: image('111111111111'), capacity: trainingProps().capacity });
    const { violations } = report(app, SageMakerChecks.all({ ...only(SageMakerCheck.IMAGE), imageAccounts: [] }));
    expect(violations.map(({ violatingResources: [resource] }) => /(\w+)\.template/.exec(resource!.templatePath!)![1])).toEqual(['Other']);
  });

  test('have the ids of what they may find', () => {
    expect(SageMakerChecks.all().ruleIds).toEqual(RULE_NAMES.flatMap((rule) => [`cdk-sagemaker:checks/${rule}`, `cdk-sagemaker:checks/${rule}/unknown`]).concat('cdk-sagemaker:checks/suppression'));
    expect(Object.values(SageMakerCheck)).toEqual(expect.arrayContaining([...RULE_NAMES]));
    expect(Object.values(SageMakerCheck)).toHaveLength(RULE_NAMES.length);
  });
});

describe('Aspect and plugin', () => {
  test.each(Array.from({ length: 6 }, (_, part) => part))('find the same in legal jobs, part %s', (part) => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    const around = new Surroundings(stack);
    for (let seed = part * 20; seed < (part + 1) * 20; seed++) { trainingIn(stack, legalJob(seed, around).props, `Job${seed}`); }
    new CfnProcessingJob(stack, 'Raw', { roleArn: 'r', appSpecification: { imageUri: 'python:3.12' }, processingResources: { clusterConfig: { instanceCount: 2, instanceType: 'ml.m5.large', volumeSizeInGb: 1 } } });
    const checks = SageMakerChecks.all({ maxRuntime: Duration.hours(2), deniedInstanceFamilies: ['p3', 'm5'], requiredTags: { team: [] }, imageAccounts: ['210987654321'] });
    Aspects.of(app).add(checks);
    const fromAspect = synthesized(app).map(({ path, text }) => `${path}: ${text.replace(/^[^:]*: /, '').replace(/ \[(ack: )?[^\]]*\]$/, '')}`);
    const paths = new Map(stack.node.findAll().filter((node): node is CfnResource => CfnResource.isCfnResource(node)).map((node) => [stack.resolve(node.logicalId) as string, (node.node.id === 'Resource' ? node.node.scope! : node).node.path]));
    const fromPlugin = report(app, checks).violations.map(({ description, violatingResources: [resource] }) => `${paths.get(resource!.resourceLogicalId!)}: ${description}`);
    expect(fromPlugin.length).toBeGreaterThan(60);
    // the CDK says the same message of the same construct once
    expect([...new Set(fromAspect)].sort()).toEqual([...new Set(fromPlugin)].sort());
  });
});

describe('Options of checks', () => {
  test.each<[string, SageMakerChecksOptions, string]>([
    ['a severity', { severity: 'fatal' as CheckSeverity }, 'SageMakerChecks.all: severity must be one of error, warning, off, got fatal'],
    ['a severity of a rule', { severities: { vpc: 'fatal' as CheckSeverity } }, 'SageMakerChecks.all: vpc must be one of'],
    ['an instance type for a family', { deniedInstanceFamilies: ['ml.p5.48xlarge'] }, 'SageMakerChecks.all: deniedInstanceFamilies must be families of instances, for instance m5, got ml.p5.48xlarge'],
    ['an account', { imageAccounts: ['1234'] }, 'SageMakerChecks.all: imageAccounts must be accounts of 12 digits, got 1234'],
    ['a rule that there is none of', { severities: { vpcs: CheckSeverity.OFF } as any }, 'SageMakerChecks.all: severities must have no other members than vpc, networkIsolation'],
    ['an option that there is none of', { requiredTag: {} } as any, 'SageMakerChecks.all: options must have no other members than severity, severities'],
    ['one value of a tag', { requiredTags: { team: 'digits' } as any }, 'SageMakerChecks.all: requiredTags.team must be a list of texts, got digits'],
    ['no values of a tag', { requiredTags: { team: undefined } as any }, 'SageMakerChecks.all: requiredTags.team must be a list of texts'],
    ['values of a tag that are no text', { requiredTags: { team: [1] } as any }, 'SageMakerChecks.all: requiredTags.team must be a list of texts'],
    ['tags without values as a list', { requiredTags: ['team'] as any }, 'SageMakerChecks.all: requiredTags must be a structure'],
    ['one registry', { imageRegistries: 'docker.io' as any }, 'SageMakerChecks.all: imageRegistries must be a list of texts'],
    ['a word for a truth', { awsImages: 'false' as any }, 'SageMakerChecks.all: awsImages must be true or false, got false'],
    ['a time that is known at deployment', { maxRuntime: Duration.seconds(Token.asNumber({ Ref: 'Seconds' })) }, 'SageMakerChecks.all: maxRuntime must be known at synthesis, which judges by it, got a value known at deployment'],
  ])('reject what can not be: %s', (_what, options, message) => {
    expect(() => SageMakerChecks.all(options)).toThrow(message);
  });

  test('may name one rule for each that there is', () => {
    expect(messages(train(), { severities: Object.fromEntries(RULE_NAMES.map((rule) => [rule, CheckSeverity.OFF])) })).toEqual([]);
  });
});
