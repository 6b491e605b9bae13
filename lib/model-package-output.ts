import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { matches } from './request/checks';

/** How a model package is made of a job. */
export interface ModelPackageOutputOptions {
  /**
   * The ARN of the model package that customization goes on from, or that is evaluated.
   *
   * @default - none
   */
  readonly sourceModelPackage?: string;
}

/** A model package, ready to be named in a request. */
export interface ModelPackageOutputConfig {
  /** The ARN of the group. */
  readonly group: string;
  /**
   * The ARN of the source.
   *
   * @default - none
   */
  readonly sourceModelPackage?: string;
}

/**
 * The model package that a job registers when it has ended well.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   modelPackage: ModelPackageOutput.inGroup('arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/digits'),
 * });
 */
export class ModelPackageOutput {
  /** A new version in a group, by the group's ARN (`CfnModelPackageGroup.attrModelPackageGroupArn`). */
  public static inGroup(group: string, options: ModelPackageOutputOptions = {}): ModelPackageOutput {
    return new ModelPackageOutput(group, options);
  }

  private constructor(private readonly group: string, private readonly options: ModelPackageOutputOptions) {}

  /**
   * Lets the job add a version to the group and read its source. Assumed from what the calls are for: no list of what
   * a job needs is documented.
   */
  public bind(job: Construct, grantee: IGrantable): ModelPackageOutputConfig {
    const { sourceModelPackage } = this.options;
    matches(job, 'modelPackage.group', this.group, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package-group\/[^/]+$/, 'the ARN of a model package group');
    matches(job, 'modelPackage.sourceModelPackage', sourceModelPackage, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package\/.+$/, 'the ARN of a model package');
    const allow = (actions: string[], resources: string[]) => grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    allow(['sagemaker:DescribeModelPackageGroup'], [this.group]);
    // a version's ARN begins with the name of its group: ...:model-package-group/<name> -> ...:model-package/<name>/*
    const [prefix, name] = [0, 1].map((part) => Fn.select(part, Fn.split(':model-package-group/', this.group)));
    allow(['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'], [this.group, `${prefix}:model-package/${name}/*`]);
    if (sourceModelPackage !== undefined) { allow(['sagemaker:DescribeModelPackage'], [sourceModelPackage]); }
    return { group: this.group, sourceModelPackage };
  }
}
