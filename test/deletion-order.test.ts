import { PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, EndpointConfig, Model, Variant } from 'cdk-sagemaker';
import { Construct } from 'constructs';
import { output, ownRole, ROLE_KINDS } from './support/role-kinds';
import { emptyStack, IMAGE_URI, ofType, trainingIn, type Resource } from './support/stacks';

// CloudFormation makes what is depended on first, and deletes it last: a job that is stopped, or an endpoint that still answers, has its permissions until it has gone.

const ROLES: [string, (stack: Stack) => IRole | undefined][] = [
  ['a role that is made', () => undefined],
  ['a role that is given', (stack) => ownRole(stack)],
  ['a role of another construct', (stack) => ownRole(new Construct(stack, 'Team'))],
];

/** What runs with a role, and must be gone before the role's policies are. */
const RUNNING = /^(Custom::SageMaker\w+Job|AWS::SageMaker::(ProcessingJob|Model|EndpointConfig|Endpoint|InferenceComponent))$/;

describe.each(Object.entries(ROLE_KINDS))('%s', (_kind, make) => {
  test.each(ROLES)('is made after the policies of its role, and gone before them: %s', (_, roleOf) => {
    const stack = emptyStack();
    make(stack, roleOf(stack));
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Resources };
    const running = Object.entries(Resources).filter(([, { Type }]) => RUNNING.test(Type)).map(([id]) => id);
    expect(running.length).toBeGreaterThan(0);
    for (const id of running) {
      const below = closure(Resources, id);
      const roles = [...below].filter((each) => Resources[each].Type === 'AWS::IAM::Role' && !each.startsWith('SageMakerJob'));
      const policies = Object.entries(Resources).filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && roles.some((role) => JSON.stringify(Properties.Roles).includes(`"${role}"`)));
      expect(policies.length).toBeGreaterThan(0);
      expect([...below]).toEqual(expect.arrayContaining(policies.map(([policy]) => policy)));
    }
  });
});

test('the policies of a role of another stack are there before the stack is', () => {
  const app = new App();
  const [roles, jobs] = ['Roles', 'Jobs'].map((id) => new Stack(app, id));
  trainingIn(jobs, { role: ownRole(roles), output: output(jobs) });
  app.synth();
  expect(jobs.dependencies).toEqual([roles]);
});

test('an endpoint waits for the policies of a role that a model made elsewhere has', () => {
  const stack = emptyStack();
  new EndpointConfig(stack, 'Config', { variants: { a: Variant.onInstances(Model.fromModelName(stack, 'Old', 'old', { role: ownRole(stack) }), { instanceType: 'ml.m5.large' }) } });
  stack.node.children.filter((child) => child.node.id === 'Own').forEach((role) => (role as ReturnType<typeof ownRole>).addToPolicy(statementOf()));
  const [[, config]] = ofType(Template.fromStack(stack), 'AWS::SageMaker::EndpointConfig');
  expect(config.DependsOn).toContainEqual(expect.stringMatching(/^OwnDefaultPolicy/));
});

test('a policy that grew too large for one document is waited for in all its parts', () => {
  const stack = emptyStack();
  const role = ownRole(stack);
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), role });
  Array.from({ length: 120 }, (_, index) => role.addToPolicy(statementOf(`arn:aws:s3:::bucket-${index}-${'x'.repeat(60)}/*`)));
  const template = Template.fromStack(stack);
  const overflow = ofType(template, 'AWS::IAM::ManagedPolicy').map(([id]) => id);
  expect(overflow.length).toBeGreaterThan(0);
  expect(ofType(template, 'AWS::SageMaker::Model')[0][1].DependsOn).toEqual(expect.arrayContaining(overflow));
  expect(model.role).toBe(role);
});

function statementOf(resource = 'arn:aws:s3:::more/*'): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] });
}

type Resources = { readonly [id: string]: Resource };

/** Everything that a resource waits for. */
function closure(resources: Resources, id: string, found = new Set<string>()): Set<string> {
  for (const next of waitsFor(resources, resources[id])) {
    if (!found.has(next)) { closure(resources, next, found.add(next)); }
  }
  return found;
}

function waitsFor(resources: Resources, { DependsOn = [], Properties }: Resource): string[] {
  const references = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref":"|Fn::GetAtt":\[")(\w+)"/g)].map(([, id]) => id);
  return [...[DependsOn].flat(), ...references].filter((id) => id in resources);
}
