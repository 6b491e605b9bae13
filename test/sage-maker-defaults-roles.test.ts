import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { App, PermissionsBoundary as StackBoundary, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, DataSource, EndpointConfig, JobProvider, Model, ProcessingJob, SageMakerDefaults, Variant, type SageMakerDefaultsProps } from 'cdk-sagemaker';
import { Construct } from 'constructs';
import { allowing, emptyStack, flat, IMAGE_URI, ofType, trainingIn, trainingProps, tuningIn } from './support/stacks';

const BOUNDARY = 'arn:aws:iam::123456789012:policy/team';
const boundary = (scope: Construct, name = 'team') => ManagedPolicy.fromManagedPolicyArn(scope, `Boundary-${name}`, `arn:aws:iam::123456789012:policy/${name}`);

/** One of everything that has a role made for it, with files of the app that are unpacked. */
function everyRole(scope: Construct): void {
  const image = ContainerImage.fromUri(IMAGE_URI);
  trainingIn(scope as Stack, { inputs: { train: DataSource.fromAsset(__filename) } });
  tuningIn(scope as Stack);
  new ProcessingJob(scope, 'Process', { image, capacity: trainingProps().capacity });
  new Model(scope, 'Model', { image });
  new EndpointConfig(scope, 'Config', { variants: { all: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) } });
}

function rolesOf(stack: Stack): { [id: string]: { PermissionsBoundary?: unknown; Path?: unknown } } {
  return Object.fromEntries(ofType(Template.fromStack(stack), 'AWS::IAM::Role').map(([id, { Properties }]) => [id, Properties]));
}

const boundariesOf = (stack: Stack) => [...new Set(Object.values(rolesOf(stack)).map((role) => flat(role.PermissionsBoundary)))];

describe('every role that is made', () => {
  test('has the permissions boundary of the app', () => {
    const app = new App();
    SageMakerDefaults.configure(app, { permissionsBoundary: boundary(app) });
    const stack = new Stack(app, 'Stack');
    everyRole(stack);
    expect(Object.keys(rolesOf(stack))).toHaveLength(8);
    expect(boundariesOf(stack)).toEqual([BOUNDARY]);
  });

  test('is at the path of the stack, where its handler may pass it', () => {
    const stack = emptyStack();
    SageMakerDefaults.configure(stack, { rolePath: '/ml/' });
    everyRole(stack);
    const paths = Object.entries(rolesOf(stack)).map(([id, { Path }]) => [id.replace(/[0-9A-F]{8}$/, ''), Path]);
    expect(Object.fromEntries(paths)).toEqual({
      SageMakerJobHandlerRole: '/ml/', SageMakerJobWaiterRole: '/ml/', CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiBServiceRole: '/ml/',
      TrainRole: '/ml/cdk-sagemaker/stack/', TuneDefinitionRole: '/ml/cdk-sagemaker/stack/', ProcessRole: '/ml/cdk-sagemaker/stack/', ModelRole: '/ml/cdk-sagemaker/stack/', ConfigRole: '/ml/cdk-sagemaker/stack/',
    });
    expect(flat(allowing(Template.fromStack(stack), 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource)).toContain(':role/ml/cdk-sagemaker/stack/*');
  });

  test('is told nothing where nothing is said', () => {
    const stack = emptyStack();
    everyRole(stack);
    expect(boundariesOf(stack)).toEqual(['undefined'].map(() => flat(undefined)));
    expect(rolesOf(stack).SageMakerJobHandlerRole).not.toHaveProperty('Path');
  });

  test('is as what is nearest to it says, member by member', () => {
    const app = new App();
    SageMakerDefaults.configure(app, { permissionsBoundary: boundary(app), rolePath: '/all/' });
    const stack = new Stack(app, 'Stack');
    SageMakerDefaults.configure(stack, { permissionsBoundary: boundary(stack, 'near') });
    const part = new Construct(stack, 'Part');
    SageMakerDefaults.configure(part, { rolePath: '/part/' });
    trainingIn(part as Stack);
    const { SageMakerJobHandlerRole: provider, ...roles } = rolesOf(stack);
    const [[, role]] = Object.entries(roles).filter(([id]) => id.startsWith('PartTrainRole'));
    expect([role.Path, role.PermissionsBoundary]).toEqual(['/part/cdk-sagemaker/stack/', expect.stringContaining('policy/near')]);
    expect(provider.Path).toBe('/all/');
    expect(flat(allowing(Template.fromStack(stack), 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource)).toContain(':role/part/cdk-sagemaker/stack/*');
  });

  test.each<[string, (app: App) => Stack]>([
    ['PermissionsBoundary.of(app)', (app) => { PermissionsBoundary.of(app).apply(boundary(app)); return new Stack(app, 'Stack'); }],
    ['the stack\'s own prop', (app) => new Stack(app, 'Stack', { permissionsBoundary: StackBoundary.fromArn(BOUNDARY) })],
    ['the context', (app) => { app.node.setContext('@aws-cdk/core:permissionsBoundary', { arn: BOUNDARY }); return new Stack(app, 'Stack'); }],
  ])('is reached by what the CDK has of its own: %s', (_, stackOf) => {
    const stack = stackOf(new App());
    everyRole(stack);
    expect(boundariesOf(stack)).toEqual([BOUNDARY]);
  });

  test('of the provider has the boundary that the provider is given', () => {
    const stack = emptyStack();
    SageMakerDefaults.configure(stack, { permissionsBoundary: boundary(stack) });
    trainingIn(stack);
    JobProvider.configure(stack, { permissionsBoundary: boundary(stack, 'provider') });
    const { SageMakerJobHandlerRole: handler, SageMakerJobWaiterRole: waiter } = rolesOf(stack);
    expect([handler, waiter].map((role) => flat(role.PermissionsBoundary))).toEqual(['provider', 'provider'].map((name) => `arn:aws:iam::123456789012:policy/${name}`));
  });
});

test.each<[string, SageMakerDefaultsProps, string]>([
  ['no slash at the end', { rolePath: '/ml' }, 'rolePath must be letters, digits and +=,.@_-, with a slash at the beginning, at the end and between, for instance /ml/, got /ml'],
  ['no slash at the beginning', { rolePath: 'ml/' }, 'got ml/'],
  ['a pattern', { rolePath: '/m*/' }, 'got /m*/'],
  ['a folder without a name', { rolePath: '/a//b/' }, 'got /a//b/'],
  ['too long', { rolePath: `/${'a'.repeat(480)}/` }, 'rolePath must have 1 to 473 characters, got 482 characters'],
  ['no text', { rolePath: 1 as unknown as string }, 'rolePath must be'],
  ['no policy', { permissionsBoundary: BOUNDARY as never }, 'permissionsBoundary must be a managed policy (ManagedPolicy.fromManagedPolicyArn makes one of an ARN)'],
])('refuses %s', (_, props, message) => {
  expect(() => SageMakerDefaults.configure(emptyStack(), props)).toThrow(message);
});
