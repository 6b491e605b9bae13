import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, BatchDataCapture, Capacity, ContainerImage, CoreDumps, DataCapture, DataSource, Encryption, EndpointConfig, Model, OutputLocation, ProcessingJob, ProcessingOutput, SageMakerDefaults, TransformJob, Variant,
} from 'cdk-sagemaker';
import { Dice } from './support/dice';
import { ACCOUNT, allows, Deployed, REGION, type Statement } from './support/policy';
import { bucketNamed, emptyStack, IMAGE_URI, trainingIn, tuningIn } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const TYPES = ['ml.m5.large', 'ml.g5.xlarge', 'ml.m5d.large', 'ml.p3.2xlarge'];

/** Jobs, a model and endpoints whose keys come by defaults, by the construct, or by options of their own; or not at all. */
function somethingIn(stack: Stack, dice: Dice): void {
  const keys = [0, 1, 2].map((index) => (dice.chance(50) ? new Key(stack, `Key${index}`) : Key.fromKeyArn(stack, `Key${index}`, `arn:aws:kms:${REGION}:${ACCOUNT}:key/k${index}`)));
  const key = () => dice.one(keys);
  const own = () => dice.maybe(key);
  const encryption = () => dice.one([undefined, Encryption.byService(), Encryption.withKey(key()), Encryption.withKeys({ volumeKey: own(), outputKey: own() })]);
  const secrets = () => dice.maybe(() => ({ TOKEN: new Secret(stack, dice.text(8, 12), { encryptionKey: own() }) }));
  const capacity = () => (dice.chance(70) ? Capacity.onDemand({ instanceType: dice.one(TYPES), volumeKey: own() })
    : Capacity.instanceGroups({ groups: { a: { instanceType: dice.one(TYPES) }, b: { instanceType: dice.one(TYPES) } }, volumeKey: own() }));
  const output = () => (dice.chance(50) ? undefined : OutputLocation.fromBucket(bucketNamed(stack, dice.text(5, 9)), 'x', { encryptionKey: own() }));
  const bucket = bucketNamed(stack, 'shared');
  if (dice.chance(60)) { SageMakerDefaults.configure(stack, { encryption: encryption() }); }
  trainingIn(stack, { capacity: capacity(), output: output(), encryption: encryption(), secrets: secrets() });
  tuningIn(stack, { capacity: Capacity.onDemand({ instanceType: dice.one(TYPES), volumeKey: own() }), output: output(), encryption: encryption(), secrets: secrets() });
  new ProcessingJob(stack, 'Prepare', {
    image, capacity: Capacity.onDemand({ instanceType: dice.one(TYPES), volumeKey: own() }), outputs: { a: ProcessingOutput.toStackBucket(), b: ProcessingOutput.toBucket(bucket) }, outputKey: own(), encryption: encryption(), secrets: secrets(),
  });
  const model = new Model(stack, 'Model', { image, encryption: encryption(), secrets: secrets() });
  new TransformJob(stack, 'Scores', {
    model, input: DataSource.fromS3Uri('s3://data/x/'), instanceType: dice.one(TYPES), output: output(), volumeKey: own(), encryption: encryption(), dataCapture: BatchDataCapture.toBucket(bucket, 'c', { encryptionKey: own() }),
  });
  const onInstances = () => Variant.onInstances(model, { instanceType: dice.one(TYPES), coreDumps: dice.maybe(() => CoreDumps.toBucket(bucket, 'd', { encryptionKey: own() })) });
  new EndpointConfig(stack, 'Captured', { variants: { a: onInstances(), b: onInstances() }, encryptionKey: own(), encryption: encryption(), dataCapture: DataCapture.toBucket(bucket, 'e', { encryptionKey: own() }) });
  model.deploy('Queued', { instanceType: dice.one(TYPES), encryption: encryption(), asyncInference: AsyncInference.toBucket(bucket, 'f', { encryptionKey: own() }) });
}

