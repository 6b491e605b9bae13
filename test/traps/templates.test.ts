import { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { App, CfnResource, Duration, Stack, type Environment } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, Completion, ContainerImage, DataSource, Endpoint, EndpointConfig, Hyperparameters, ImageScope, JobProvider, Model, ModelData, ModelPackageGroup, OutputLocation, Script, TransformJob, Variant,
} from 'cdk-sagemaker';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { jobName, jobProperties } from '../support/job-events';
import { handlerFrom } from '../support/handler-bundle';
import { SimulatedCloud, type Tree } from '../support/simulated-cloud';
import { TUNING } from '../support/tested-kinds';
import { engineWith, thing } from '../support/engine';
import { everyEndpointConfig } from '../support/every-endpoint-config';
import { folderWith } from '../support/folders';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, jobTemplate, ofType, only, statements, trainingIn, tuningIn } from '../support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const M5 = { instanceType: 'ml.m5.large' };

describe('A wait', () => {
  test.each([10, 55, 56, 90, 61 * 12, 18 * 24 * 60])('trap 8: of %d minutes is parted so that none takes more than CloudFormation gives, and all of it is waited', (minutes) => {
    const template = jobTemplate(() => ({ completion: Completion.finished({ within: Duration.minutes(minutes) }) }));
    const parts = ['Custom::SageMakerJobWait', 'Custom::SageMakerJobOutcome'].flatMap((type) => ofType(template, type)).map(([, { Properties }]) => Properties.Seconds as number);
    expect(Math.max(...parts)).toBeLessThanOrEqual(55 * 60);
    expect(parts.reduce((sum, seconds) => sum + seconds, 0)).toBe(minutes * 60);
  });

  test('trap 8: that nobody can keep is refused', () => {
    expect(() => trainingIn(emptyStack(), { completion: Completion.finished({ within: Duration.days(19) }) })).toThrow('Stack/Train: completion.within must be between 1 minute and 18 days');
    expect(() => trainingIn(emptyStack(), { maxRuntime: Duration.days(28) })).toThrow('Stack/Train: completion must be Completion.started(), or Completion.finished({ within }) of at most 18 days');
  });

  test('trap 34: is by no condition or handle, which are signalled once for ever, and follows the name of the job', () => {
    const template = jobTemplate(() => ({ completion: Completion.finished({ within: Duration.hours(3) }) }));
    expect([ofType(template, 'AWS::CloudFormation::WaitCondition'), ofType(template, 'AWS::CloudFormation::WaitConditionHandle')]).toEqual([[], []]);
    const [[job]] = ofType(template, 'Custom::SageMakerTrainingJob');
    for (const type of ['Custom::SageMakerJobWait', 'Custom::SageMakerJobOutcome']) {
      for (const [, { Properties }] of ofType(template, type)) { expect(Properties.JobName).toEqual({ Ref: job }); }
    }
  });
});

