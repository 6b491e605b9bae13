import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { AutoScaling, ContainerImage, Endpoint, EndpointConfig, Model, ScalingPolicy, Variant, type EndpointConfigProps, type InstanceOptions } from 'cdk-sagemaker';
import { withLocalStack } from './support/local-stack';
import { emptyStack, IMAGE_URI, ofType, only, warnings } from './support/stacks';

const M5: InstanceOptions = { instanceType: 'ml.m5.large' };
const autoScaling = () => AutoScaling.between(1, 4, [ScalingPolicy.invocationsPerInstance(100)]);

interface Hosted {
  readonly variants: { readonly [name: string]: InstanceOptions };
  readonly endpointName?: string;
  readonly config?: Partial<EndpointConfigProps>;
}

function hosted({ variants, endpointName, config }: Hosted): { stack: Stack; template: Template } {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const bound = Object.fromEntries(Object.entries(variants).map(([name, options]) => [name, Variant.onInstances(model, options)]));
  new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { ...config, variants: bound }), endpointName });
  return { stack, template: Template.fromStack(stack) };
}

/** What SageMaker is asked for, deployment by deployment, where the check of endpoints is left out. */
async function deployments(...programs: Hosted[]): Promise<string[][]> {
  const calls: string[][] = [];
  await withLocalStack(async ({ engine, sageMaker }) => {
    for (const program of programs) {
      const { Resources } = hosted(program).template.toJSON() as { Resources: { [id: string]: { Type: string } } };
      const template = { Resources: Object.fromEntries(Object.entries(Resources).filter(([id, { Type }]) => /^AWS::(SageMaker|IAM|ApplicationAutoScaling)::/.test(Type) && !/^SageMakerJob|CheckPolicy/.test(id)).map(([id, resource]) => [id, withoutCheck(resource)])) };
      const { status } = await engine.deploy({ stackName: 'hosting', template }).finished;
      expect(status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
      calls.push(sageMaker.calls.splice(0).map((call) => call.split(' ')[0]!));
    }
  });
  return calls;
}

/** What waits for the check waits for nothing here. */
function withoutCheck(resource: object): object {
  const { DependsOn: on } = resource as { DependsOn?: string | string[] };
  return on === undefined ? resource : { ...resource, DependsOn: [on].flat().filter((id) => !/Check/.test(id)) };
}

describe('traps that others fell into', () => {
  test.each<[string, (stack: Stack) => string]>([
    ['by the construct', (stack) => Secret.fromSecretNameV2(stack, 'Token', 'token').secretValue.unsafeUnwrap()],
    ['of the app', (stack) => new Secret(stack, 'Own').secretValueFromJson('key').unsafeUnwrap()],
    ['within a text', (stack) => `Bearer ${Secret.fromSecretNameV2(stack, 'Token', 'token').secretValue.unsafeUnwrap()}`],
    ['by hand', () => '{{resolve:secretsmanager:token}}'],
  ])('trap 33: a secret in the environment is warned of, with the way out: %s', (_what, value) => {
    const stack = emptyStack();
    const image = ContainerImage.fromUri(IMAGE_URI);
    new Model(stack, 'Model', { image, environment: { TOKEN: value(stack) } });
    expect(warnings(stack)).toEqual([expect.stringMatching(/environment\.TOKEN is a secret.*give the secret itself to secrets.*\[ack: cdk-sagemaker:secretInEnvironment\]/s)]);
  });

  test('trap 33: the ARN of a secret is none', () => {
    const stack = emptyStack();
    const secret = new Secret(stack, 'Own');
    const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), environment: { TOKEN: secret.secretArn, PLAIN: '{{resolve:ssm:/plain}}' } });
    secret.grantRead(model);
    expect(warnings(stack)).toEqual([]);
  });

  test('trap 18: two autoscaled variants each have a target and policies of their own, and no role that is in the way of another', () => {
    const { template } = hosted({ variants: { live: { ...M5, autoScaling: autoScaling() }, next: { ...M5, autoScaling: autoScaling() } } });
    const targets = ofType(template, 'AWS::ApplicationAutoScaling::ScalableTarget');
    expect(targets.map(([, { Properties }]) => JSON.stringify(Properties.ResourceId)).filter((id) => /variant\/(live|next)-m5-large/.test(id))).toHaveLength(2);
    expect(new Set(targets.map(([, { Properties }]) => JSON.stringify(Properties.ResourceId))).size).toBe(2);
    expect(ofType(template, 'AWS::ApplicationAutoScaling::ScalingPolicy')).toHaveLength(2);
    expect(ofType(template, 'AWS::IAM::Role').filter(([id]) => /Scal/.test(id))).toEqual([]);
  });

  test('trap 19: a weight of 0 is no traffic, autoscaled or not', () => {
    const { template } = hosted({ variants: { live: M5, drained: { ...M5, weight: 0 }, scaled: { ...M5, weight: 0, autoScaling: autoScaling() } } });
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants.map(({ InitialVariantWeight }: { InitialVariantWeight: number }) => InitialVariantWeight)).toEqual([1, 0, 0]);
  });

  test('renamed variants: the endpoint moves to another configuration, and is not made anew', async () => {
    expect(await deployments({ variants: { blue: M5 } }, { variants: { green: M5 } })).toEqual([
      ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'], ['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig'],
    ]);
  });

  test('trap 5: a replaced configuration has another name: it is there before the endpoint moves, and the old one goes after it has moved', async () => {
    const [, update] = await deployments({ variants: { live: M5 } }, { variants: { live: { instanceType: 'ml.c5.large', instanceCount: 2 } } });
    expect(update).toEqual(['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig']);
    expect(only(hosted({ variants: { live: M5 } }).template, 'AWS::SageMaker::EndpointConfig').Properties).not.toHaveProperty('EndpointConfigName');
  });

  // fact 3.7: SageMaker refuses to change the instance type of a variant that is registered for scaling
  test('another instance type of an autoscaled variant: another variant with a target of its own, and the endpoint moves', async () => {
    const scaled = (instanceType: string): Hosted => ({ variants: { live: { instanceType, autoScaling: autoScaling() } } });
    expect(await deployments(scaled('ml.m5.large'), scaled('ml.c5.xlarge'))).toEqual([
      ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'], ['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig'],
    ]);
  });

  test('trap 5: an endpoint with an explicit name is updated by every change, and never replaced', async () => {
    const named = (instanceCount: number): Hosted => ({ variants: { live: { ...M5, instanceCount } }, endpointName: 'digits' });
    expect(await deployments(named(1), named(2), named(1))).toEqual([
      ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'], ['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig'], ['CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig'],
    ]);
  });
});
