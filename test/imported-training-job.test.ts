import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnParameter } from 'aws-cdk-lib/core';
import { ContainerImage, DataSource, Framework, Model, OutputCompression, Script, TrainingJob, type ITrainingJob, type TrainedModelProps } from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, emptyStack, flat, IMAGE_URI, ofType, only, trainingIn } from './support/stacks';

const script = Script.fromDirectory(join(__dirname, 'support', 'source'), { entryPoint: 'serve.py' });

function served(props: TrainedModelProps = {}, options?: Parameters<typeof TrainingJob.fromTrainingJobName>[3]): Template {
  const stack = emptyStack();
  TrainingJob.fromTrainingJobName(stack, 'Old', 'Old-Job', options).toModel('Model', props);
  return Template.fromStack(stack);
}
const lookup = (template: Template) => ofType(template, 'Custom::SageMakerJobOutcome').find(([id]) => id.startsWith('Old'))![1];

describe('A training job made elsewhere', () => {
  test('costs a stack nothing until something of it is asked for', () => {
    const stack = emptyStack();
    const job = TrainingJob.fromTrainingJobName(stack, 'Old', 'Old-Job');
    expect(flat(stack.resolve(job.trainingJobArn))).toMatch(/:training-job\/old-job$/);
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  });

  test('is served by its image and its artifact, which the deployment looks up', () => {
    const template = served();
    expect(lookup(template).Properties).toMatchObject({
      Kind: 'TrainingJob', JobName: 'Old-Job', Seconds: 3300, Attributes: ['ArtifactBucket', 'ArtifactKey', 'ImageRepository', 'ModelArtifacts', 'TrainingImage'],
    });
    expect(lookup(template).Properties).not.toHaveProperty('Artifact');
    expect(lookup(template).DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/HandlerPolicy/)]));
    const { PrimaryContainer } = only(template, 'AWS::SageMaker::Model').Properties;
    expect(PrimaryContainer).toEqual({ Image: { 'Fn::GetAtt': [expect.stringMatching(/^OldOutcome/), 'TrainingImage'] }, ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^OldOutcome/), 'ModelArtifacts'] } });
  });

  test('lets the model read that artifact and pull that image, and nothing else', () => {
    const template = served();
    expect(allowing(template, 'OldModelRole', 's3:GetObject').map((s) => flat(s.Resource))).toEqual([expect.stringMatching(/^arn:<AWS::Partition>:s3:::<OldOutcome\w+\.ArtifactBucket>\/<OldOutcome\w+\.ArtifactKey>$/)]);
    expect(allowing(template, 'OldModelRole', 'ecr:BatchGetImage').map((s) => flat(s.Resource))).toEqual([expect.stringMatching(/^arn:<AWS::Partition>:ecr:<OldOutcome\w+\.ImageRepository>$/)]);
  });

  test('may be described by the handler, which passes no role for it', () => {
    const statements = ofType(served(), 'AWS::IAM::Policy').filter(([id]) => /Handler/.test(id)).flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement);
    const actions = statements.flatMap((statement: { Action: string | string[] }) => statement.Action);
    expect(actions).toContain('sagemaker:DescribeTrainingJob');
    expect(actions).not.toContain('sagemaker:ListTags');
    expect(actions).not.toContain('iam:PassRole');
    expect(actions).not.toContain('sagemaker:CreateTrainingJob');
  });

  test('is served as a framework serves it, with a script', () => {
    const template = served({ framework: Framework.sklearn('1.2-1'), script });
    const { PrimaryContainer } = only(template, 'AWS::SageMaker::Model').Properties;
    expect(flat(PrimaryContainer.Image)).toContain('sagemaker-scikit-learn:1.2-1-cpu-py3');
    expect(PrimaryContainer.Environment).toMatchObject({ SAGEMAKER_PROGRAM: 'serve.py' });
    expect(lookup(template).Properties.Attributes).not.toContain('TrainingImage');
  });

  test('has an artifact that another image can serve, that is a folder, or that a key encrypts', () => {
    const stack = emptyStack();
    const job = TrainingJob.fromTrainingJobName(stack, 'Old', 'old-job', { compression: OutputCompression.NONE, encryptionKey: new Key(stack, 'Key') });
    job.toModel('Model', { image: ContainerImage.fromUri(IMAGE_URI) });
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer.ModelDataSource.S3DataSource).toMatchObject({ CompressionType: 'None' });
    expect(allowing(template, 'OldModelRole', 'kms:Decrypt')).toHaveLength(1);
    expect(allowing(template, 'OldModelRole', 's3:GetObject').map((s) => flat(s.Resource))).toEqual([expect.stringMatching(/ArtifactKey>\*$/)]);
  });

  test('is what another job goes on from', () => {
    const stack = emptyStack();
    const old: ITrainingJob = TrainingJob.fromTrainingJobName(stack, 'Old', 'old-job');
    trainingIn(stack, { inputs: { model: DataSource.fromModelData(old.modelData) } });
    new Model(stack, 'Again', { image: ContainerImage.fromUri(IMAGE_URI), modelData: old.modelData });
    const template = Template.fromStack(stack);
    expect(flat(only(template, 'Custom::SageMakerTrainingJob').Properties.Request.InputDataConfig[0].DataSource.S3DataSource.S3Uri)).toMatch(/^<OldOutcome\w+\.ModelArtifacts>$/);
  });

  test.each<[string, unknown, string]>([
    ['an ARN', 'arn:aws:sagemaker:eu-west-1:123456789012:training-job/old-job', 'be the name of a job, and not its ARN: 1 to 63 letters, digits and dashes, got arn:aws:'],
    ['a name with a space', 'a b', 'be the name of a job, and not its ARN: 1 to 63 letters, digits and dashes, got a b'],
    ['an empty name', '', 'be the name of a job, and not its ARN: 1 to 63 letters, digits and dashes, got '],
    ['a name of 64 characters', 'x'.repeat(64), 'be the name of a job, and not its ARN'],
    ['a number', 5, 'be text, got 5'],
    ['nothing', undefined, 'be text, got undefined'],
  ])('is found by no %s', (_what, name, message) => {
    expect(() => TrainingJob.fromTrainingJobName(emptyStack(), 'Old', name as never)).toThrow(`Stack/Old: trainingJobName must ${message}`);
  });

  test('may have a name that is known at deployment only', () => {
    const stack = emptyStack();
    const { valueAsString } = new CfnParameter(stack, 'Name');
    expect(TrainingJob.fromTrainingJobName(stack, 'Old', valueAsString).trainingJobName).toBe(valueAsString);
  });
});
