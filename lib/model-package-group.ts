import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, type AddToResourcePolicyResult, type Grant, type IGrantable, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup, type IModelPackageGroupRef, type ModelPackageGroupReference } from 'aws-cdk-lib/aws-sagemaker';
import { ArnFormat, Lazy, Names, RemovalPolicy, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ModelPackageGroupBase } from './model-package-group-base';
import { lengthInRange, matches, oneOf, serviceName } from './request/checks';
import { STRUCTURE, TEXT, checkGiven, checkImportedName, placeOf } from './request/kinds';
import { injected } from './template/injected';
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

  /**
   * Lets the group and its versions be looked at. Somebody of another account (`AccountPrincipal`) is let in by the group's own policy, which a group
   * made elsewhere does not have here.
   */
  grantRead(grantee: IGrantable): Grant;

  /**
   * Lets models be made of its versions: by whoever deploys them, for instance another account's CloudFormation. Nothing is approved by it. The bucket of
   * the artifacts, the repository of the images and their keys must let the other account read as well (docs/model-registry.md).
   */
  grantDeploy(grantee: IGrantable): Grant;

  /** Lets versions be registered. */
  grantRegister(grantee: IGrantable): Grant;

  /** Lets versions be approved and rejected, and what is said of them be changed. */
  grantApprove(grantee: IGrantable): Grant;

  /** Each change of one of its versions: registered, approved, rejected, or what is said of it. Events of a group are told in its account and Region. */
  onStateChange(id: string, options?: OnEventOptions): Rule;

  /** A version that is approved was registered, approved or changed. SageMaker may send an event more than once. */
  onApproved(id: string, options?: OnEventOptions): Rule;

  /** A version that is rejected was registered, rejected or changed. SageMaker may send an event more than once. */
  onRejected(id: string, options?: OnEventOptions): Rule;
}

/** What is known of a group made elsewhere. */
export interface ModelPackageGroupAttributes {
  /** The name of the group. */
  readonly modelPackageGroupName: string;
  /**
   * The account that it is in.
   *
   * @default - that of the stack
   */
  readonly account?: string;
  /**
   * The Region that it is in.
   *
   * @default - that of the stack
   */
  readonly region?: string;
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
 * group.grantDeploy(new iam.AccountPrincipal('210987654321'));
 */
export class ModelPackageGroup extends ModelPackageGroupBase {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.ModelPackageGroup';

  /** A group made elsewhere, in the account and the Region of the stack. */
  public static fromModelPackageGroupName(scope: Construct, id: string, modelPackageGroupName: string): IModelPackageGroup {
    return ModelPackageGroup.fromModelPackageGroupAttributes(scope, id, { modelPackageGroupName });
  }

  /** A group made elsewhere, by its ARN: also of another account, whose group must let this one in. Throws when it is no ARN of a group. */
  public static fromModelPackageGroupArn(scope: Construct, id: string, modelPackageGroupArn: string): IModelPackageGroup {
    checkGiven(placeOf(scope, id), 'modelPackageGroupArn', modelPackageGroupArn, TEXT);
    matches(scope, `${id}: modelPackageGroupArn`, modelPackageGroupArn, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package-group\/[^/]+$/, 'the ARN of a model package group');
    return new ImportedGroup(scope, id, Stack.of(scope).splitArn(modelPackageGroupArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!, modelPackageGroupArn);
  }

  /** A group made elsewhere, by all that is known of it. */
  public static fromModelPackageGroupAttributes(scope: Construct, id: string, attributes: ModelPackageGroupAttributes): IModelPackageGroup {
    checkGiven(placeOf(scope, id), 'attributes', attributes, STRUCTURE);
    const { modelPackageGroupName, account, region } = attributes;
    checkImportedName(placeOf(scope, id), 'modelPackageGroupName', modelPackageGroupName);
    return new ImportedGroup(scope, id, modelPackageGroupName, Stack.of(scope).formatArn({ service: 'sagemaker', account, region, resource: 'model-package-group', resourceName: arnName(modelPackageGroupName) }));
  }

  public readonly modelPackageGroupName: string;
  public readonly modelPackageGroupArn: string;
  public readonly modelPackageGroupRef: ModelPackageGroupReference;
  private readonly policy = new PolicyDocument();

  constructor(scope: Construct, id: string, props: ModelPackageGroupProps = {}) {
    super(scope, id);
    checkGiven(this, 'props', props, STRUCTURE);
    oneOf(this, 'removalPolicy', props.removalPolicy, Object.values(RemovalPolicy));
    props = injected(this, ModelPackageGroup.PROPERTY_INJECTION_ID, props);
    serviceName(this, 'modelPackageGroupName', props.modelPackageGroupName);
    lengthInRange(this, 'description', props.description, 0, 1024);
    this.modelPackageGroupName = props.modelPackageGroupName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' });
    const group = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.modelPackageGroupName,
      modelPackageGroupDescription: props.description,
      modelPackageGroupPolicy: Lazy.any({ produce: () => (this.policy.isEmpty ? undefined : this.policy) }),
    });
    group.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.modelPackageGroupArn = group.attrModelPackageGroupArn;
    this.modelPackageGroupRef = { modelPackageGroupArn: this.modelPackageGroupArn };
  }

  /** Adds to the policy of the group, by which other accounts are let in. */
  public addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}

class ImportedGroup extends ModelPackageGroupBase {
  public readonly modelPackageGroupRef: ModelPackageGroupReference;

  public constructor(scope: Construct, id: string, public readonly modelPackageGroupName: string, public readonly modelPackageGroupArn: string) {
    super(scope, id, { environmentFromArn: modelPackageGroupArn });
    this.modelPackageGroupRef = { modelPackageGroupArn };
  }
}
