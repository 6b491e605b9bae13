import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { ContainerImage, ModelPackage, ModelPackageGroup, ModelPackageSource, type IModelPackageGroup, type ModelPackageGroupProps } from 'cdk-sagemaker';
import { emptyStack, flat, IMAGE_URI, only, statements } from './support/stacks';

function made(props?: ModelPackageGroupProps) {
  const stack = emptyStack();
  const group = new ModelPackageGroup(stack, 'Group', props);
  return { group, resource: only(Template.fromStack(stack), 'AWS::SageMaker::ModelPackageGroup') };
}

describe('ModelPackageGroup', () => {
  test('stays when the stack goes, under a name of its path', () => {
    const { group, resource } = made();
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { ModelPackageGroupName: expect.stringMatching(/^Stack-Group-[0-9A-F]{8}$/) } });
    expect(group.modelPackageGroupName).toBe(resource.Properties.ModelPackageGroupName);
    expect(group.modelPackageGroupRef.modelPackageGroupArn).toBe(group.modelPackageGroupArn);
  });

  test('has the name and description it is given, and may go with the stack', () => {
    expect(made({ modelPackageGroupName: 'digits', description: 'd', removalPolicy: RemovalPolicy.DESTROY }).resource).toMatchObject({
      DeletionPolicy: 'Delete', Properties: { ModelPackageGroupName: 'digits', ModelPackageGroupDescription: 'd' },
    });
  });

  test('made elsewhere is known by its name', () => {
    const stack = emptyStack();
    const group = ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'digits');
    expect(flat(stack.resolve(group.modelPackageGroupArn))).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:model-package-group/digits');
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('rejects an odd name, and a long description', () => {
    expect(() => made({ modelPackageGroupName: 'a_b' })).toThrow('Stack/Group: modelPackageGroupName must be of 1 to 63');
    expect(() => made({ description: 'x'.repeat(1025) })).toThrow('Stack/Group: description must have at most 1024 characters');
  });
});

describe('a group of model packages and those who may use it', () => {
  const GROUP = 'arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:model-package-group/digits';
  const VERSIONS = 'arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:model-package/digits/*';
  const LOOK = ['sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'];
  type Said = { Action: string | string[]; Resource: object[] | object; Principal?: { AWS: object } };
  const said = (list: Said[]) => list.map(({ Action, Resource }) => [[Action].flat(), [Resource].flat().map(flat)]);
  const policyOf = (allow: (group: IModelPackageGroup) => void): Said[] => {
    const stack = emptyStack();
    allow(new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'Digits' }));
    return only(Template.fromStack(stack), 'AWS::SageMaker::ModelPackageGroup').Properties.ModelPackageGroupPolicy?.Statement;
  };
  const other = new AccountPrincipal('210987654321');

  test.each<[string, (group: IModelPackageGroup) => void, [string[], string[]][]]>([
    ['look at it', (group) => group.grantRead(other), [[LOOK, [GROUP, VERSIONS]]]],
    ['deploy its versions, and approve none', (group) => group.grantDeploy(other), [[LOOK, [GROUP, VERSIONS]], [['sagemaker:CreateModel'], [VERSIONS]]]],
    ['register versions', (group) => group.grantRegister(other), [[LOOK, [GROUP, VERSIONS]], [['sagemaker:CreateModelPackage'], [GROUP, VERSIONS]]]],
    ['approve versions', (group) => group.grantApprove(other), [[LOOK, [GROUP, VERSIONS]], [['sagemaker:UpdateModelPackage'], [VERSIONS]]]],
  ])('lets another account %s by its policy', (_what, allow, expected) => {
    const policy = policyOf(allow);
    expect(said(policy)).toEqual(expected);
    expect(policy.map(({ Principal }) => flat(Principal!.AWS))).toEqual(policy.map(() => 'arn:<AWS::Partition>:iam::210987654321:root'));
  });

  test('lets a role of its own account do so by the role\'s policy, and has none itself', () => {
    const stack = emptyStack();
    new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'digits' }).grantDeploy(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const template = Template.fromStack(stack);
    expect(said(statements(template, 'Role'))).toEqual([[LOOK, [GROUP, VERSIONS]], [['sagemaker:CreateModel'], [VERSIONS]]]);
    expect(only(template, 'AWS::SageMaker::ModelPackageGroup').Properties).toEqual({ ModelPackageGroupName: 'digits' });
  });

  test('made in another account is known by its ARN, and named by it where versions are registered', () => {
    const stack = emptyStack();
    const group = ModelPackageGroup.fromModelPackageGroupArn(stack, 'Central', 'arn:aws:sagemaker:eu-west-1:210987654321:model-package-group/digits');
    expect(group).toMatchObject({ modelPackageGroupName: 'digits', env: { account: '210987654321', region: 'eu-west-1' } });
    new ModelPackage(stack, 'Version', { group, source: ModelPackageSource.containers([{ image: ContainerImage.fromUri(IMAGE_URI) }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] }) });
    group.grantRegister(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SageMaker::ModelPackage').Properties.ModelPackageGroupName).toBe('arn:aws:sagemaker:eu-west-1:210987654321:model-package-group/digits');
    expect(said(statements(template, 'Role'))[1]).toEqual([['sagemaker:CreateModelPackage'], ['model-package-group/digits', 'model-package/digits/*'].map((name) => `arn:<AWS::Partition>:sagemaker:eu-west-1:210987654321:${name}`)]);
    expect(() => ModelPackageGroup.fromModelPackageGroupArn(stack, 'Odd', 'digits')).toThrow('Stack: Odd: modelPackageGroupArn must be the ARN of a model package group, got digits');
  });

  test('made elsewhere may be said to be of another account and Region', () => {
    const group = ModelPackageGroup.fromModelPackageGroupAttributes(emptyStack(), 'Central', { modelPackageGroupName: 'digits', account: '210987654321', region: 'us-east-1' });
    expect(group.env).toMatchObject({ account: '210987654321', region: 'us-east-1' });
  });
});