/** Every key that is named in what SageMaker is asked, and whose roles it is asked for. */
function* keysIn(tree: unknown, roles: readonly string[], path = ''): Iterable<{ path: string; keyArn: string; roles: readonly string[] }> {
  if (typeof tree !== 'object' || tree === null) { return; }
  const { RoleArn } = tree as { RoleArn?: string };
  const whose = RoleArn === undefined ? roles : [RoleArn];
  for (const [member, value] of Object.entries(tree)) {
    const place = path === '' ? member : `${path}.${member}`;
    if (/KmsKeyId$/.test(member)) { yield { path: place, keyArn: String(value), roles: whose }; } else { yield* keysIn(value, whose, place); }
  }
}

const JOBS = ['Custom::SageMakerTrainingJob', 'Custom::SageMakerHyperParameterTuningJob', 'Custom::SageMakerTransformJob'];

/** Who may not do with a key or a secret what a request has it do. */
function faultsOf(stack: Stack): string[] {
  const deployed = new Deployed(stack);
  const policies = new Map(deployed.ofType('AWS::IAM::Role').map(([id]): [string, Statement[]] => [deployed.value({ 'Fn::GetAtt': [id, 'Arn'] }), deployed.statementsOf(id)]));
  const models = deployed.ofType('AWS::SageMaker::Model').map(([, { ExecutionRoleArn }]) => ExecutionRoleArn);
  const handler = [...policies].find(([role]) => role.includes('JobHandlerRole'))![1];
  const faults: string[] = [];
  const must = (who: string, statements: Statement[], place: string, actions: string[], resource: string, context = {}) => {
    for (const action of actions) { if (!allows(statements, { action, resource, context })) { faults.push(`${who} may not ${action} for ${place}`); } }
  };
  const asked = [...JOBS.map((type) => [type, 'Request'] as const), ['AWS::SageMaker::ProcessingJob', undefined] as const, ['AWS::SageMaker::EndpointConfig', undefined] as const]
    .flatMap(([type, member]) => deployed.ofType(type).map(([id, properties]) => [id, type, member ? properties[member] : properties] as const));
  for (const [id, type, request] of asked) {
    for (const { path, keyArn, roles } of keysIn(request, models)) {
      const isVolume = path.endsWith('VolumeKmsKeyId');
      if (type === 'AWS::SageMaker::EndpointConfig' && path === 'KmsKeyId') { continue; }                 // whoever deploys
      const context = { 'kms:GrantIsForAWSResource': 'true' };
      const actions = isVolume ? ['kms:CreateGrant', 'kms:DescribeKey'] : ['kms:GenerateDataKey', 'kms:Encrypt', 'kms:Decrypt'];
      roles.forEach((role) => must(role, policies.get(role)!, `${id} ${path}`, actions, keyArn, context));
      if (isVolume && JOBS.includes(type)) { must('the handler', handler, `${id} ${path}`, actions, keyArn, context); }
    }
  }
  for (const [, { KmsKeyId }] of deployed.ofType('AWS::SecretsManager::Secret')) {
    if (KmsKeyId && ![...policies.values()].some((statements) => allows(statements, { action: 'kms:Decrypt', resource: KmsKeyId, context: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` } }))) { faults.push(`nobody decrypts by ${KmsKeyId}`); }
  }
  return faults;
}

test.each(Array.from({ length: 25 }, (_, seed) => seed))('whoever uses a key that a request names may do so, whichever prop it comes by (%i)', (seed) => {
  const stack = emptyStack();
  somethingIn(stack, new Dice(seed));
  expect(faultsOf(stack)).toEqual([]);
});

test('the judge notices a key that nobody was granted', () => {
  const stack = emptyStack();
  const key = new Key(stack, 'Key');
  trainingIn(stack, { overrides: { ResourceConfig: { VolumeKmsKeyId: key.keyArn } } });
  expect(faultsOf(stack)).toEqual(expect.arrayContaining([expect.stringContaining('may not kms:CreateGrant for'), expect.stringMatching(/^the handler may not kms:DescribeKey/)]));
});
