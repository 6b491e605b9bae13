import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Aws, Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, BatchDataCapture, Capacity, ContainerImage, CoreDumps, DataCapture, DataSource, Encryption, EndpointConfig, Framework, HyperparameterTuningJob, Model, ModelData, ModelPackage, ModelPackageGroup,
  ModelPackageSource, OutputLocation, ProcessingJob, ProcessingOutput, SageMakerDefaults, Script, TrainingJob, TransformJob, Variant,
} from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, ofType, only, statements, trainingIn, trainingProps, tuningDefinition, warnings, type Resource } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const arn = (name: string) => `arn:aws:kms:eu-west-1:123456789012:key/${name}`;
const keyNamed = (stack: Stack, name: string): IKey => Key.fromKeyArn(stack, `Key-${name}`, arn(name));
const both = (stack: Stack, name: string) => Encryption.withKeys({ volumeKey: keyNamed(stack, `${name}-volume`), outputKey: keyNamed(stack, `${name}-output`) });
const modelIn = (stack: Stack, id = 'Model') => new Model(stack, id, { image });
const at = (tree: any, path: string) => path.split('.').reduce((place, member) => place?.[member], tree);
const propertiesOf = (stack: Stack, type: string) => only(Template.fromStack(stack), type).Properties;

interface Given { readonly encryption?: Encryption; readonly own?: IKey }
/** A member of a template that is a key: of storage or of what is written, and how a program says it of its own. */
type Row = readonly [member: string, purpose: 'volume' | 'output', make: (stack: Stack, given: Given) => unknown, type: string];

const configIn = (stack: Stack, { encryption }: Given, options: object = {}, onInstances: object = {}) => new EndpointConfig(stack, 'Config', {
  variants: { a: Variant.onInstances(modelIn(stack), { instanceType: 'ml.m5.large', ...onInstances }) }, encryption, ...options,
});
const transformIn = (stack: Stack, props: object) => new TransformJob(stack, 'Scores', { model: modelIn(stack), input: DataSource.fromS3Uri('s3://data/batch/'), instanceType: 'ml.m5.large', ...props });
const processingIn = (stack: Stack, props: object) => new ProcessingJob(stack, 'Prepare', { image, capacity: m5(), outputs: { clean: ProcessingOutput.toStackBucket() }, ...props });
const tuningIn = (stack: Stack, definition: object) => new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(definition), maxJobs: 1 });
const packageIn = (stack: Stack, props: object) => new ModelPackage(stack, 'Version', {
  group: new ModelPackageGroup(stack, 'Group', {}), source: ModelPackageSource.containers([{ image }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] }), ...props,
});
const repackIn = (stack: Stack, props: object, volumeKey?: IKey) => new Model(stack, 'Model', {
  framework: Framework.pytorch('2.6.0', { pyVersion: 'py312' }), instanceType: 'ml.m5.large', script: Script.fromFile('test/support/source/serve.py'), modelData: ModelData.fromS3Uri('s3://models/model.tar.gz'),
  repack: { volumeKey }, ...props,
});
const m5 = (volumeKey?: IKey) => Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey });
const out = (stack: Stack, encryptionKey?: IKey) => OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'x', { encryptionKey });
const TRAINING = 'Custom::SageMakerTrainingJob';
const TUNING = 'Custom::SageMakerHyperParameterTuningJob';
const TRANSFORM = 'Custom::SageMakerTransformJob';
const CONFIG = 'AWS::SageMaker::EndpointConfig';

