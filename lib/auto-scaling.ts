import { AdjustmentType, MetricAggregationType, ScalableTarget, ServiceNamespace, StepScalingAction } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Role } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { countInRange, inRange, isToken, matches, refuse, unique } from './request/checks';
import { checkScalingKinds } from './request/scaling-prop-kinds';
import type { ScaledCapacity, ScaledKind, ScaledResource } from './scaled-resource';
import type { ScalingPolicy } from './scaling-policy';

/**
 * How many instances of a variant, copies of an inference component, or requests at once of a serverless variant's provisioned concurrency there are, as
 * policies say. Any number of variants of an endpoint may be scaled. They are registered with Application Auto Scaling after the endpoint is there, and
 * deregistered before it goes; the account's service-linked role does the scaling, so no role is made.
 *
 * A minimum of 0 is for endpoints with `asyncInference` and for inference components. What takes them out of 0 again, an alarm and a policy, is made by itself.
 *
 * SageMaker refuses another instance type for a variant that is scaled. So the name of such a variant has its instance type in it
 * (`AllTraffic-m5-large`), and another type makes another variant, which is put in the place of the first: `endpoint.variantName('AllTraffic')`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   autoScaling: AutoScaling.between(1, 4, [ScalingPolicy.invocationsPerInstance(200)]),
 * });
 * model.deploy('Sometimes', {
 *   instanceType: 'ml.g5.xlarge',
 *   asyncInference: AsyncInference.toBucket(bucket, 'answers'),
 *   autoScaling: AutoScaling.between(0, 4, [ScalingPolicy.backlogPerInstance(5)]),
 * });
 */
export class AutoScaling {
  /**
   * As many as the policies say, within bounds.
   *
   * @param min at least 1; 0 with `asyncInference` and of inference components
   * @param max at least `min`, and at least 1
   * @param policies 1 to 50, each by another metric
   */
  public static between(min: number, max: number, policies: ScalingPolicy[]): AutoScaling {
    return new AutoScaling(min, max, policies);
  }

  /** The least there are. */
  public readonly min: number;
  /** The most there are. */
  public readonly max: number;

  private constructor(min: number, max: number, private readonly policies: ScalingPolicy[]) {
    this.min = min;
    this.max = max;
  }

  /**
   * How many there are at first where nothing is said of it: none is what a scaling takes it to, not what it begins with.
   *
   * @internal
   */
  public get _initialCount(): number {
    return isToken(this.min) || !Number.isInteger(this.min) ? 1 : Math.max(1, this.min);
  }

  /**
   * Refuses what the service refuses, before anything is deployed.
   *
   * @internal
   */
  public _check(scope: Construct, prop: string, { kind, countProp, count, limit }: ScaledCapacity): void {
    checkScalingKinds(scope, prop, { min: this.min, max: this.max, policies: this.policies });
    const least = mayBeNone(kind) ? 0 : 1;
    if (least === 1 && this.minima.includes(0)) { refuse(scope, prop, `keep 1 or more: ${WITHOUT_ANY[kind]}`, 0); }
    inRange(scope, `${prop}.max`, this.max, 1, 2147483647);
    inRange(scope, `${prop}.min`, this.min, least, isToken(this.max) ? 2147483647 : this.max);
    if (limit && !isToken(limit.value) && !isToken(this.max) && this.max > limit.value) { refuse(scope, `${prop}.max`, `be at most ${limit.prop}, which is ${limit.value}`, this.max); }
    inRange(scope, countProp, count, this.leastCount(kind), isToken(this.max) ? 2147483647 : this.max);
    countInRange(scope, `${prop}.policies`, this.policies, 1, 50);
    unique(scope, `${prop}.policies`, this.policies.map(({ _id }) => _id));
    for (const policy of this.policies) {
      // a part of the construct's path, and the name of a scheduled action
      matches(scope, `${prop}.policies`, policy._id, /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/, 'named by 1 to 63 letters, digits, dashes and underscores');
      policy._check(scope, `${prop}.policies.${policy._id}`, kind, { least, most: limit && !isToken(limit.value) ? limit.value : 2147483647 });
    }
  }

