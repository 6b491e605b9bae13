import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Aws, CfnParameter, SecretValue, Size, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, DataSource, Endpoint, EndpointConfig, EvaluationType, HyperparameterTuningJob, Hyperparameters, InferenceComponent, Model, ModelPackage, ModelPackageGroup, ModelPackageSource, ProcessingJob,
  ServerlessJob, Variant,
} from 'cdk-sagemaker';
import { BASE_MODEL, EVALUATOR } from './support/every-prop';
import { allowing, emptyStack, flat, IMAGE_URI, only, statements, trainingIn, tuningDefinition, warnings } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/k';
const known = (stack: Stack) => Secret.fromSecretCompleteArn(stack, 'Known', ARN);
const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large' });
const at = (tree: any, path: string) => path.split('.').reduce((place, member) => place?.[member], tree);

interface Said { readonly secrets?: { [name: string]: ISecret }; readonly environment?: { [name: string]: string }; readonly networkIsolation?: boolean }
/** Whoever has containers: how it is said, where the variables are, and whose the role is. */
type Row = readonly [what: string, make: (stack: Stack, said: Said) => unknown, type: string, environment: string, role: string];

const componentIn = (stack: Stack, { networkIsolation, ...container }: Said) => {
  const config = new EndpointConfig(stack, 'Config', { variants: { a: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) }, networkIsolation });
  return new InferenceComponent(stack, 'Component', { endpoint: new Endpoint(stack, 'Endpoint', { config }), variantName: 'a', memory: Size.gibibytes(1), container: { image, ...container } });
};
const ROWS: readonly Row[] = [
  ['a training job', (stack, said) => trainingIn(stack, said), 'Custom::SageMakerTrainingJob', 'Request.Environment', 'TrainRole'],
  ['a definition of a tuning job', (stack, said) => new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(said), maxJobs: 1 }), 'Custom::SageMakerHyperParameterTuningJob', 'Request.TrainingJobDefinition.Environment', 'TuneDefinitionRole'],
  ['a processing job', (stack, said) => new ProcessingJob(stack, 'Prepare', { image, capacity, ...said }), 'AWS::SageMaker::ProcessingJob', 'Environment', 'PrepareRole'],
  ['a model', (stack, said) => new Model(stack, 'Model', { image, ...said }), 'AWS::SageMaker::Model', 'PrimaryContainer.Environment', 'ModelRole'],
  ['a container of a pipeline', (stack, { networkIsolation, ...said }) => new Model(stack, 'Model', { containers: [{ image }, { image, ...said }], networkIsolation }), 'AWS::SageMaker::Model', 'Containers.1.Environment', 'ModelRole'],
  ['an inference component', componentIn, 'AWS::SageMaker::InferenceComponent', 'Specification.Container.Environment', 'ConfigRole'],
];

const environmentOf = (stack: Stack, [, , type, path]: Row) => at(only(Template.fromStack(stack), type).Properties, path);
const reading = (template: Template, role: string) => allowing(template, role, 'secretsmanager:GetSecretValue').map(({ Action, Resource }) => [Action, flat(Resource)]);
const READ = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];

