import { CfnModelPackageGroup, type IModelPackageGroupRef, type ModelPackageGroupReference } from 'aws-cdk-lib/aws-sagemaker';
import { Names, RemovalPolicy, Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { lengthInRange, serviceName } from './request/checks';
import { arnName } from './template/names';

/** A group of model packages. */
export interface IModelPackageGroup extends IResource, IModelPackageGroupRef {
  /**
   * The name of the group.
   *
   * @attribute
   */
  readonly modelPackageGroupName: string;
  /**
   * The ARN of the group.
   *
   * @attribute
   */
  readonly modelPackageGroupArn: string;
}

/** What a group of model packages is made of. */
export interface ModelPackageGroupProps {
  /**
   * What the models of the group are for; at most 1,024 characters.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * The name, at most 63 letters, digits and dashes.
   *
   * @default - a name made of the construct's path
   */
  readonly modelPackageGroupName?: string;
  /**
   * Whether the group stays when the stack is deleted. A group can only be deleted when there are no packages in it.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The versions of a model in the registry of SageMaker.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-model-group.html
 *
 * @example
 * const group = new ModelPackageGroup(this, 'Digits', { description: 'What reads digits' });
 * new TrainingJob(this, 'Train', { algorithm, capacity, modelPackage: ModelPackageOutput.inGroup(group.modelPackageGroupArn) });
 */
export class ModelPackageGroup extends Resource implements IModelPackageGroup {
  /** A group made elsewhere, in the account and the Region of the stack. */
  public static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelPackageGroup {
    class Import extends Resource implements IModelPackageGroup {
      public readonly modelPackageGroupName = modelPackageGroupName;
      public readonly modelPackageGroupArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model-package-group', resourceName: arnName(modelPackageGroupName) });
      public readonly modelPackageGroupRef: ModelPackageGroupReference = { modelPackageGroupArn: this.modelPackageGroupArn };
    }
    return new Import(scope, id);
  }

  public readonly modelPackageGroupName: string;
  public readonly modelPackageGroupArn: string;
  public readonly modelPackageGroupRef: ModelPackageGroupReference;

  constructor(scope: Construct, id: string, props: ModelPackageGroupProps = {}) {
    super(scope, id);
    serviceName(this, 'modelPackageGroupName', props.modelPackageGroupName);
    lengthInRange(this, 'description', props.description, 0, 1024);
    this.modelPackageGroupName = props.modelPackageGroupName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' });
    const group = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.modelPackageGroupName,
      modelPackageGroupDescription: props.description,
    });
    group.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageGroupArn = group.attrModelPackageGroupArn;
    this.modelPackageGroupRef = { modelPackageGroupArn: this.modelPackageGroupArn };
  }
}
