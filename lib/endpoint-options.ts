import type { DeploymentPolicy } from './deployment-policy';
import type { RollbackAlarm } from './rollback-alarm';

/** What can be said of every endpoint. */
export interface EndpointOptions {
  /**
   * The name, at most 63 letters, digits and dashes. An endpoint with a name given can't be replaced by a change, so it can't change between instances and
   * serverless either.
   *
   * @default - a generated name
   */
  readonly endpointName?: string;
  /**
   * How the endpoint moves to another configuration.
   *
   * The endpoint throws for what SageMaker moves all at once whatever is said: serverless variants, instances with Inferentia 1, Elastic Inference; and for a
   * rolling deployment of several variants. Containers of AWS Marketplace are moved so too, which is not known before. The old and the new configuration must have
   * variants of the same names.
   *
   * @default - all at once, as SageMaker does by itself
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
   */
  readonly deployment?: DeploymentPolicy;
  /**
   * What rolls an update back when it rings while the endpoint moves, and 10 minutes after that unless the deployment says otherwise. 1 to 10 alarms; one made from
   * the endpoint's own metrics is one for each variant.
   *
   * The endpoint throws where SageMaker would not look at them, as it does for `deployment`.
   *
   * @default - an update is rolled back only if the new instances don't come up
   */
  readonly rollbackAlarms?: RollbackAlarm[];
  /**
   * Has SageMaker move the endpoint as at the update before, for instance when another tool has said how. Not with `deployment` and `rollbackAlarms`.
   *
   * @default false
   */
  readonly retainDeploymentConfig?: boolean;
}
