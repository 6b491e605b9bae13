import { Template } from 'aws-cdk-lib/assertions';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { ModelPackageGroup, type ModelPackageGroupProps } from 'cdk-sagemaker';
import { emptyStack, flat, only } from './support/stacks';

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