const ROWS: readonly Row[] = [
  ['Request.ResourceConfig.VolumeKmsKeyId', 'volume', (stack, { encryption, own }) => trainingIn(stack, { encryption, capacity: m5(own) }), TRAINING],
  ['Request.OutputDataConfig.KmsKeyId', 'output', (stack, { encryption, own }) => trainingIn(stack, { encryption, output: out(stack, own) }), TRAINING],
  ['Request.TrainingJobDefinition.HyperParameterTuningResourceConfig.VolumeKmsKeyId', 'volume', (stack, { encryption, own }) => tuningIn(stack, { encryption, capacity: m5(own) }), TUNING],
  ['Request.TrainingJobDefinition.OutputDataConfig.KmsKeyId', 'output', (stack, { encryption, own }) => tuningIn(stack, { encryption, output: out(stack, own) }), TUNING],
  ['Request.TransformResources.VolumeKmsKeyId', 'volume', (stack, { encryption, own }) => transformIn(stack, { encryption, volumeKey: own }), TRANSFORM],
  ['Request.TransformOutput.KmsKeyId', 'output', (stack, { encryption, own }) => transformIn(stack, { encryption, output: out(stack, own) }), TRANSFORM],
  ['Request.DataCaptureConfig.KmsKeyId', 'output', (stack, { encryption, own }) => transformIn(stack, { encryption, dataCapture: BatchDataCapture.toBucket(bucketNamed(stack, 'caught'), 'x', { encryptionKey: own }) }), TRANSFORM],
  ['ProcessingResources.ClusterConfig.VolumeKmsKeyId', 'volume', (stack, { encryption, own }) => processingIn(stack, { encryption, capacity: m5(own) }), 'AWS::SageMaker::ProcessingJob'],
  ['ProcessingOutputConfig.KmsKeyId', 'output', (stack, { encryption, own }) => processingIn(stack, { encryption, outputKey: own }), 'AWS::SageMaker::ProcessingJob'],
  ['KmsKeyId', 'volume', (stack, given) => configIn(stack, given, { encryptionKey: given.own }), CONFIG],
  ['AsyncInferenceConfig.OutputConfig.KmsKeyId', 'output', (stack, given) => configIn(stack, given, { asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers'), 'x', { encryptionKey: given.own }) }), CONFIG],
  ['DataCaptureConfig.KmsKeyId', 'output', (stack, given) => configIn(stack, given, { dataCapture: DataCapture.toBucket(bucketNamed(stack, 'caught'), 'x', { encryptionKey: given.own }) }), CONFIG],
  ['ProductionVariants.0.CoreDumpConfig.KmsKeyId', 'output', (stack, given) => configIn(stack, given, {}, { coreDumps: CoreDumps.toBucket(bucketNamed(stack, 'dumps'), 'x', { encryptionKey: given.own }) }), CONFIG],
  ['SecurityConfig.KmsKeyId', 'output', (stack, { encryption, own }) => packageIn(stack, { encryption, encryptionKey: own }), 'AWS::SageMaker::ModelPackage'],
  ['Request.ResourceConfig.VolumeKmsKeyId', 'volume', (stack, { encryption, own }) => repackIn(stack, { encryption }, own), TRAINING],
];
const TABLE = ROWS.map((row) => [`${row[3]} ${row[0]}`, ...row] as const);

describe('What is encrypted with what', () => {
  const member = (stack: Stack, [path, , , type]: Row) => at(propertiesOf(stack, type), path);

  test.each(TABLE)('%s: nothing by itself', (_name, ...row) => {
    const stack = emptyStack();
    row[2](stack, {});
    expect(member(stack, row)).toBeUndefined();
  });

  test.each(TABLE)('%s: the default, which the construct\'s own goes before, which the key of the option itself does', (_name, ...row) => {
    const [, purpose, make] = row;
    const of = (given: (stack: Stack) => Given) => {
      const stack = emptyStack();
      SageMakerDefaults.configure(stack, { encryption: both(stack, 'default') });
      make(stack, given(stack));
      return member(stack, row);
    };
    expect(of(() => ({}))).toBe(arn(`default-${purpose}`));
    expect(of((stack) => ({ encryption: both(stack, 'mine') }))).toBe(arn(`mine-${purpose}`));
    expect(of((stack) => ({ encryption: both(stack, 'mine'), own: keyNamed(stack, 'own') }))).toBe(arn('own'));
    expect(of((stack) => ({ own: keyNamed(stack, 'own') }))).toBe(arn('own'));
    expect(of(() => ({ encryption: Encryption.byService() }))).toBeUndefined();
    expect(of((stack) => ({ encryption: Encryption.withKey(keyNamed(stack, 'one')) }))).toBe(arn('one'));
  });

  test.each(TABLE)('%s: who uses the key may, and nobody else is granted it', (_name, ...row) => {
    const [, purpose, make, type] = row;
    const stack = emptyStack();
    make(stack, { encryption: Encryption.withKeys({ [`${purpose}Key`]: keyNamed(stack, 'k') }) });
    expect(granted(stack, arn('k'))).toEqual(expected(type, purpose));
  });
});

/** Which actions on a key the roles of a stack have, by whose they are. */
function granted(stack: Stack, keyArn: string): { [whose: string]: string[] } {
  const found: { [whose: string]: string[] } = {};
  for (const [id, { Properties: { PolicyDocument } }] of [...ofType(Template.fromStack(stack), 'AWS::IAM::Policy')] as [string, Resource][]) {
    const own = PolicyDocument.Statement.filter((statement: any) => [statement.Resource].flat().includes(keyArn));
    if (own.length > 0) { found[id.startsWith('SageMakerJob') ? 'handler' : 'role'] = own.flatMap((statement: any) => statement.Action).sort(); }
  }
  return found;
}

const VOLUME = ['kms:CreateGrant', 'kms:DescribeKey'];
const WRITTEN = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*'];

function expected(type: string, purpose: 'volume' | 'output'): { [whose: string]: string[] } {
  if (type === 'AWS::SageMaker::ModelPackage' || (type === CONFIG && purpose === 'volume')) { return {}; }      // whoever calls: the role of the deployment
  if (purpose === 'output') { return { role: WRITTEN }; }
  return type.startsWith('Custom::') ? { role: VOLUME, handler: VOLUME } : { role: VOLUME };
}

describe('Encryption', () => {
  test('has volume keys used by nobody but the service, for a resource of its own', () => {
    const stack = emptyStack();
    trainingIn(stack, { encryption: Encryption.withKey(new Key(stack, 'Key')) });
    const template = Template.fromStack(stack);
    for (const policy of ['TrainRole', 'SageMakerJobHandlerPolicy']) {
      expect(allowing(template, policy, 'kms:CreateGrant').map(({ Condition, Resource }) => [Condition, flat(Resource)])).toEqual([[{ Bool: { 'kms:GrantIsForAWSResource': 'true' } }, expect.stringMatching(/^<Key.*\.Arn>$/)]]);
    }
  });

  test('says nearest what counts, member by member of the defaults', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    SageMakerDefaults.configure(app, { encryption: both(stack, 'far'), rolePath: '/ml/' });
    SageMakerDefaults.configure(stack, { encryption: both(stack, 'near') });
    trainingIn(stack);
    expect(jobOf(Template.fromStack(stack)).Request.ResourceConfig.VolumeKmsKeyId).toBe(arn('near-volume'));
  });

  test('leaves out what is not said of two keys', () => {
    const stack = emptyStack();
    SageMakerDefaults.configure(stack, { encryption: both(stack, 'default') });
    trainingIn(stack, { encryption: Encryption.withKeys({ volumeKey: keyNamed(stack, 'disk') }), output: out(stack) });
    const { Request } = jobOf(Template.fromStack(stack));
    expect([Request.ResourceConfig.VolumeKmsKeyId, Request.OutputDataConfig.KmsKeyId]).toEqual([arn('disk'), undefined]);
  });

  test('goes with the model that a job becomes, and with what that is put on', () => {
    const stack = emptyStack();
    const training = trainingIn(stack, { encryption: both(stack, 'job') });
    const model = training.toModel('Model');
    model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
    model.deploy('Plain', { instanceType: 'ml.m5.large', encryption: Encryption.byService() });
    model.transform('Scores', { input: DataSource.fromS3Uri('s3://data/x'), instanceType: 'ml.m5.large' });
    const template = Template.fromStack(stack);
    expect(ofType(template, CONFIG).map(([, { Properties }]) => Properties.KmsKeyId)).toEqual([arn('job-volume'), undefined]);
    expect(only(template, TRANSFORM).Properties.Request.TransformResources.VolumeKmsKeyId).toBe(arn('job-volume'));
  });

  test('goes with the version that a job registers', () => {
    const stack = emptyStack();
    trainingIn(stack, { encryption: both(stack, 'job') }).register('Version', { group: new ModelPackageGroup(stack, 'Group', {}), contentTypes: ['text/csv'], responseTypes: ['text/csv'] });
    expect(propertiesOf(stack, 'AWS::SageMaker::ModelPackage').SecurityConfig).toEqual({ KmsKeyId: arn('job-output') });
  });

  test('of one definition that says something goes with the model of the best job', () => {
    const stack = emptyStack();
    const definitions = { a: tuningDefinition(), b: tuningDefinition({ encryption: both(stack, 'b') }) };
    new HyperparameterTuningJob(stack, 'Tune', { definitions, maxJobs: 1 }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(propertiesOf(stack, CONFIG).KmsKeyId).toBe(arn('b-volume'));
  });

  test('lets callers read answers that it encrypts', () => {
    const stack = emptyStack();
    const endpoint = modelIn(stack).deploy('Endpoint', { instanceType: 'ml.m5.large', encryption: both(stack, 'k'), asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers')) });
    endpoint.grantInvokeAsync(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(allowing(Template.fromStack(stack), 'Caller', 'kms:Decrypt').map(({ Resource }) => Resource)).toEqual([arn('k-output')]);
  });

  test('lets who reads an output decrypt it', () => {
    const stack = emptyStack();
    const first = trainingIn(stack, { encryption: both(stack, 'k'), output: out(stack) }, 'First');
    const prepare = processingIn(stack, { encryption: both(stack, 'p') });
    trainingIn(stack, { inputs: { artifact: first.outputData(), clean: prepare.outputData('clean') } }, 'Second');
    const template = Template.fromStack(stack);
    expect(allowing(template, 'SecondRole', 'kms:Decrypt').map(({ Resource }) => Resource).flat().sort()).toEqual([arn('k-output'), arn('p-output')]);
  });

  test('lets every role of several models write what their endpoint leaves', () => {
    const stack = emptyStack();
    new EndpointConfig(stack, 'Config', {
      variants: { a: Variant.onInstances(modelIn(stack, 'A'), { instanceType: 'ml.m5.large' }), b: Variant.onInstances(modelIn(stack, 'B'), { instanceType: 'ml.m5.large' }) },
      encryption: both(stack, 'k'), dataCapture: DataCapture.toBucket(bucketNamed(stack, 'caught')),
    });
    const template = Template.fromStack(stack);
    for (const role of ['ARole', 'BRole']) { expect(allowing(template, role, 'kms:Encrypt').map(({ Resource }) => Resource)).toEqual([arn('k-output')]); }
  });

  test('leaves directory buckets of S3 Express One Zone alone, which take no key', () => {
    const stack = emptyStack();
    trainingIn(stack, { encryption: both(stack, 'k'), output: OutputLocation.fromBucket(bucketNamed(stack, 'fast--euw1-az1--x-s3')) });
    const template = Template.fromStack(stack);
    expect(jobOf(template).Request.OutputDataConfig.KmsKeyId).toBeUndefined();
    expect(allowing(template, 'TrainRole', 'kms:Encrypt')).toEqual([]);
  });

  test('gives the outputs of a processing job that has none no key', () => {
    const stack = emptyStack();
    processingIn(stack, { encryption: both(stack, 'k'), outputs: undefined });
    expect(propertiesOf(stack, 'AWS::SageMaker::ProcessingJob').ProcessingOutputConfig).toBeUndefined();
  });
});

describe('Storage that hardware encrypts', () => {
  const volumeKeyOf = (capacity: Capacity) => {
    const stack = emptyStack();
    trainingIn(stack, { encryption: both(stack, 'k'), capacity });
    return [jobOf(Template.fromStack(stack)).Request.ResourceConfig.VolumeKmsKeyId, warnings(stack)] as const;
  };

  test.each<[string, Capacity]>([
    ['of one type', Capacity.onDemand({ instanceType: 'ml.g5.xlarge' })],
    ['of every group', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.g5.xlarge' }, b: { instanceType: 'ml.m5d.large' } } })],
    ['of every preference', Capacity.instancePreferences([{ instanceType: 'ml.p4d.24xlarge' }, { instanceType: 'ml.p5.48xlarge' }])],
  ])('%s is given no key, and no warning', (_what, capacity) => {
    const [key, warned] = volumeKeyOf(capacity);
    expect(key).toBeUndefined();
    expect(warned.filter((text) => text.includes('volumeKey'))).toEqual([]);
  });

  test.each<[string, Capacity]>([
    ['groups', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.g5.xlarge' }, b: { instanceType: 'ml.m5.large' } } })],
    ['preferences', Capacity.instancePreferences([{ instanceType: 'ml.p4d.24xlarge' }, { instanceType: 'ml.p3.2xlarge' }])],
  ])('in %s beside storage that it does not: the key is asked for, and a warning names the type', (_what, capacity) => {
    const [key, warned] = volumeKeyOf(capacity);
    expect(key).toBe(arn('k-volume'));
    expect(warned).toEqual(expect.arrayContaining([expect.stringMatching(/^ml\.(g5\.xlarge|p4d\.24xlarge) has storage of its own.*volumeKeyOnLocalStorage/s)]));
  });

  test('is told of a type that is known at deployment only', () => {
    expect(volumeKeyOf(Capacity.onDemand({ instanceType: `ml.${Aws.REGION}` }))[0]).toBe(arn('k-volume'));
  });

  test('that is asked for with a key of its own still warns', () => {
    const stack = emptyStack();
    trainingIn(stack, { capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge', volumeKey: keyNamed(stack, 'own') }) });
    expect(jobOf(Template.fromStack(stack)).Request.ResourceConfig.VolumeKmsKeyId).toBe(arn('own'));
    expect(warnings(stack)).toEqual([expect.stringContaining('volumeKeyOnLocalStorage')]);
  });

  test('is that of endpoints, transform and processing jobs as well, and serverless variants have none', () => {
    const local = emptyStack();
    SageMakerDefaults.configure(local, { encryption: both(local, 'k') });
    const model = modelIn(local);
    model.deploy('OnInstances', { instanceType: 'ml.g5.xlarge' });
    model.transform('Scores', { input: DataSource.fromS3Uri('s3://data/x'), instanceType: 'ml.g5.xlarge' });
    processingIn(local, { capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge' }) });
    modelIn(local, 'Small').deployServerless('Serverless');
    const template = Template.fromStack(local);
    expect(JSON.stringify(template.toJSON())).not.toContain(arn('k-volume'));
    expect(warnings(local).filter((text) => text.includes('OnLocalStorage'))).toEqual([]);
  });

  test('of one of several variants: the key is asked for, and a warning names the type', () => {
    const stack = emptyStack();
    new EndpointConfig(stack, 'Config', {
      variants: { a: Variant.onInstances(modelIn(stack), { instanceType: 'ml.m5.large' }), b: Variant.onInstances(modelIn(stack, 'B'), { instanceType: 'ml.g5.xlarge' }) }, encryption: both(stack, 'k'),
    });
    expect(propertiesOf(stack, CONFIG).KmsKeyId).toBe(arn('k-volume'));
    expect(warnings(stack)).toEqual([expect.stringContaining('ml.g5.xlarge has storage of its own')]);
  });
});

describe('The bucket of the stack', () => {
  const encryptionOf = (template: Template) => only(template, 'AWS::S3::Bucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration[0];

  test('is encrypted with the key of what is written, as the stack has it', () => {
    const stack = emptyStack();
    SageMakerDefaults.configure(stack, { encryption: Encryption.withKey(new Key(stack, 'Key')) });
    trainingIn(stack);
    const { ServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID }, BucketKeyEnabled } = encryptionOf(Template.fromStack(stack));
    expect([SSEAlgorithm, flat(KMSMasterKeyID), BucketKeyEnabled]).toEqual(['aws:kms', expect.stringMatching(/^<Key.*\.Arn>$/), true]);
  });

  test('is encrypted by S3 where the stack says nothing of it, whatever one job says', () => {
    for (const encryption of [undefined, Encryption.byService(), Encryption.withKeys({})]) {
      const stack = emptyStack();
      if (encryption) { SageMakerDefaults.configure(stack, { encryption }); }
      trainingIn(stack, { encryption: both(stack, 'job') });
      expect(encryptionOf(Template.fromStack(stack))).toEqual({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } });
    }
  });

  test('can have the key of another stack, which knows nothing of this one', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys');
    const stack = new Stack(app, 'Stack');
    SageMakerDefaults.configure(stack, { encryption: Encryption.withKey(new Key(keys, 'Key')) });
    trainingIn(stack).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    app.synth();
    expect(stack.dependencies).toEqual([keys]);
    expect(keys.dependencies).toEqual([]);
  });

  test('lets the deployment of files of the app encrypt, and the job decrypt', () => {
    const stack = emptyStack();
    SageMakerDefaults.configure(stack, { encryption: Encryption.withKey(keyNamed(stack, 'k')) });
    trainingIn(stack, { inputs: { train: DataSource.fromAsset('test/support/source') }, encryption: Encryption.byService() });
    const template = Template.fromStack(stack);
    const actions = (policy: string) => statements(template, policy).filter(({ Resource }) => Resource === arn('k')).flatMap(({ Action }) => Action);
    expect(actions('CustomCDKBucketDeployment')).toEqual(expect.arrayContaining(['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:Decrypt']));
    expect(actions('TrainRole')).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*']));
  });
});

describe('A program without types', () => {
  const js = (encryption: unknown) => () => trainingIn(emptyStack(), { encryption: encryption as Encryption });

  test.each<[string, unknown, string]>([
    ['a key for an encryption', { keyArn: 'arn' }, 'Stack/Train: encryption must be an Encryption, for instance Encryption.withKey(key), got {"keyArn":"arn"}'],
    ['what is known at deployment', Aws.REGION, 'Stack/Train: encryption must be an Encryption, for instance Encryption.withKey(key), got a value known at deployment'],
    ['no key', Encryption.withKey(undefined as never), 'Stack/Train: encryption.key must be a key (Key.fromKeyArn makes one of an ARN), got undefined'],
    ['an ARN for a key', Encryption.withKey('arn' as never), 'Stack/Train: encryption.key must be a key (Key.fromKeyArn makes one of an ARN), got arn'],
    ['no keys', Encryption.withKeys(undefined as never), 'Stack/Train: encryption.options must be a structure, got undefined'],
    ['a bucket for one of two keys', Encryption.withKeys({ outputKey: new Bucket(emptyStack(), 'B') as never }), 'Stack/Train: encryption.outputKey must be a key (Key.fromKeyArn makes one of an ARN), got a Bucket'],
  ])('may not give %s', (_what, encryption, message) => expect(js(encryption)).toThrow(message));

  test('may not give defaults that are none', () => {
    expect(() => SageMakerDefaults.configure(emptyStack(), { encryption: 'key' as never })).toThrow('Stack: SageMakerDefaults.configure: encryption must be an Encryption');
    expect(() => SageMakerDefaults.configure(emptyStack(), { encryption: Encryption.withKey(undefined as never) })).toThrow('Stack: SageMakerDefaults.configure: encryption.key must be a key');
  });
});

test('a template of those who use none of it is the one it was, whether a key is said to be the service\'s or not', () => {
  const of = (encryption?: Encryption) => {
    const stack = emptyStack();
    new TrainingJob(stack, 'Train', { ...trainingProps(), encryption }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large', dataCapture: DataCapture.toBucket(bucketNamed(stack, 'caught')) });
    return Template.fromStack(stack).toJSON();
  };
  expect(of(Encryption.byService())).toEqual(of());
});