describe('A policy', () => {
  test('trap 12: names jobs, models and endpoints in lower case, whatever the stack and its constructs are called', () => {
    const stack = emptyStack('MyBigStack');
    const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const training = trainingIn(stack, {}, 'TrainDigits');
    Endpoint.fromEndpointName(stack, 'Old', 'Digits-Live').grantInvoke(caller);
    trainingIn(stack, { adopt: { name: 'By-Hand' } }, 'Adopted');
    tuningIn(stack);
    training.toModel('Model');
    const arns = statements(Template.fromStack(stack), '').flatMap(({ Resource }) => [Resource].flat()).map(flat).filter((arn) => /:sagemaker:/.test(arn));
    const names = arns.map((arn) => arn.split(/:(?:training-job|hyper-parameter-tuning-job|endpoint|model)\//)[1]).filter((name) => name !== undefined);
    expect(names).toEqual(expect.arrayContaining(['mybigstack-*', 'digits-live', 'by-hand']));
    const exact = new Set(names.map((name) => name.toLowerCase()));
    for (const name of exact) { expect(names).toContain(name); }
  });

  test('trap 13: has the tags of jobs beside their creation, for the names that are created', () => {
    for (const action of ['sagemaker:CreateTrainingJob', 'sagemaker:AddTags', 'sagemaker:ListTags', 'sagemaker:StopTrainingJob']) {
      expect(allowing(jobTemplate(), 'SageMakerJobHandlerPolicy', action).map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/stack-*']);
    }
  });

  test('trap 13: has decryption where something is encrypted, for its parts are put together again, and the grant of a volume\'s key', () => {
    const stack = emptyStack();
    const [output, volume] = ['Output', 'Volume'].map((id) => new Key(stack, id)) as [Key, Key];
    trainingIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models/', { encryptionKey: output }), capacity: Capacity.onDemand({ ...M5, volumeKey: volume }) });
    const template = Template.fromStack(stack);
    const of = (action: string, policy: string) => allowing(template, policy, action).map(({ Resource }) => JSON.stringify(Resource));
    for (const action of ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*']) { expect(of(action, 'Train').join()).toContain(stack.resolve(output.keyArn)['Fn::GetAtt'][0]); }
    expect(of('kms:CreateGrant', 'SageMakerJobHandlerPolicy').join()).toContain(stack.resolve(volume.keyArn)['Fn::GetAtt'][0]);
  });

  test('trap 15: is there before the job and goes after it, that of the handler too', () => {
    const template = jobTemplate();
    const { DependsOn = [] } = only(template, 'Custom::SageMakerTrainingJob') as { DependsOn?: string[] };
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^TrainRoleDefaultPolicy/), 'SageMakerJobHandlerPolicy', 'SageMakerJobWaiterPolicy']));
  });

  test('trap 14: is waited for by a model too, whose role would not be ready otherwise', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'model.tar.gz') });
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::Model').DependsOn).toEqual([expect.stringMatching(/^ModelRoleDefaultPolicy/)]);
  });

  test('trap 24: deletes no version of a model, and no group of them', () => {
    const stack = emptyStack();
    const training = trainingIn(stack);
    training.register('Version', { group: new ModelPackageGroup(stack, 'Group'), contentTypes: ['text/csv'], responseTypes: ['text/csv'] });
    const template = Template.fromStack(stack);
    expect(statements(template, '').flatMap(({ Action }) => [Action].flat()).filter((action: string) => /Delete.*Package|sagemaker:\*/.test(action))).toEqual([]);
    expect(only(template, 'AWS::SageMaker::ModelPackageGroup')).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  // every ARN that is put together, in China as everywhere; a Region that is known makes no difference
  test.each<[string, Environment | undefined]>([['wherever it is deployed', undefined], ['in China', { account: '123456789012', region: 'cn-north-1' }]])('trap 29: and all else has the partition of its stack: %s', (_where, env) => {
    const stack = new Stack(new App(), 'Stack', { env });
    const training = trainingIn(stack, { inputs: { train: DataSource.fromS3Uri('s3://data/train/') }, algorithm: Algorithm.image(ContainerImage.fromUri('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mine:1')) });
    const model = training.toModel('Model');
    const endpoint = model.deploy('Endpoint', M5);
    endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    new TransformJob(stack, 'Score', { model, input: DataSource.fromS3Uri('s3://data/score/'), ...M5 });
    expect(JSON.stringify(Template.fromStack(stack))).not.toMatch(/arn:aws[:-]/);
  });
});

