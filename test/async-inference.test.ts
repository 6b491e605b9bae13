import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import { AsyncInference, ContainerImage, CoreDumps, DataCapture, Endpoint, EndpointConfig, Model, Variant, type AsyncInferenceOptions } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only, warnings } from './support/stacks';

const m5 = { instanceType: 'ml.m5.large' };

function deployed(prefix?: string, options: (stack: ReturnType<typeof emptyStack>) => AsyncInferenceOptions = () => ({})) {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const endpoint = model.deploy('Endpoint', { ...m5, asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers'), prefix, options(stack)) });
  return { stack, endpoint, template: () => Template.fromStack(stack) };
}
const asked = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties.AsyncInferenceConfig;

describe('AsyncInference', () => {
  test('answers below a prefix, where the model may write and nowhere else', () => {
    const template = deployed('out/').template();
    expect(asked(template)).toEqual({ OutputConfig: { S3OutputPath: 's3://answers/out' } });
    expect(allowing(template, 'ModelRole', 's3:PutObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::answers/out/*']);
    expect(allowing(template, 'ModelRole', 's3:GetObject')).toEqual([]);
  });

  test.each(['out', '/out', 'out/', '//out//'])('answers below one folder, however its slashes are: %s', (prefix) => {
    expect(asked(deployed(prefix).template())).toEqual({ OutputConfig: { S3OutputPath: 's3://answers/out' } });
  });

  test('answers in the whole bucket where no prefix is said', () => {
    expect(asked(deployed().template())).toEqual({ OutputConfig: { S3OutputPath: 's3://answers' } });
  });

  test('keeps failures apart, tells topics of both, and encrypts', () => {
    const template = deployed('out', (stack) => ({
      failurePrefix: 'failed', failureBucket: Bucket.fromBucketName(stack, 'Failures', 'failures'), maxConcurrentInvocationsPerInstance: 4,
      successTopic: new Topic(stack, 'Good'), errorTopic: new Topic(stack, 'Bad'), answerInSuccessMessage: true,
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k'),
    })).template();
    expect(asked(template)).toEqual({
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
      OutputConfig: {
        S3OutputPath: 's3://answers/out', S3FailurePath: 's3://failures/failed', KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
        NotificationConfig: { SuccessTopic: { Ref: expect.stringMatching(/^Good/) }, ErrorTopic: { Ref: expect.stringMatching(/^Bad/) }, IncludeInferenceResponseIn: ['SUCCESS_NOTIFICATION_TOPIC'] },
      },
    });
    expect(allowing(template, 'ModelRole', 's3:PutObject').flatMap(({ Resource }) => [Resource].flat().map(flat)).sort())
      .toEqual(['arn:<AWS::Partition>:s3:::answers/out/*', 'arn:<AWS::Partition>:s3:::failures/failed/*']);
    expect(allowing(template, 'ModelRole', 'sns:Publish').flatMap(({ Resource }) => [Resource].flat())).toHaveLength(2);
    expect(allowing(template, 'ModelRole', 'kms:GenerateDataKey*')).toHaveLength(1);
  });

  test('is written to by every model of a configuration, and by none that was made elsewhere', () => {
    const stack = emptyStack();
    const models = ['One', 'Two'].map((id) => new Model(stack, id, { image: ContainerImage.fromUri(IMAGE_URI) }));
    const elsewhere = Model.fromModelName(stack, 'Three', 'three');
    const asyncInference = AsyncInference.toBucket(bucketNamed(stack, 'answers'), 'out');
    new EndpointConfig(stack, 'Config', { variants: { one: Variant.onInstances(models[0], m5), two: Variant.onInstances(models[1], m5) }, asyncInference });
    new EndpointConfig(stack, 'Other', { variants: { three: Variant.onInstances(elsewhere, m5) }, asyncInference });
    const template = Template.fromStack(stack);
    expect(['OneRole', 'TwoRole'].map((role) => allowing(template, role, 's3:PutObject').length)).toEqual([1, 1]);
    template.resourceCountIs('AWS::IAM::Policy', 2);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
  });

  const elsewhere = (role: boolean, ask: (stack: Stack, endpoint: Endpoint) => void = () => undefined) => {
    const stack = emptyStack();
    const model = Model.fromModelName(stack, 'M', 'm', role ? { role: Role.fromRoleName(stack, 'Theirs', 'theirs') } : {});
    const config = new EndpointConfig(stack, 'Config', {
      variants: { all: Variant.onInstances(model, { ...m5, coreDumps: CoreDumps.toBucket(bucketNamed(stack, 'dumps')), ssmAccess: true }) },
      asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers'), 'out'),
      dataCapture: DataCapture.toBucket(bucketNamed(stack, 'captures')),
    });
    ask(stack, new Endpoint(stack, 'Endpoint', { config }));
    return stack;
  };
  const asking = (stack: Stack, endpoint: Endpoint) => { endpoint.grantInvokeAsync(new Role(stack, 'Caller', { assumedBy: new AccountRootPrincipal() }), { requestBucket: bucketNamed(stack, 'requests') }); };

  test('is written to by the role of a model made elsewhere, of which is said what it must be allowed', () => {
    const stack = elsewhere(true, asking);
    const said = warnings(stack).filter((warning) => warning.includes('cdk-sagemaker:importedRole')).join('\n');
    for (const place of [/s3:PutObject.*:dumps/, /asyncInference: .*s3:PutObject.*:answers\/out/, /dataCapture: .*s3:PutObject.*:captures/, /s3:GetObject.*:requests/, /ssmAccess: ssmmessages:/]) { expect(said).toMatch(place); }
    expect(allowing(Template.fromStack(stack), 'Theirs', 's3:PutObject')).toEqual([]);
  });

  test('says what the role of a model made elsewhere must be allowed, where nobody said which it is', () => {
    expect(warnings(elsewhere(false))).toEqual([expect.stringMatching(/must be allowed s3:AbortMultipartUpload.*ssmmessages:.* for what the configuration has it read and write.*\[ack: cdk-sagemaker:modelRoleIsUnknown\]/)]);
    expect(warnings(elsewhere(false, asking))).toEqual([expect.any(String), expect.stringMatching(/must be allowed s3:GetObject.* for requests/)]);
    const plain = emptyStack();
    new EndpointConfig(plain, 'Config', { variants: { all: Variant.onInstances(Model.fromModelName(plain, 'M', 'm'), m5) } });
    expect(warnings(plain)).toEqual([]);
  });

  test('is asked by whom the endpoint allows it', () => {
    const { stack, endpoint, template } = deployed();
    const caller = new Model(stack, 'Caller', { image: ContainerImage.fromUri(IMAGE_URI) });
    endpoint.grantInvokeAsync(caller);
    expect(allowing(template(), 'CallerRole', 'sagemaker:InvokeEndpointAsync')).toMatchObject([{ Resource: { Ref: expect.stringMatching(/^ModelEndpoint/) } }]);
  });

  test('keeps failures apart from answers in the bucket of the answers, also where it is said to be that', () => {
    expect(() => deployed('out', (stack) => ({ failureBucket: Bucket.fromBucketName(stack, 'Same', 'answers'), failurePrefix: 'out' }))).toThrow('asyncInference.failurePrefix must be another prefix than that of the answers, got out');
    expect(() => deployed('', (stack) => ({ failureBucket: Bucket.fromBucketName(stack, 'Same', 'answers') }))).toThrow('asyncInference.failurePrefix must be another prefix');
    expect(() => deployed('out', (stack) => ({ failureBucket: Bucket.fromBucketName(stack, 'Other', 'failures'), failurePrefix: 'out' }))).not.toThrow();
  });

  test.each<[string, AsyncInferenceOptions, string]>([
    ['failures among the answers, by another spelling', { failurePrefix: '/out' }, 'asyncInference.failurePrefix must be another prefix than that of the answers, got /out'],
    ['failures among the answers', { failurePrefix: 'out/' }, 'asyncInference.failurePrefix must be another prefix than that of the answers, got out/'],
    ['no request at once', { maxConcurrentInvocationsPerInstance: 0 }, 'asyncInference.maxConcurrentInvocationsPerInstance must be a whole number between 1 and 1000, got 0'],
    ['answers in a message that nobody gets', { answerInErrorMessage: true }, 'asyncInference.answerInErrorMessage must come with errorTopic'],
    ['answers in a message of success that nobody gets', { answerInSuccessMessage: true }, 'asyncInference.answerInSuccessMessage must come with successTopic'],
  ])('rejects %s', (_what, options, message) => expect(() => deployed('out', () => options)).toThrow(`Stack/Model/EndpointConfig: ${message}`));
});