  /**
   * Registers what is there after a resource, so that it is deregistered before that goes, and has it scaled.
   *
   * @internal
   */
  public _bind(scope: Construct, after: IConstruct, resource: ScaledResource): void {
    const target = new ScalableTarget(scope, 'Target', {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      scalableDimension: DIMENSIONS[resource.kind],
      resourceId: resource.kind === 'copies' ? `inference-component/${resource.inferenceComponentName}` : `endpoint/${resource.endpointName}/variant/${resource.variantName}`,
      minCapacity: this.min,
      maxCapacity: this.max,
      role: Role.fromRoleArn(scope, 'Role', serviceLinkedRole(scope)),
    });
    target.node.addDependency(after);
    for (const policy of this.policies) { policy._bind(target, resource); }
    if (mayBeNone(resource.kind) && this.minima.some((min) => min === 0 || isToken(min))) { this.wake(scope, target, resource); }
  }

  private leastCount(kind: ScaledKind): number {
    if (isToken(this.min)) { return kind === 'copies' ? 0 : 1; }
    return kind === 'copies' ? this.min : this._initialCount;
  }

  private get minima(): (number | undefined)[] {
    return [this.min, ...this.policies.map(({ _min }) => _min)];
  }

  /** No policy that holds a metric at a target leads out of 0: there is nothing to divide by, and nothing that publishes it. */
  private wake(scope: Construct, scalingTarget: ScalableTarget, resource: ScaledResource): void {
    const action = new StepScalingAction(scope, 'FromZero', {
      scalingTarget, adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY, metricAggregationType: MetricAggregationType.MAXIMUM, cooldown: Duration.minutes(5),
    });
    action.addAdjustment({ lowerBound: 0, adjustment: 1 });
    new Alarm(scope, 'WithoutCapacity', {
      metric: withoutCapacity(resource), threshold: 1, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: 'There are requests, and nothing that answers them: the first instance or copy is started.',
    }).addAlarmAction({ bind: () => ({ alarmActionArn: action.scalingPolicyArn }) });
  }
}

const DIMENSIONS: { readonly [kind in ScaledKind]: string } = {
  instances: 'sagemaker:variant:DesiredInstanceCount',
  async: 'sagemaker:variant:DesiredInstanceCount',
  serverless: 'sagemaker:variant:DesiredProvisionedConcurrency',
  copies: 'sagemaker:inference-component:DesiredCopyCount',
};

/** The way to what is asked for, for those that can't be none. */
const WITHOUT_ANY: { readonly [kind in ScaledKind]?: string } = {
  instances: 'only an endpoint with asyncInference, or the copies of an InferenceComponent on Variant.ofComponents({ minInstanceCount: 0, ... }), can scale to 0',
  serverless: 'leave out provisionedConcurrency and autoScaling, and a serverless variant costs nothing without requests',
};

function mayBeNone(kind: ScaledKind): boolean {
  return kind === 'async' || kind === 'copies';
}

/** What SageMaker publishes when there are requests and no capacity: of the endpoint's queue, or of the component. */
function withoutCapacity({ kind, endpointName, inferenceComponentName }: ScaledResource): Metric {
  const common = { namespace: 'AWS/SageMaker', period: Duration.minutes(1) };
  return kind === 'async'
    ? new Metric({ ...common, metricName: 'HasBacklogWithoutCapacity', statistic: 'Maximum', dimensionsMap: { EndpointName: endpointName } })
    : new Metric({ ...common, metricName: 'NoCapacityInvocationFailures', statistic: 'Sum', dimensionsMap: { InferenceComponentName: inferenceComponentName! } });
}

/** Application Auto Scaling makes it when the first target of an account is registered. */
function serviceLinkedRole(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'iam', region: '', resource: 'role', arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    resourceName: 'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
  });
}