describe('A job that fails', () => {
  test('trap 26: fails the stack, and what is made of its result is never made', async () => {
    const stack = emptyStack();
    trainingIn(stack).toModel('Model');
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: { Type: string; Properties: Tree } } };
    const customs = Object.entries(Resources).filter(([, { Type }]) => Type.startsWith('Custom::SageMaker')).map(([id, { Type, Properties }]) => [id, { Type, Properties: { ...Properties, ServiceToken: 'arn:function', Request: undefined, Artifact: undefined } }]);
    const [modelId, model] = Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::SageMaker::Model')!;
    const data = model.Properties.PrimaryContainer.ModelDataUrl;
    const engine = (outcome: 'SUCCESS' | 'FAILED') => engineWith(({ ResourceType, RequestType }) => ({ PhysicalResourceId: ResourceType, ...(ResourceType === 'Custom::SageMakerJobOutcome' && RequestType === 'Create' ? { Status: outcome, Reason: 'no data', Data: { ModelArtifacts: 's3://b/m' } } : {}) }));
    const made = async (outcome: 'SUCCESS' | 'FAILED') => {
      const { status, resources, events } = await engine(outcome).deploy({ Resources: { ...Object.fromEntries(customs), [modelId]: thing({ Data: data }) } });
      return [status, Object.keys(resources).includes(modelId) || events.some((event) => JSON.stringify(event).includes('"CREATE_COMPLETE"') && JSON.stringify(event).includes(`"${modelId}"`))];
    };
    expect(await made('SUCCESS')).toEqual(['CREATE_COMPLETE', true]);
    expect(await made('FAILED')).toEqual(['ROLLBACK_COMPLETE', false]);
  });

  test('trap 22: gives no address of a model: a model is where the outcome says that it is', () => {
    const stack = emptyStack();
    trainingIn(stack).toModel('Model');
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer.ModelDataUrl).toEqual({ 'Fn::GetAtt': [ofType(template, 'Custom::SageMakerJobOutcome')[0]![0], 'ModelArtifacts'] });
  });
});

describe('A request', () => {
  test('trap 21: leaves out what is empty', () => {
    const { Request } = jobOf(jobTemplate(() => ({ inputs: {}, hyperparameters: Hyperparameters.of({}), environment: {}, metrics: [], debugRules: {}, profilerRules: {} })));
    const empty = (value: unknown): boolean => typeof value === 'object' && value !== null && (Object.keys(value).length === 0 || Object.values(value).some(empty));
    expect(empty(Request)).toBe(false);
    expect(Request).not.toHaveProperty('InputDataConfig');
  });

  test('trap 21: has the attributes of an augmented manifest under their name, and the variables it is given', () => {
    const { Request } = jobOf(jobTemplate((stack) => ({
      environment: { LEVEL: 'debug' }, inputs: { train: DataSource.fromAugmentedManifest(bucketNamed(stack, 'labels'), 'train.jsonl', { dataPrefix: 'images/', attributeNames: ['source-ref', 'label'] }) },
    })));
    expect(Request.InputDataConfig[0].DataSource.S3DataSource.AttributeNames).toEqual(['source-ref', 'label']);
    expect(Request.Environment).toEqual({ LEVEL: 'debug' });
  });

  test('trap 21: misspelled by hand is refused by the handler, which knows the members of the SDK', async () => {
    const handler = handlerFrom(() => {});
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const cloud = new SimulatedCloud(handler);
    const event = { RequestType: 'Create', ResponseURL: 'https://example/1', StackId: 'arn:aws:cloudformation:eu-west-1:1:stack/a/b', RequestId: '1', LogicalResourceId: 'Train', ResourceType: 'Custom::SageMakerTrainingJob', ResourceProperties: jobProperties('A', { Request: { AtttributeNames: ['a'] } }) };
    cloud.deliver(event);
    await cloud.time.run();
    expect(cloud.answersTo(event)[0]!.parsed).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('AtttributeNames: no such member') });
  });

  test('trap 36: makes names of tuning jobs that have room for the 999th attempt in 32 characters, however long the path is', () => {
    const stack = new Stack(new App(), 'AStackWithAnExtremelyLongNameThatGoesOnAndOn');
    tuningIn(stack, {}, {}, 'AConstructWithAnExtremelyLongNameThatGoesOnAndOn');
    const { NamePrefix } = only(Template.fromStack(stack), 'Custom::SageMakerHyperParameterTuningJob').Properties;
    expect(`${jobName(jobProperties('A', { NamePrefix }, TUNING))}-999`.length).toBeLessThanOrEqual(32);
  });

  test('trap 38: names the types that will do as they are given, the best first, and none besides', () => {
    const { Request } = jobOf(jobTemplate(() => ({ capacity: Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge' }, { instanceType: 'ml.p4d.24xlarge' }]) })));
    expect(Request.ResourceConfig.InstancePreferences).toEqual([{ InstanceType: 'ml.p5.48xlarge' }, { InstanceType: 'ml.p4d.24xlarge' }]);
  });
});

describe('The function of the jobs', () => {
  const BUNDLE = readFileSync(join(__dirname, '..', '..', 'dist', 'handler', 'index.js'), 'utf8');

  test('trap 28: brings its SDK along, with the calls and members that the runtime may not know', () => {
    const wanted = [...BUNDLE.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!.replace(/^node:/, ''));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => !builtinModules.includes(name))).toEqual([]);
    for (const name of ['DeleteTrainingJob', 'DeleteHyperParameterTuningJob', 'InstancePreferences']) { expect(BUNDLE).toContain(name); }
  });

  test('trap 37: is of a runtime that Lambda still makes functions of', () => {
    const { Runtime: name } = only(jobTemplate(), 'AWS::Lambda::Function').Properties;
    expect(Number(/^nodejs(\d+)\.x$/.exec(name)![1])).toBeGreaterThanOrEqual(22);
    expect(Runtime.ALL.map((runtime) => runtime.name)).toContain(name);
  });

  test('trap 35: in a VPC is let out to wherever the answers go, and its jobs wait for the ways out', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 1 });
    JobProvider.configure(stack, { vpc });
    trainingIn(stack);
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress).toEqual([{ CidrIp: '0.0.0.0/0', IpProtocol: '-1', Description: expect.any(String) }]);
    const ways = ofType(template, 'AWS::EC2::Route').filter(([id]) => /Private/.test(id)).map(([id]) => id);
    expect(ways.length).toBeGreaterThan(0);
    expect((only(template, 'Custom::SageMakerTrainingJob') as { DependsOn?: string[] }).DependsOn).toEqual(expect.arrayContaining(ways));
  });

  test('trap 35: in a VPC without internet, its jobs wait for the endpoints there, the one to S3 among them', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    JobProvider.configure(stack, { vpc });
    trainingIn(stack);
    vpc.addGatewayEndpoint('S3', { service: { name: 'com.amazonaws.eu-west-1.s3' } as never });
    const template = Template.fromStack(stack);
    const [[endpoint]] = ofType(template, 'AWS::EC2::VPCEndpoint');
    expect((only(template, 'Custom::SageMakerTrainingJob') as { DependsOn?: string[] }).DependsOn).toContain(endpoint);
  });
});

