import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aws, CfnParameter } from 'aws-cdk-lib/core';
import { ContainerImage, Model, TrainingJob } from 'cdk-sagemaker';
import { emptyStack, IMAGE_URI, trainingIn } from '../support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const ARN = 'arn:aws:iam::123456789012:role/r';

/** What a program in JavaScript may pass. */
const made = (props: unknown) => () => new Model(emptyStack(), 'Model', props as never);

describe('a prop of a model of another kind is refused by name', () => {
  test.each<[string, object, string]>([
    ['an address for an image', { image: IMAGE_URI }, 'image must be a ContainerImage, for instance ContainerImage.fromUri(uri), got 1'],
    ['an address for an artifact', { image, modelData: 's3://b/m.tar.gz' }, 'modelData must be ModelData, for instance ModelData.fromS3Uri(\'s3://bucket/model.tar.gz\'), got s3://b/m.tar.gz'],
    ['a file for a script', { image, script: 'serve.py' }, 'script must be a Script, for instance Script.fromFile(\'serve.py\'), got serve.py'],
    ['an image for a script', { image, script: image }, 'script must be a Script'],
    ['the name of a framework', { framework: 'pytorch' }, 'framework must be a Framework, for instance Framework.pytorch(\'2.6.0\'), got pytorch'],
    ['an ARN for a role', { image, role: ARN }, `role must be a role (Role.fromRoleArn makes one of an ARN), got ${ARN}`],
    ['the id of a VPC', { image, vpc: 'vpc-1' }, 'vpc must be a VPC, got vpc-1'],
    ['one security group', { image, securityGroups: {} }, 'securityGroups must be a list of security groups, got {}'],
    ['a list of variables', { image, environment: ['A=1'] }, 'environment must be a structure, got ["A=1"]'],
    ['a number for a variable', { image, environment: { A: 1 } }, 'environment.A must be text, got 1'],
    ['nothing for a variable', { image, environment: { A: null } }, 'environment.A must be text, got undefined'],
    ['a map of containers', { containers: { one: { image } } }, 'containers must be a list of containers, got'],
    ['containers that are known at deployment only', { containers: Aws.NO_VALUE }, 'containers must be known at synthesis, got a value known at deployment'],
    ['an image for a container', { containers: [{ image }, IMAGE_URI] }, 'containers[1] must be a structure, got 1'],
    ['nothing for a container', { containers: [{ image }, null] }, 'containers[1] must be a structure, got undefined'],
    ['an address for the image of a container', { containers: [{ image }, { image: 'uri' }] }, 'containers[1].image must be a ContainerImage, for instance ContainerImage.fromUri(uri), got uri'],
    ['a number for a variable of a container', { containers: [{ image, environment: { A: 1 } }, { image }] }, 'containers[0].environment.A must be text, got 1'],
    ['the ARN of a key for an encryption', { image, encryption: 'arn' }, 'encryption must be an Encryption, for instance Encryption.withKey(key), got arn'],
    ['a list of secrets of a container', { containers: [{ image, secrets: [] }, { image }] }, 'containers[0].secrets must be a map of secrets by variable, got []'],
    ['text for a boolean', { image, networkIsolation: 'false' }, 'networkIsolation must be true or false, got false'],
    ['a token for a boolean', { image, multiModel: Aws.REGION }, 'multiModel must be true or false, got a value known at deployment'],
    ['a number for a name', { image, modelName: 5 }, 'modelName must be text, got 5'],
    ['a level by its name', { image, logLevel: 'INFO' }, 'logLevel must be a number, got INFO'],
    ['the ARN of a package', { modelPackage: 'arn' }, 'modelPackage must be a model package (ModelPackage.fromModelPackageArn makes one of an ARN), got arn'],
  ])('%s', (_what, props, message) => expect(made(props)).toThrow(`Stack/Model: ${message}`));

  test('no props at all', () => {
    expect(made(undefined)).toThrow('Stack/Model: props must be a structure, got undefined');
    expect(made([])).toThrow('Stack/Model: props must be a structure, got []');
  });

  test('a construct, which has no text', () => {
    const stack = emptyStack();
    expect(() => new Model(stack, 'Model', { image, modelData: new Bucket(stack, 'Bucket') as never })).toThrow('Stack/Model: modelData must be ModelData, for instance ModelData.fromS3Uri(\'s3://bucket/model.tar.gz\'), got a Bucket');
  });

  test('in a model of a job, wherever the job was made', () => {
    const stack = emptyStack();
    expect(() => trainingIn(stack).toModel('Model', { image: IMAGE_URI as never })).toThrow('Stack/Train/Model: image must be a ContainerImage');
    expect(() => trainingIn(stack, {}, 'Other').toModel('Model', { environment: { A: 1 } as never })).toThrow('Stack/Other/Model: environment.A must be text, got 1');
    expect(() => TrainingJob.fromTrainingJobName(stack, 'Old', 'old').toModel('Model', { script: 'serve.py' as never })).toThrow('Stack/Old/Model: script must be a Script');
  });
});

test('what is known at deployment is taken for a text, and for the value of a variable', () => {
  const stack = emptyStack();
  const { valueAsString } = new CfnParameter(stack, 'Name');
  expect(() => new Model(stack, 'Model', { image, modelName: valueAsString, environment: { A: Aws.REGION }, instanceType: valueAsString })).not.toThrow();
});
