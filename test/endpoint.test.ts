import { Template } from 'aws-cdk-lib/assertions';
import { ServicePrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Fn } from 'aws-cdk-lib/core';
import { CfnEndpoint, type IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { AutoScaling, ContainerImage, Endpoint, EndpointConfig, Model, ScalingPolicy, Variant, type EndpointConfigProps } from 'cdk-sagemaker';
import { allowing, emptyStack, flat, IMAGE_URI, ofType, only, warnings } from './support/stacks';

function hosting() {
  const stack = emptyStack();
  return { stack, model: new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }), template: () => Template.fromStack(stack) };
}

describe('EndpointConfig', () => {
  test('has variants in the order they are written, a weight of 0 included', () => {
    const { stack, model, template } = hosting();
    new EndpointConfig(stack, 'Config', {
      variants: {
        live: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2 }),
        drained: Variant.onInstances(model, { instanceType: 'ml.c5.large', weight: 0 }),
      },
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k'),
    });
    const ModelName = { 'Fn::GetAtt': [expect.stringMatching(/^Model/), 'ModelName'] };
    expect(only(template(), 'AWS::SageMaker::EndpointConfig').Properties).toEqual({
      KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
      ProductionVariants: [
        { VariantName: 'live', ModelName, InstanceType: 'ml.m5.large', InitialInstanceCount: 2, InitialVariantWeight: 1 },
        { VariantName: 'drained', ModelName, InstanceType: 'ml.c5.large', InitialInstanceCount: 1, InitialVariantWeight: 0 },
      ],
    });
  });

  const variant = (overrides = {}) => Variant.onInstances(hosting().model, { instanceType: 'ml.m5.large', ...overrides });
  test.each<[string, EndpointConfigProps, string]>([
    ['no variant', { variants: {} }, 'Stack/Config: variants must have 1 to 10 entries, got 0'],
    ['11 variants', { variants: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`v${i}`, variant()])) }, 'variants must have 1 to 10 entries, got 11'],
    ['an odd name of a variant', { variants: { my_variant: variant() } }, 'variants.my_variant must be named with 1 to 63'],
    ['a weight below 0', { variants: { a: variant({ weight: -1 }) } }, 'variants.a.weight must be 0 or more, got -1'],
    ['no instance', { variants: { a: variant({ instanceCount: 0 }) } }, 'variants.a.instanceCount must be a whole number'],
    ['an instance type of EC2', { variants: { a: variant({ instanceType: 'm5.large' }) } }, 'variants.a.instanceType must be an instance type of SageMaker'],
    ['an odd name', { variants: { a: variant() }, endpointConfigName: '-x' }, 'endpointConfigName must be of 1 to 63'],
  ])('rejects %s', (_what, props, message) => expect(() => new EndpointConfig(emptyStack(), 'Config', props)).toThrow(message));
});

describe('Endpoint', () => {
  test('is deployed from a model with a configuration of its own, under generated names', () => {
    const { model, template } = hosting();
    const endpoint: IEndpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(endpoint.endpointRef.endpointArn).toBe(endpoint.endpointArn);
    expect(only(template(), 'AWS::SageMaker::Endpoint').Properties).toEqual({ EndpointConfigName: { 'Fn::GetAtt': [expect.stringMatching(/^ModelEndpointConfig/), 'EndpointConfigName'] } });
    expect(only(template(), 'AWS::SageMaker::EndpointConfig').Properties).not.toHaveProperty('EndpointConfigName');
    expect(only(template(), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants).toMatchObject([{ VariantName: 'AllTraffic', InitialInstanceCount: 1, InitialVariantWeight: 1 }]);
  });

  test('has the name it is given', () => {
    const { model, template } = hosting();
    model.deploy('Endpoint', { instanceType: 'ml.m5.large', endpointName: 'digits' });
    expect(only(template(), 'AWS::SageMaker::Endpoint').Properties.EndpointName).toBe('digits');
  });

  test('can be invoked by whom it is granted to', () => {
    const { stack, model, template } = hosting();
    model.deploy('Endpoint', { instanceType: 'ml.m5.large' }).grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(allowing(template(), 'Caller', 'sagemaker:InvokeEndpoint')).toEqual([{
      Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'], Effect: 'Allow', Resource: { Ref: expect.stringMatching(/^ModelEndpoint/) },
    }]);
  });

  test('made elsewhere has an ARN in lower case', () => {
    const { stack, template } = hosting();
    const endpoint = Endpoint.fromEndpointName(stack, 'Old', 'Digits-Endpoint');
    endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(endpoint.endpointName).toBe('Digits-Endpoint');
    expect(flat(allowing(template(), 'Caller', 'sagemaker:InvokeEndpoint')[0].Resource)).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:endpoint/digits-endpoint');
  });

  // CloudFormation goes by references and DependsOn: endpoint -> configuration -> model -> policy, backwards when it deletes.
  test('trap 15: an endpoint outlives neither its model nor the policy of its role', () => {
    const { stack, model, template } = hosting();
    const config = new EndpointConfig(stack, 'Config', { variants: { a: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) } });
    new Endpoint(stack, 'Endpoint', { config });
    expect(JSON.stringify(only(template(), 'AWS::SageMaker::Endpoint'))).toMatch(/"Config[0-9A-F]+"/);
    expect(JSON.stringify(only(template(), 'AWS::SageMaker::EndpointConfig'))).toMatch(/"Model[0-9A-F]+"/);
    expect(only(template(), 'AWS::SageMaker::Model').DependsOn).toEqual([expect.stringMatching(/^ModelRoleDefaultPolicy/)]);
  });
});