describe('An image', () => {
  test('trap 30: that the table does not have is refused with those that it has, and is still to be had by its URI', () => {
    const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const train = (of: ContainerImage, id: string) => trainingIn(stack, { algorithm: Algorithm.image(of) }, id);
    expect(() => train(ContainerImage.fromSageMaker('pytorch', { version: '99.0.0', instanceType: 'ml.m5.large', pyVersion: 'py311', imageScope: ImageScope.TRAINING }), 'Old')).toThrow(/^Stack\/Old: .*version must be one of .*2\.6/s);
    expect(() => train(ContainerImage.fromUri('763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:99.0.0-cpu-py999'), 'New')).not.toThrow();
  });

  test('trap 30: of a Region that the table does not have is refused, and is still to be had by its URI', () => {
    const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'xx-new-1' } });
    expect(() => trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromSageMaker('xgboost', { version: '1.7-1' })) }, 'Old')).toThrow(/^Stack\/Old: .*region must be one of .*eu-west-1/s);
    expect(() => trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromUri('123456789012.dkr.ecr.xx-new-1.amazonaws.com/mine:1')) }, 'New')).not.toThrow();
  });
});

describe('Resources', () => {
  test('trap 31: are made below their constructs, two of each kind beside one another', () => {
    const stack = emptyStack();
    everyEndpointConfig(stack);
    for (const id of ['One', 'Two']) {
      const training = trainingIn(stack, { algorithm: Algorithm.image(image, { script: Script.fromDirectory(folderWith({ 'train.py': '' }), { entryPoint: 'train.py' }) }) }, id);
      new Endpoint(stack, `${id}Endpoint`, { config: new EndpointConfig(stack, `${id}Config`, { variants: { a: Variant.onInstances(training.toModel('Model'), M5) } }) });
    }
    const own = stack.node.findAll().filter((part) => part instanceof CfnModel || part instanceof CfnEndpointConfig || (CfnResource.isCfnResource(part) && /^Custom::SageMaker(Training|JobOutcome)/.test(part.cfnResourceType)));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ node }) => node.scope === stack).map(({ node }) => node.path)).toEqual([]);
  });
});
