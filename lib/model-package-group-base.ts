import { Grant, type AddToResourcePolicyResult, type IGrantable, type IResourceWithPolicyV2, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { ModelPackageGroupReference } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { eventRule } from './event-rules';
import { DETAIL_TYPES } from './limits/events';
import type { IModelPackageGroup } from './model-package-group';
import { checkGiven, GRANTEE } from './request/kinds';
import { callerFor } from './template/granted';
import { arnName } from './template/names';

const LOOK = ['sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'];

/**
 * What a group made here and one made elsewhere can do alike.
 *
 * @internal
 */
export abstract class ModelPackageGroupBase extends Resource implements IModelPackageGroup, IResourceWithPolicyV2 {
  public abstract readonly modelPackageGroupName: string;
  public abstract readonly modelPackageGroupArn: string;
  public abstract readonly modelPackageGroupRef: ModelPackageGroupReference;

  /** Lets the group and its versions be looked at. */
  public grantRead(grantee: IGrantable): Grant {
    return this.grant(this.caller('grantRead', grantee));
  }

  /** Lets models be made of its versions. Nothing is approved by it. */
  public grantDeploy(grantee: IGrantable): Grant {
    return this.grant(this.caller('grantDeploy', grantee), ['sagemaker:CreateModel'], [this.versionsArn]);
  }

  /** Lets versions be registered. */
  public grantRegister(grantee: IGrantable): Grant {
    return this.grant(this.caller('grantRegister', grantee), ['sagemaker:CreateModelPackage'], [this.groupArn, this.versionsArn]);
  }

  /** Lets versions be approved and rejected, and what is said of them be changed. */
  public grantApprove(grantee: IGrantable): Grant {
    return this.grant(this.caller('grantApprove', grantee), ['sagemaker:UpdateModelPackage'], [this.versionsArn]);
  }

  /** Each change of one of its versions: registered, approved, rejected, or what is said of it. */
  public onStateChange(id: string, options: OnEventOptions = {}): Rule { return this.rule(id, {}, options); }

  /** A version that is approved was registered, approved or changed. SageMaker may send an event more than once. */
  public onApproved(id: string, options: OnEventOptions = {}): Rule { return this.rule(id, { ModelApprovalStatus: ['Approved'] }, options); }

  /** A version that is rejected was registered, rejected or changed. SageMaker may send an event more than once. */
  public onRejected(id: string, options: OnEventOptions = {}): Rule { return this.rule(id, { ModelApprovalStatus: ['Rejected'] }, options); }

  /** The policy of a group made elsewhere is not ours to change. */
  public addToResourcePolicy(_statement: PolicyStatement): AddToResourcePolicyResult {
    return { statementAdded: false };
  }

  private rule(id: string, approval: { readonly ModelApprovalStatus?: readonly string[] }, options: OnEventOptions): Rule {
    return eventRule(this, id, DETAIL_TYPES.ModelPackage, { ModelPackageGroupName: [this.modelPackageGroupName], ...approval }, options);
  }

  private caller(grant: string, grantee: IGrantable): IGrantable {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    return callerFor(this, grant, grantee);
  }

  /** Who does something with a group looks at it first. */
  private grant(grantee: IGrantable, actions: string[] = [], resourceArns: string[] = []): Grant {
    const looking = Grant.addToPrincipalOrResource({ grantee, actions: LOOK, resourceArns: [this.groupArn, this.versionsArn], resource: this });
    return actions.length === 0 ? looking : looking.combine(Grant.addToPrincipalOrResource({ grantee, actions, resourceArns, resource: this }));
  }

  /** By its name: the policy of a group can't refer to the group. */
  private get groupArn(): string { return this.arnOf('model-package-group', arnName(this.modelPackageGroupName)); }

  private get versionsArn(): string { return this.arnOf('model-package', `${arnName(this.modelPackageGroupName)}/*`); }

  private arnOf(resource: string, resourceName: string): string {
    const { account, region } = this.env;
    return Stack.of(this).formatArn({ service: 'sagemaker', account, region, resource, resourceName });
  }
}
