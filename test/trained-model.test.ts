import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, Completion, ContainerImage, Framework, Metric, Model, ModelApprovalStatus, ModelPackageGroup, QualityGate, Script, TrainingJob, type RegisterOptions } from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, emptyStack, flat, IMAGE_URI, ofType, only, trainingIn, tuningIn } from './support/stacks';

const csv = { contentTypes: ['text/csv'], responseTypes: ['text/csv'] };
const into = (stack: Stack, more: Partial<RegisterOptions> = {}): RegisterOptions => ({ group: new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'digits' }), ...csv, ...more });
const version = (stack: Stack) => only(Template.fromStack(stack), 'AWS::SageMaker::ModelPackage');

describe('what a training job publishes', () => {
  test('is its artifact in a parameter, written when the outcome is accepted', () => {
    const stack = emptyStack();
    const training = trainingIn(stack, { metrics: [Metric.regex('accuracy', 'acc=([0-9.]+)')], qualityGate: QualityGate.atLeast('accuracy', 0.9) });
    const parameter = training.publishTo('Artifact', { parameterName: '/digits/artifact' });
    expect(only(Template.fromStack(stack), 'AWS::SSM::Parameter').Properties).toEqual({
      Name: '/digits/artifact', Type: 'String', Description: 'The artifact of Stack/Train', Value: { 'Fn::GetAtt': [expect.stringMatching(/^TrainOutcome/), 'ModelArtifacts'] },
    });
    expect(parameter.node.path).toBe('Stack/Train/Artifact');
  });

  test('is the best job\'s artifact where it is a tuning job', () => {
    const stack = emptyStack();
    tuningIn(stack).publishTo('Artifact');
    expect(only(Template.fromStack(stack), 'AWS::SSM::Parameter').Properties.Value).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^TuneOutcome/), 'ModelArtifacts'] });
  });

  test('is nothing while nobody waits for the job', () => {
    const stack = emptyStack();
    expect(() => trainingIn(stack, { completion: Completion.started() }).publishTo('Artifact')).toThrow('Stack/Train: completion must be Completion.finished() for modelArtifacts to be known');
  });
});

describe('what a training job registers', () => {
  test('is a version with its image and artifact and where it comes from, which nobody has approved', () => {
    const stack = emptyStack();
    trainingIn(stack).register('Version', into(stack));
    expect(version(stack)).toMatchObject({
      DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
      Properties: {
        ModelPackageGroupName: 'digits', MetadataProperties: { GeneratedBy: expect.anything() },
        InferenceSpecification: { Containers: [{ Image: IMAGE_URI, ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^TrainOutcome/), 'ModelArtifacts'] } }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
      },
    });
    expect(flat(version(stack).Properties.MetadataProperties.GeneratedBy)).toMatch(/:training-job\/<Train/);
    expect(version(stack).Properties).not.toHaveProperty('ModelApprovalStatus');
  });

  test('may be deployed: models of it pull its image and read the artifacts of every run', () => {
    const stack = emptyStack();
    const registered = trainingIn(stack).register('Version', into(stack, { approvalStatus: ModelApprovalStatus.APPROVED, metadata: { team: 'digits' } }));
    new Model(stack, 'Model', { modelPackage: registered });
    expect(version(stack).Properties).toMatchObject({ ModelApprovalStatus: 'Approved', CustomerMetadataProperties: { team: 'digits' } });
    const template = Template.fromStack(stack);
    expect(allowing(template, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/jobs\/stack-train-\*$/)]);
    expect(allowing(template, 'ModelRole', 'ecr:BatchGetImage')).toHaveLength(1);
  });

  test('of a framework is served by it, with the script that trained, packed where the job is isolated', () => {
    const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const script = Script.fromDirectory(join(__dirname, 'support', 'source'), { entryPoint: 'train.py' });
    new TrainingJob(stack, 'Train', { algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script }), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), networkIsolation: true })
      .register('Version', into(stack, { container: { environment: { LEVEL: 'debug' } } }));
    const [container] = version(stack).Properties.InferenceSpecification.Containers;
    expect(container).toMatchObject({ Image: expect.stringContaining('/sagemaker-scikit-learn:1.2-1'), Environment: { LEVEL: 'debug', SAGEMAKER_PROGRAM: 'train.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' } });
    expect(ofType(Template.fromStack(stack), 'Custom::SageMakerTrainingJob')).toHaveLength(2);
  });

  test('is the best of a tuning job, by the name of the job that made it', () => {
    const stack = emptyStack();
    tuningIn(stack).register('Version', into(stack));
    expect(version(stack).Properties).toMatchObject({
      MetadataProperties: { GeneratedBy: { 'Fn::GetAtt': [expect.stringMatching(/^TuneOutcome/), 'BestTrainingJobArn'] } },
      InferenceSpecification: { Containers: [{ ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^TuneOutcome/), 'ModelArtifacts'] } }] },
    });
  });

  test('of an algorithm resource needs an image', () => {
    const stack = emptyStack();
    const training = trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName('trees') });
    expect(() => training.register('Version', into(stack))).toThrow('Stack/Train: register: container.image must be given for an algorithm resource');
    training.register('Other', { ...csv, group: ModelPackageGroup.fromModelPackageGroupName(stack, 'Named', 'digits'), container: { image: ContainerImage.fromUri(IMAGE_URI) } });
    expect(version(stack).Properties.InferenceSpecification.Containers[0].Image).toBe(IMAGE_URI);
  });
});