describe('Secrets of containers', () => {
  test.each(ROWS)('%s: the variable is the ARN, beside the other variables, and the role may read the secret', (...row) => {
    const stack = emptyStack();
    row[1](stack, { environment: { LEVEL: 'info' }, secrets: { DB: known(stack) } });
    expect(environmentOf(stack, row)).toEqual({ LEVEL: 'info', DB: ARN });
    expect(reading(Template.fromStack(stack), row[4])).toEqual([[READ, ARN]]);
    expect(warnings(stack).filter((text) => text.includes('secret'))).toEqual([]);
  });

  test.each(ROWS)('%s: a secret of the app, whose key decrypts it for Secrets Manager alone', (...row) => {
    const stack = emptyStack();
    row[1](stack, { secrets: { DB: new Secret(stack, 'Made', { encryptionKey: new Key(stack, 'Key') }) } });
    const template = Template.fromStack(stack);
    expect(flat(environmentOf(stack, row).DB)).toMatch(/^<Made\w+>$/);
    expect(allowing(template, row[4], 'kms:Decrypt').map(({ Resource, Condition }) => [flat(Resource), flat(Condition.StringLike['kms:ViaService'])]))
      .toEqual([[expect.stringMatching(/^<Key\w+\.Arn>$/), 'secretsmanager.<AWS::Region>.*']]);
  });

  test.each(ROWS)('%s: not a name that the environment has', (_what, make) => {
    const stack = emptyStack();
    expect(() => make(stack, { environment: { DB: 'x' }, secrets: { DB: known(stack) } })).toThrow(/secrets\.DB must have a name that (container\.)?environment does not have, got DB/);
  });

  test.each(ROWS)('%s: not under network isolation, where nobody answers', (_what, make) => {
    const stack = emptyStack();
    expect(() => make(stack, { secrets: { DB: known(stack) }, networkIsolation: true })).toThrow(/secrets must be left out with networkIsolation.*, under which a container can't ask Secrets Manager, got DB/);
    expect(() => make(emptyStack(), { secrets: {}, networkIsolation: true })).not.toThrow();
  });

  test('not in a network without a way out, which isolates the container as well', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Alone', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    const said = { vpc, isolated: true, secrets: { DB: known(stack) } };
    expect(() => trainingIn(stack, said)).toThrow('Stack/Train: secrets must be left out with isolated, under which');
    expect(() => new Model(stack, 'Model', { image, ...said })).toThrow('Stack/Model: secrets must be left out with isolated, under which');
    expect(() => new ProcessingJob(stack, 'Prepare', { image, capacity, ...said })).toThrow('Stack/Prepare: secrets must be left out with isolated, under which');
  });

  test.each(ROWS)('%s: names are those of variables', (_what, make) => {
    const stack = emptyStack();
    const secret = known(stack);
    expect(() => make(stack, { secrets: { '1DB': secret } })).toThrow(/secrets: the name 1DB must be of 1 to \d+ letters, digits and underscores, without a digit first, got 1DB/);
    const other = emptyStack();
    expect(() => make(other, { secrets: { [Aws.REGION]: known(other) } })).toThrow(/secrets must have names that are known at synthesis/);
  });

  test.each(ROWS)('%s: there are 100 variables at most, secrets or not', (_what, make) => {
    const stack = emptyStack();
    const environment = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`V${index}`, 'x']));
    expect(() => make(stack, { environment, secrets: { DB: known(stack) } })).toThrow(/secrets and (container\.)?environment must have 0 to 100 entries, got 101/);
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'secrets.DB must be a secret (Secret.fromSecretCompleteArn makes one of an ARN), got undefined'],
    ['an ARN', ARN, 'secrets.DB must be a secret (Secret.fromSecretCompleteArn makes one of an ARN), got arn:aws'],
    ['a value', SecretValue.secretsManager('db'), 'secrets.DB must be a secret (Secret.fromSecretCompleteArn makes one of an ARN), got a'],
  ])('of a program without types are not %s', (_what, secret, message) => {
    for (const [, make] of ROWS) { expect(() => make(emptyStack(), { secrets: { DB: secret as ISecret } })).toThrow(message); }
    expect(() => trainingIn(emptyStack(), { secrets: [secret] as never })).toThrow('secrets must be a map of secrets by variable');
  });

  test('are not too long for a variable', () => {
    const stack = emptyStack();
    const long = Secret.fromSecretCompleteArn(stack, 'Long', ARN.replace('db', 'x'.repeat(250)));
    expect(() => new ProcessingJob(stack, 'Prepare', { image, capacity, secrets: { DB: long } })).toThrow('Stack/Prepare: secrets.DB must have at most 256 characters');
  });

  test('are not for a job without containers of one\'s own', () => {
    const stack = emptyStack();
    const algorithm = Algorithm.serverless(ServerlessJob.evaluation({ baseModel: BASE_MODEL, evaluationType: EvaluationType.CUSTOM_SCORER, evaluator: EVALUATOR }));
    expect(() => trainingIn(stack, { algorithm, capacity: Capacity.serverless(), secrets: { DB: known(stack) } })).toThrow('Stack/Train: secrets must be left out for Algorithm.serverless, which runs no container of yours, got DB');
  });

  test('are said of one of several containers', () => {
    const stack = emptyStack();
    expect(() => new Model(stack, 'Model', { containers: [{ image }, { image }], secrets: { DB: known(stack) } })).toThrow('Stack/Model: secrets must be said of one of the containers where there are containers');
  });
});