/** A stack with one endpoint of a model, under a name or none. */
function kindOf(deploy: 'deploy' | 'deployServerless', options: { endpointName?: string } = {}) {
  const { stack, model, template } = hosting();
  if (deploy === 'deploy') { model.deploy('Endpoint', { instanceType: 'ml.m5.large', ...options }); } else { model.deployServerless('Endpoint', options); }
  return { stack, id: ofType(template(), 'AWS::SageMaker::Endpoint')[0][0] };
}

const autoScaling = AutoScaling.between(1, 4, [ScalingPolicy.invocationsPerInstance(200)]);

describe('The traps of updates', () => {
  test('an endpoint becomes serverless as another resource, for an update would fail', () => {
    expect(kindOf('deploy').id).not.toBe(kindOf('deployServerless').id);
    expect(kindOf('deployServerless').id).toBe(kindOf('deployServerless').id);
    expect(hosting().model.deployServerless('Endpoint').node.defaultChild).toBeInstanceOf(CfnEndpoint);
    expect([warnings(kindOf('deploy', { endpointName: 'digits' }).stack), warnings(kindOf('deployServerless').stack)]).toEqual([[], []]);
  });

  test('a serverless endpoint with an explicit name can\'t be made beside the old one, and the warning says the way out', () => {
    expect(warnings(kindOf('deployServerless', { endpointName: 'digits' }).stack)).toEqual([expect.stringMatching(/leave the name out, or give another one.*cdk-sagemaker:serverlessEndpointName/s)]);
  });

  const retention = (variants: (model: Model) => { [name: string]: Variant }) => {
    const { stack, model, template } = hosting();
    new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { variants: variants(model) }) });
    return only(template(), 'AWS::SageMaker::Endpoint').Properties;
  };

  test('trap 17: an update does not reset the counts of a variant that is autoscaled, and does what is edited of weights and data capture', () => {
    expect(retention((model) => ({ a: Variant.onInstances(model, { instanceType: 'ml.m5.large' }), b: Variant.onInstances(model, { instanceType: 'ml.m5.large', autoScaling }) }))).toMatchObject({
      RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }, { VariantPropertyType: 'DataCaptureConfig' }],
    });
  });

  test('an edit of a count is done where nothing is autoscaled', () => {
    expect(retention((model) => ({ a: Variant.serverless(model, { provisionedConcurrency: 1, autoScaling: AutoScaling.between(1, 2, [ScalingPolicy.provisionedConcurrencyUtilization(0.7)]) }) }))).not.toHaveProperty('RetainAllVariantProperties');
    expect(retention((model) => ({ a: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) }))).toEqual({ EndpointConfigName: expect.anything() });
  });
});

test('two endpoints of a stack have two names, whatever their case', () => {
  const { model } = hosting();
  model.deploy('One', { instanceType: 'ml.m5.large', endpointName: 'digits' });
  expect(() => model.deploy('Two', { instanceType: 'ml.m5.large', endpointName: 'Digits' })).toThrow('Stack/Model/Two: endpointName must be another than that of Stack/Model/One, got Digits');
  expect(() => hosting().model.deploy('One', { instanceType: 'ml.m5.large', endpointName: 'digits' })).not.toThrow();
});

test('an endpoint configuration made elsewhere keeps a name that is known later, and is in lower case in its ARN', () => {
  const stack = emptyStack();
  expect(flat(stack.resolve(EndpointConfig.fromEndpointConfigName(stack, 'One', Fn.importValue('TheName')).endpointConfigArn))).toContain('{"Fn::ImportValue":"TheName"}');
  expect(flat(stack.resolve(EndpointConfig.fromEndpointConfigName(stack, 'Two', 'My-Name').endpointConfigArn))).toMatch(/\/my-name$/);
});
