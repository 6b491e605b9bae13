import { Template } from 'aws-cdk-lib/assertions';
import { Vpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { AsyncInference, ContainerImage, Endpoint, InferenceComponent, Model, SageMakerVpcEndpoint, type DeployOptions } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, statements } from './support/stacks';

function deployed(options: (stack: Stack) => Partial<DeployOptions> = () => ({}), id = 'Endpoint', stack = emptyStack()) {
  const model = new Model(stack, `${id}Model`, { image: ContainerImage.fromUri(IMAGE_URI) });
  return { stack, endpoint: model.deploy(id, { instanceType: 'ml.m5.large', ...options(stack) }), template: () => Template.fromStack(stack) };
}
const queued = () => deployed((stack) => ({ asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers'), 'out', { failurePrefix: 'failed' }) }));
const callerIn = (stack: Stack) => new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const functionIn = (stack: Stack, id = 'Caller') => new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {};') });
const arnsOf = (found: any[]) => found.flatMap(({ Resource }) => [Resource].flat().map(flat)).sort();
const variables = (template: Template) => ofType(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('Caller'))![1].Properties.Environment.Variables;

describe('A caller of a multi-model endpoint', () => {
  test('may be held to some of the models', () => {
    const { stack, endpoint, template } = deployed();
    endpoint.grantInvokeModels(callerIn(stack), 'company-a/*', 'shared.tar.gz');
    expect(statements(template(), 'Caller')).toEqual([{
      Action: 'sagemaker:InvokeEndpoint', Effect: 'Allow', Resource: { Ref: expect.any(String) }, Condition: { StringLike: { 'sagemaker:TargetModel': ['company-a/*', 'shared.tar.gz'] } },
    }]);
    expect(() => endpoint.grantInvokeModels(callerIn(new Stack()))).toThrow('targetModels must name a model or more');
  });
});

describe('A caller of an asynchronous endpoint', () => {
  test('may read answers and failures, and nothing else of the bucket', () => {
    const { stack, endpoint, template } = queued();
    endpoint.grantInvokeAsync(callerIn(stack));
    expect(arnsOf(allowing(template(), 'Caller', 's3:GetObject'))).toEqual(['arn:<AWS::Partition>:s3:::answers/failed/*', 'arn:<AWS::Partition>:s3:::answers/out/*']);
    expect(allowing(template(), 'Caller', 's3:PutObject')).toEqual([]);
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpoint')).toEqual([]);
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpointAsync')).toHaveLength(1);
  });

  test('may write requests where the models may read them', () => {
    const { stack, endpoint, template } = queued();
    endpoint.grantInvokeAsync(callerIn(stack), { requestBucket: bucketNamed(stack, 'requests'), requestPrefix: 'in', requestKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k'), readAnswers: false });
    expect(arnsOf(allowing(template(), 'Caller', 's3:PutObject'))).toEqual(['arn:<AWS::Partition>:s3:::requests/in/*']);
    expect(allowing(template(), 'Caller', 's3:GetObject')).toEqual([]);
    expect(arnsOf(allowing(template(), 'EndpointModelRole', 's3:GetObject'))).toEqual(['arn:<AWS::Partition>:s3:::requests/in/*']);
    expect(allowing(template(), 'EndpointModelRole', 'kms:Decrypt').length).toBeGreaterThan(0);
  });

  test('is none of an endpoint that answers at once', () => {
    const stack = emptyStack();
    const endpoint = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(() => endpoint.grantInvokeAsync(callerIn(stack))).toThrow('Stack/Model/Endpoint: grantInvokeAsync must be of an endpoint with asyncInference: one that answers at once has grantInvoke, got realTime');
  });

  test('may invoke one made elsewhere, whose answers are not known', () => {
    const stack = emptyStack();
    const endpoint = Endpoint.fromEndpointAttributes(stack, 'Old', { endpointName: 'digits', asynchronous: true });
    endpoint.grantInvokeAsync(callerIn(stack));
    expect(statements(Template.fromStack(stack), 'Caller').map(({ Action }) => Action)).toEqual(['sagemaker:InvokeEndpointAsync']);
    expect(() => endpoint.grantInvokeAsync(callerIn(new Stack()), { readAnswers: true })).toThrow('Stack/Old: readAnswers must be left out where the app does not have the configuration');
    expect(() => endpoint.grantInvokeAsync(callerIn(new Stack()), { requestPrefix: 'in' })).toThrow('Stack/Old: requestPrefix must come with requestBucket, got in');
  });
});

describe('A function that calls', () => {
  test('is told of the endpoint, and may invoke it', () => {
    const { stack, endpoint, template } = deployed();
    endpoint.addCaller(functionIn(stack), { contentType: 'text/csv' });
    expect(variables(template())).toEqual({ SAGEMAKER_ENDPOINT_NAME: { 'Fn::GetAtt': [expect.any(String), 'EndpointName'] }, SAGEMAKER_CONTENT_TYPE: 'text/csv' });
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpoint')).toHaveLength(1);
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpointAsync')).toEqual([]);
  });

  test('is told where its requests go, if the endpoint is asynchronous', () => {
    const { stack, endpoint, template } = queued();
    endpoint.addCaller(functionIn(stack), { requestBucket: bucketNamed(stack, 'requests'), requestPrefix: 'in' });
    expect(variables(template())).toMatchObject({ SAGEMAKER_REQUEST_URI: 's3://requests/in/' });
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpoint')).toEqual([]);
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpointAsync')).toHaveLength(1);
    const { stack: other, endpoint: atOnce } = deployed();
    expect(() => atOnce.addCaller(functionIn(other), { requestBucket: bucketNamed(other, 'requests') })).toThrow('Stack/EndpointModel/Endpoint: requestBucket must be left out');
  });

  test('is told of a component, and of a Region that is not its own', () => {
    const stack = new Stack(undefined, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const endpoint = Endpoint.fromEndpointArn(stack, 'Old', 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/digits');
    endpoint.addCaller(functionIn(stack), { component: InferenceComponent.fromInferenceComponentName(stack, 'Component', 'small'), variablePrefix: 'DIGITS' });
    const template = Template.fromStack(stack);
    expect(variables(template)).toEqual({ DIGITS_ENDPOINT_NAME: 'digits', DIGITS_ENDPOINT_REGION: 'us-east-1', DIGITS_INFERENCE_COMPONENT_NAME: 'small' });
    expect(arnsOf(allowing(template, 'Caller', 'sagemaker:InvokeEndpoint'))).toEqual([expect.stringMatching(/inference-component\/small$/), expect.stringMatching(/:us-east-1:.*endpoint\/digits$/)]);
  });

  test('is told of two endpoints under two names', () => {
    const { stack, endpoint } = deployed();
    const { endpoint: other } = deployed(undefined, 'Other', stack);
    const fn = functionIn(stack);
    endpoint.addCaller(fn);
    expect(() => other.addCaller(fn)).toThrow('Stack/OtherModel/Other: variablePrefix must be another than that of Stack/EndpointModel/Endpoint, of which Stack/Caller was told, got SAGEMAKER');
    expect(() => other.addCaller(fn, { variablePrefix: 'a-b' })).toThrow('variablePrefix must be of capital letters, digits and underscores');
    other.addCaller(fn, { variablePrefix: 'OTHER' });
    expect(Object.keys(variables(Template.fromStack(stack))).sort()).toEqual(['OTHER_ENDPOINT_NAME', 'SAGEMAKER_ENDPOINT_NAME']);
  });
});

describe('A VPC without internet', () => {
  function isolated() {
    const { stack, endpoint, template } = deployed();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
    return { stack, endpoint, vpc, template };
  }
  const passes = (template: Template) => only(template, 'AWS::EC2::VPCEndpoint').Properties.PolicyDocument.Statement;

  test('gets one interface endpoint, which lets only requests to the endpoint pass', () => {
    const { stack, endpoint, vpc, template } = isolated();
    endpoint.allowFromVpc(vpc, { callers: [new SecurityGroup(stack, 'Callers', { vpc, allowAllOutbound: false })] });
    expect(only(template(), 'AWS::EC2::VPCEndpoint').Properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: expect.any(Array) });
    expect(flat(only(template(), 'AWS::EC2::VPCEndpoint').Properties.ServiceName)).toMatch(/\.sagemaker\.runtime$/);
    expect(passes(template())).toEqual([{
      Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointAsync', 'sagemaker:InvokeEndpointWithResponseStream'], Effect: 'Allow', Principal: { AWS: '*' }, Resource: { Ref: expect.stringMatching(/^EndpointModelEndpoint/) },
    }]);
    expect(only(template(), 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' });
    expect(only(template(), 'AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({ FromPort: 443, ToPort: 443 });
  });

  test('has one for two endpoints', () => {
    const { stack, endpoint, vpc, template } = isolated();
    const { endpoint: other } = deployed(undefined, 'Other', stack);
    expect(endpoint.allowFromVpc(vpc)).toBe(other.allowFromVpc(vpc, { components: [InferenceComponent.fromInferenceComponentName(stack, 'Component', 'small')] }));
    expect(passes(template()).flatMap(({ Resource }: any) => [Resource].flat().map(flat))).toEqual([expect.stringMatching(/^<Endpoint/), expect.stringMatching(/^<Other/), expect.stringMatching(/inference-component\/small$/)]);
  });

  test('has another to ask how the endpoint is, where it is wanted', () => {
    const { endpoint, vpc, template } = isolated();
    endpoint.allowFromVpc(vpc, { describe: true });
    const services = ofType(template(), 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => [flat(Properties.ServiceName).split('.').pop(), Properties.PolicyDocument.Statement[0].Action]);
    expect(services).toEqual([['runtime', expect.any(Array)], ['api', 'sagemaker:DescribeEndpoint']]);
  });

  test('says where it is before the first endpoint is allowed', () => {
    const { endpoint, vpc, template } = isolated();
    SageMakerVpcEndpoint.runtime(vpc, { subnets: { availabilityZones: [vpc.availabilityZones[0]] } });
    endpoint.allowFromVpc(vpc);
    expect(only(template(), 'AWS::EC2::VPCEndpoint').Properties.SubnetIds).toHaveLength(1);
    expect(() => SageMakerVpcEndpoint.runtime(vpc, {})).toThrow('Stack/Vpc/SageMakerRuntime: subnets must be said before the first endpoint is allowed');
  });
});
