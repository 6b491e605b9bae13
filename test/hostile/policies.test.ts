import { Template } from 'aws-cdk-lib/assertions';
import { CfnParameter } from 'aws-cdk-lib/core';
import * as library from 'cdk-sagemaker';
import { bucketNamed, emptyStack, flat, IMAGE_URI, statements, trainingIn } from '../support/stacks';

const js = library as any;

/** All that policies of a stack name. */
function named(make: (stack: ReturnType<typeof emptyStack>) => unknown): string[] {
  const stack = emptyStack();
  make(stack);
  return statements(Template.fromStack(stack), '').flatMap(({ Resource, Condition }) => [...[Resource].flat(), ...Object.values(Condition ?? {}).flatMap((each) => Object.values(each as object)).flat()]).map(flat);
}

const PREFIX = 'a*b?c${aws:username}/';
const LITERAL = 'a${*}b${?}c${$}{aws:username}/';

describe('A sign that stands for others in a policy', () => {
  test.each<[string, (stack: ReturnType<typeof emptyStack>) => unknown]>([
    ['what is read from a bucket', (stack) => trainingIn(stack, { inputs: { train: js.DataSource.fromBucket(bucketNamed(stack, 'data'), PREFIX) } })],
    ['what is read by its address', (stack) => trainingIn(stack, { inputs: { train: js.DataSource.fromS3Uri(`s3://data/${PREFIX}`) } })],
    ['what is written', (stack) => trainingIn(stack, { output: js.OutputLocation.fromBucket(bucketNamed(stack, 'data'), PREFIX) })],
    ['checkpoints', (stack) => trainingIn(stack, { checkpoints: js.Checkpoints.fromBucket(bucketNamed(stack, 'data'), PREFIX) })],
    ['a model', (stack) => new js.Model(stack, 'Model', { image: js.ContainerImage.fromUri(IMAGE_URI), modelData: js.ModelData.fromBucket(bucketNamed(stack, 'data'), PREFIX) })],
  ])('stands for itself in the prefix of %s', (_what, make) => {
    const resources = named(make).filter((each) => each.includes('aws:username'));
    expect(resources).toEqual(expect.arrayContaining([expect.stringContaining(`/${LITERAL}`)]));
    expect(resources.filter((each) => each.replaceAll(LITERAL, '').replaceAll(LITERAL.slice(0, -1), '').includes('aws:username'))).toEqual([]);
  });

  test('does not reach into a token, which is no text yet', () => {
    const stack = emptyStack();
    const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
    trainingIn(stack, { inputs: { train: js.DataSource.fromBucket(bucketNamed(stack, 'data'), `${prefix}/*/`) } });
    expect(JSON.stringify(statements(Template.fromStack(stack), 'Train'))).toMatch(/\{"Ref":"Prefix"\},"\/\$\{\*\}\/\*"/);
  });

  test.each(['*', 'a*', 'a?c', '${aws:username}', 'a b', 'a"b', '..\\', 'a%b', 'a\u00e4'])('is no name of a bucket: %s', (bucket) => {
    expect(() => trainingIn(emptyStack(), { inputs: { train: js.DataSource.fromS3Uri(`s3://${bucket}/x`) } })).toThrow(/^Stack\/Train: inputs must have data at s3:\/\/bucket\/prefix, got /);
    expect(() => new js.Model(emptyStack(), 'Model', { image: js.ContainerImage.fromUri(IMAGE_URI), modelData: js.ModelData.fromS3Uri(`s3://${bucket}/m.tar.gz`) })).toThrow(/^Stack\/Model: modelData must be .*, got /);
  });

  test.each<[string, (stack: ReturnType<typeof emptyStack>, sign: string) => unknown]>([
    ['dataset', (stack, sign) => trainingIn(stack, { inputs: { train: js.DataSource.fromDataset(`arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/DataSet/${sign}/1.0.0`) } })],
    ['hub', (stack, sign) => trainingIn(stack, { inputs: { train: js.DataSource.fromDataset(`arn:aws:sagemaker:eu-west-1:123456789012:hub-content/${sign}/DataSet/a/1.0.0`) } })],
    ['tracking server', (stack, sign) => trainingIn(stack, { mlflow: js.Mlflow.fromResource(`arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${sign}`) })],
    ['group of models', (stack, sign) => trainingIn(stack, { modelPackage: js.ModelPackageOutput.inGroup(`arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/${sign}`) })],
    ['group made elsewhere', (stack, sign) => js.ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', sign)],
    ['group made elsewhere, by its ARN', (stack, sign) => js.ModelPackageGroup.fromModelPackageGroupArn(stack, 'Group', `arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/${sign}`)],
    ['model made elsewhere', (stack, sign) => js.Model.fromModelArn(stack, 'Model', `arn:aws:sagemaker:eu-west-1:123456789012:model/${sign}`)],
    ['endpoint made elsewhere', (stack, sign) => js.Endpoint.fromEndpointName(stack, 'Endpoint', sign)],
    ['endpoint made elsewhere, by its ARN', (stack, sign) => js.Endpoint.fromEndpointArn(stack, 'Endpoint', `arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${sign}`)],
    ['algorithm', (stack, sign) => trainingIn(stack, { algorithm: js.Algorithm.fromAlgorithmName(sign) })],
    ['job that is adopted', (stack, sign) => trainingIn(stack, { adopt: { name: sign } })],
    ['repository of an image', (stack, sign) => trainingIn(stack, { algorithm: js.Algorithm.image(js.ContainerImage.fromUri(`123456789012.dkr.ecr.eu-west-1.amazonaws.com/${sign}:1`)) })],
  ])('is refused in the name of a %s', (_what, make) => {
    for (const sign of ['*', 'a*', 'a?b', '${aws:username}']) { expect(() => make(emptyStack(), sign)).toThrow(/^Stack(\/\w+)*(\/\w+)?: .* must /s); }
  });
});
