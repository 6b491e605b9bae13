import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Aws, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { Algorithm, ContainerImage, ImageScope, type ImageUriOptions } from 'cdk-sagemaker';
import { boundSageMakerImage } from '../lib/sage-maker-image';
import { allowing, emptyStack, flat, jobOf, trainingIn } from './support/stacks';

const PYTORCH: ImageUriOptions = { version: '2.6', pyVersion: 'py312', instanceType: 'ml.g5.xlarge', imageScope: ImageScope.TRAINING };

const jobIn = (stack: Stack, framework: string, options: ImageUriOptions = {}, id = 'Train') =>
  trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromSageMaker(framework, options)) }, id);
const templateOf = (stack: Stack, framework: string, options: ImageUriOptions = {}) => {
  jobIn(stack, framework, options);
  return Template.fromStack(stack);
};
const imageOf = (template: Template) => jobOf(template).Request.AlgorithmSpecification.TrainingImage;
const pulled = (template: Template) => allowing(template, 'TrainRole', 'ecr:BatchGetImage').map((statement) => flat(statement.Resource));

describe('ContainerImage.fromSageMaker', () => {
  test('is in the Region of the stack, and the job may pull that repository alone', () => {
    const template = templateOf(emptyStack('Stack', { env: { region: 'eu-west-1' } }), 'pytorch', PYTORCH);
    expect(imageOf(template)).toBe('763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.6-gpu-py312');
    expect(pulled(template)).toEqual(['arn:<AWS::Partition>:ecr:eu-west-1:763104351884:repository/pytorch-training']);
    expect(template.toJSON()).not.toHaveProperty('Mappings');
  });

  test('has the domain of the partition', () => {
    expect(imageOf(templateOf(emptyStack('Stack', { env: { region: 'us-iso-east-1' } }), 'kmeans'))).toBe('490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/kmeans:1');
  });

  test('is looked up by Region in a stack that knows none', () => {
    const template = templateOf(emptyStack(), 'lda');
    const account = '{"Fn::FindInMap":["SageMakerImagesLda",{"Ref":"AWS::Region"},"account"]}';
    expect(flat(imageOf(template))).toBe(`${account}.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>/lda:1`);
    expect(pulled(template)).toEqual([`arn:<AWS::Partition>:ecr:<AWS::Region>:${account}:repository/lda`]);
    const { Mappings } = template.toJSON();
    expect(Object.keys(Mappings)).toEqual(['SageMakerImagesLda']);
    expect(Object.keys(Mappings.SageMakerImagesLda)).toHaveLength(16);
    expect(Mappings.SageMakerImagesLda['us-west-2']).toEqual({ account: '266724342769' });
  });

  test('shares the mapping with the images of the same registry in a stack', () => {
    const stack = emptyStack();
    jobIn(stack, 'kmeans', {}, 'One');
    jobIn(stack, 'pca', {}, 'Other');
    jobIn(stack, 'pytorch', PYTORCH, 'Third');
    expect(Object.keys(Template.fromStack(stack).toJSON().Mappings)).toEqual(['SageMakerImagesAlgorithms2', 'SageMakerImagesDlcPytorchLate']);
  });

  test('needs no instance type where images don\'t differ by it, and one known at deployment will do', () => {
    const stack = emptyStack('Stack', { env: { region: 'us-west-2' } });
    const instanceType = new CfnParameter(stack, 'Type').valueAsString;
    expect(imageOf(templateOf(stack, 'xgboost', { version: '3.0-5', instanceType }))).toBe('246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5');
  });

  test('takes a version newer than the table', () => {
    const template = templateOf(emptyStack('Stack', { env: { region: 'us-west-2' } }), 'pytorch', { ...PYTORCH, version: '2.99.0', pyVersion: 'py313', unlistedVersion: true });
    expect(imageOf(template)).toBe('763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.99.0-gpu-py313');
  });

  const rejected = (framework: string, options: ImageUriOptions = {}, region?: string) => () => jobIn(emptyStack('Stack', { env: { region } }), framework, options);

  test('rejects what there is no image of, with the path, the prop and what there is', () => {
    expect(rejected('pytorch', { ...PYTORCH, version: '9.9' })).toThrow(/^Stack\/Train: image\.version must be one of 0\.4\.0, .*, 2\.8 for the training images of pytorch; a newer one is named with unlistedVersion \(pytorch\), got 9\.9$/);
    expect(rejected('pytroch')).toThrow(/^Stack\/Train: image\.framework must be one of .*pytorch.* got pytroch$/);
    expect(rejected('lda', {}, 'eu-north-1')).toThrow(/^Stack\/Train: image\.region must be one of ap-northeast-1, .*, us-west-2 \(lda\), got eu-north-1$/);
  });

  test('rejects Hugging Face without a version, whose tag the SDK writes None into', () => {
    expect(rejected('huggingface', { baseFrameworkVersion: 'pytorch2.8.0', imageScope: ImageScope.TRAINING })).toThrow('Stack/Train: image.version must be given: it is the version of transformers, got none');
  });

  test('rejects what is known at deployment only and makes another image', () => {
    expect(rejected('pytorch', { ...PYTORCH, version: Aws.STACK_NAME })).toThrow('Stack/Train: image.version must be known when the app is synthesized, for the image depends on it, got a value known at deployment');
    expect(rejected('pytorch', { ...PYTORCH, instanceType: Aws.STACK_NAME })).toThrow(/image\.instanceType must be given like ml\.c5\.xlarge.*, when the app is synthesized, got a value known at deployment$/);
  });
});

describe('sageMakerImage', () => {
  test('says which prop an error is about', () => {
    const stack = emptyStack('Stack', { env: { region: 'us-west-2' } });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    expect(() => boundSageMakerImage(stack, role, 'pytorch', { version: '9' }, 'algorithm')).toThrow('Stack: algorithm.imageScope must be one of');
    expect(boundSageMakerImage(stack, role, 'kmeans', {})).toEqual({ imageUri: '174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1' });
  });
});