describe('A secret that was made elsewhere', () => {
  test.each<[string, (stack: Stack) => ISecret, string]>([
    ['by its name', (stack) => Secret.fromSecretNameV2(stack, 'S', 'db'), 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:db'],
    ['by a part of its ARN', (stack) => Secret.fromSecretPartialArn(stack, 'S', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db'), 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db'],
  ])('%s is read with the six characters that Secrets Manager adds', (_how, made, arn) => {
    const stack = emptyStack();
    trainingIn(stack, { secrets: { DB: made(stack) } });
    const template = Template.fromStack(stack);
    expect(flat(environmentOf(stack, ROWS[0]).DB)).toBe(arn);
    expect(reading(template, 'TrainRole')).toEqual([[READ, `${arn}-??????`]]);
  });

  test('of another account is given by its whole ARN: a part of it finds nothing there', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const part = 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:hub';
    expect(() => trainingIn(stack, { secrets: { DB: Secret.fromSecretPartialArn(stack, 'Part', part) } })).toThrow(`Stack/Train: secrets.DB must be given by its whole ARN where it is of another account (Secret.fromSecretCompleteArn), got ${part}`);
    expect(() => trainingIn(stack, { secrets: { DB: Secret.fromSecretCompleteArn(stack, 'Whole', `${part}-a1B2c3`) } }, 'Other')).not.toThrow();
  });

  test('is decrypted with its key, where that is known', () => {
    const stack = emptyStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', KEY);
    trainingIn(stack, { secrets: { DB: Secret.fromSecretAttributes(stack, 'S', { secretCompleteArn: ARN, encryptionKey }) } });
    expect(allowing(Template.fromStack(stack), 'TrainRole', 'kms:Decrypt').map(({ Resource, Condition }) => [Resource, Condition]))
      .toEqual([[KEY, { StringLike: { 'kms:ViaService': 'secretsmanager.eu-west-1.*' } }]]);
  });

  test('in another stack, with a key, leaves that stack knowing nothing of this one', () => {
    const app = new App();
    const vault = new Stack(app, 'Vault');
    const stack = new Stack(app, 'Stack');
    trainingIn(stack, { secrets: { DB: new Secret(vault, 'Secret', { encryptionKey: new Key(vault, 'Key') }) } });
    app.synth();
    expect(vault.dependencies).toEqual([]);
    expect(stack.dependencies).toEqual([vault]);
  });

  test('is granted to no role that was made elsewhere, which a warning says', () => {
    const stack = emptyStack();
    trainingIn(stack, { role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/r'), secrets: { DB: known(stack) } });
    expect(statements(Template.fromStack(stack), 'Role')).toEqual([]);
    expect(warnings(stack)).toEqual([expect.stringMatching(/secretsmanager:GetSecretValue.*importedRole/s)]);
  });
});

test('a secret of a package is read by the models that are made of it', () => {
  const stack = emptyStack();
  const source = ModelPackageSource.containers([{ image, secrets: { DB: known(stack) } }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] });
  const modelPackage = new ModelPackage(stack, 'Version', { group: new ModelPackageGroup(stack, 'Group', {}), source });
  new Model(stack, 'Model', { modelPackage });
  expect(reading(Template.fromStack(stack), 'ModelRole')).toEqual([[READ, ARN]]);
});

describe('A secret\'s value', () => {
  const secretsIn = (stack: Stack) => warnings(stack).filter((text) => text.includes('is a secret'));
  const value = (stack: Stack) => new Secret(stack, 'Made').secretValue.unsafeUnwrap();

  test.each(ROWS)('%s: warns of it in a variable', (_what, make) => {
    const stack = emptyStack();
    make(stack, { environment: { TOKEN: value(stack), OTHER: 'x', REGION: Aws.REGION, SHOWN: new CfnParameter(stack, 'Shown').valueAsString } });
    expect(secretsIn(stack)).toEqual([expect.stringMatching(/environment\.TOKEN is a secret, which everybody reads in plain text who may describe the (job|model).*secretInEnvironment/s)]);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['a field of a secret', (stack) => new Secret(stack, 'Made').secretValueFromJson('password').unsafeUnwrap()],
    ['a reference as text', () => '{{resolve:secretsmanager:db:SecretString:password}}'],
    ['a secure parameter', () => SecretValue.ssmSecure('/db', '1').unsafeUnwrap()],
    ['a secret in a text', (stack) => `user:${value(stack)}@host`],
    ['a parameter that is not shown', (stack) => new CfnParameter(stack, 'Password', { noEcho: true }).valueAsString],
    ['a value that was not unwrapped', () => SecretValue.secretsManager('db').toString()],
  ])('is %s', (_what, made) => {
    const stack = emptyStack();
    trainingIn(stack, { environment: { TOKEN: made(stack) } });
    expect(secretsIn(stack)).toHaveLength(1);
  });

  test('is a hyperparameter, or what an override says', () => {
    const stack = emptyStack();
    trainingIn(stack, { hyperparameters: Hyperparameters.of({ password: value(stack), epochs: 3 }), overrides: { Environment: { TOKEN: value(new Stack(stack, 'Inner')) } } });
    expect(secretsIn(stack)).toEqual([
      expect.stringMatching(/^hyperparameters\.password is a secret.*secretInRequest/s),
      expect.stringMatching(/^environment\.TOKEN is a secret.*secretInEnvironment/s),
    ]);
  });

  test('is a hyperparameter of a definition', () => {
    const stack = emptyStack();
    new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition({ hyperparameters: Hyperparameters.of({ password: value(stack) }) }), maxJobs: 1 });
    expect(secretsIn(stack)).toEqual([expect.stringMatching(/^hyperparameters\.password is a secret/)]);
  });

  test('is a variable of a transform job, or an argument of a processing job', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image }).transform('Scores', { input: DataSource.fromS3Uri('s3://data/x'), instanceType: 'ml.m5.large', environment: { TOKEN: value(stack) } });
    new ProcessingJob(stack, 'Prepare', { image, capacity, arguments: ['--password', '{{resolve:secretsmanager:db}}'] });
    expect(secretsIn(stack)).toEqual([
      expect.stringMatching(/^arguments\.1 is a secret.*secretInRequest/s),
      expect.stringMatching(/^environment\.TOKEN is a secret.*give the secret itself to secrets of the model.*secretInEnvironment/s),
    ]);
  });
});
