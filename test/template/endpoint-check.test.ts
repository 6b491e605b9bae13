import { Template } from 'aws-cdk-lib/assertions';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { ContainerImage, DeploymentPolicy, Model, type DeployOptions } from 'cdk-sagemaker';
import { allowing, emptyStack, IMAGE_URI, ofType, only, trainingIn, type Resource } from '../support/stacks';

function deployed(options: Partial<DeployOptions> = {}) {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large', ...options });
  return { stack, endpoint, template: () => Template.fromStack(stack) };
}

const checkOf = (template: Template) => only(template, 'Custom::SageMakerEndpointCheck');

/** Everything that a resource waits for, and that goes after it. */
function waitsFor(template: Template, logicalId: string, seen = new Set<string>()): Set<string> {
  const resources = template.toJSON().Resources as { [id: string]: Resource };
  const text = JSON.stringify(resources[logicalId]);
  const named = [...text.matchAll(/"(?:Ref":"|Fn::GetAtt":\["|Fn::Sub":"\$\{)([A-Za-z0-9]+)/g)].map(([, id]) => id!);
  for (const id of [...named, ...resources[logicalId]!.DependsOn ?? []]) {
    if (id in resources && !seen.has(id)) { waitsFor(template, id, seen.add(id)); }
  }
  return seen;
}

describe('The check of an endpoint', () => {
  test('knows the endpoint and the configuration that it must serve', () => {
    expect(checkOf(deployed().template()).Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['SageMakerJobHandler', 'Arn'] },
      EndpointName: { 'Fn::GetAtt': [expect.stringMatching(/^ModelEndpoint/), 'EndpointName'] },
      EndpointConfigName: { 'Fn::GetAtt': [expect.stringMatching(/^ModelEndpointConfig/), 'EndpointConfigName'] },
    });
  });

  test('is made again when the way to move changes, and follows a configuration that is put in by hand', () => {
    const { endpoint, template } = deployed({ deployment: DeploymentPolicy.allAtOnce() });
    (endpoint.node.defaultChild as CfnEndpoint).endpointConfigName = 'another';
    expect(checkOf(template()).Properties).toMatchObject({ Deployment: { blueGreenUpdatePolicy: {} }, EndpointConfigName: 'another' });
  });

  test('may look at its endpoint and at no other, by a policy that is there before', () => {
    const { template } = deployed();
    expect(allowing(template(), 'ModelEndpointCheckPolicy', 'sagemaker:DescribeEndpoint')).toEqual([{ Action: 'sagemaker:DescribeEndpoint', Effect: 'Allow', Resource: { Ref: expect.stringMatching(/^ModelEndpoint/) } }]);
    expect(checkOf(template()).DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^ModelEndpointCheckPolicy/), 'SageMakerJobHandlerPolicy', 'SageMakerJobWaiterPolicy']));
  });

  test('adds two resources for each endpoint, beside the function and what it needs, which a stack has once', () => {
    const count = (endpoints: number, jobs: number) => {
      const { stack } = deployed();
      for (let index = 1; index < endpoints; index++) { new Model(stack, `Model${index}`, { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large' }); }
      for (let index = 0; index < jobs; index++) { trainingIn(stack, {}, `Train${index}`); }
      const all = Object.entries(Template.fromStack(stack).toJSON().Resources as { [id: string]: Resource });
      return all.filter(([id, { Type }]) => Type === 'Custom::SageMakerEndpointCheck' || /CheckPolicy|^SageMakerJob/.test(id)).length;
    };
    const provider = count(1, 0) - 2;
    expect(provider).toBeLessThanOrEqual(8);
    expect(count(3, 0)).toBe(provider + 3 * 2);
    expect(count(1, 1)).toBe(provider + 2);
  });

  test('makes no circle in a stack that trains what the endpoint serves', () => {
    const stack = emptyStack();
    trainingIn(stack).toModel('Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    const template = Template.fromStack(stack);                // Template itself refuses circles
    const [[check]] = ofType(template, 'Custom::SageMakerEndpointCheck');
    const [[endpoint]] = ofType(template, 'AWS::SageMaker::Endpoint');
    const [[job]] = ofType(template, 'Custom::SageMakerTrainingJob');
    expect([...waitsFor(template, check)]).toEqual(expect.arrayContaining([endpoint, job]));
    expect(waitsFor(template, endpoint).has(check)).toBe(false);
    for (const id of [job, endpoint]) { expect([...waitsFor(template, id)].filter((each) => each.includes('CheckPolicy'))).toEqual([]); }
  });
});
