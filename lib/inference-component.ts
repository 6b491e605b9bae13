import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent, type IEndpoint, type IInferenceComponentRef, type InferenceComponentReference } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Fn, Stack, type IResource, type Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { InferenceComponentBase, type IInferenceComponentMetrics } from './inference-component-base';
import { Model, type IModel } from './model';
import { durationInRange, inRange, isToken, refuse, serviceName, wholeMebibytes, wholeSeconds } from './request/checks';
import { arnName } from './template/names';

/** An inference component. */
export interface IInferenceComponent extends IResource, IInferenceComponentRef, IInferenceComponentMetrics {
  /**
   * The name of the component.
   *
   * @attribute
   */
  readonly inferenceComponentName: string;
  /**
   * The ARN of the component.
   *
   * @attribute
   */
  readonly inferenceComponentArn: string;
}

/** What an inference component is made of. */
export interface InferenceComponentProps {
  /** The endpoint, with a variant that is `Variant.ofComponents`. */
  readonly endpoint: IEndpoint;
  /** The name of that variant. */
  readonly variantName: string;
  /** The model, of one container. */
  readonly model: IModel;
  /**
   * The instance type of the variant, by which a framework's image is chosen.
   *
   * @default - as the model is served elsewhere; CPU if it is not
   */
  readonly instanceType?: string;
  /** The memory that is reserved for each copy, in whole MiB; at least 128 MiB. */
  readonly memory: Size;
  /**
   * The memory that a copy may use at most, in whole MiB.
   *
   * @default - what the instance has
   */
  readonly maxMemory?: Size;
  /**
   * The processors that are reserved for each copy; at least 0.25.
   *
   * @default - none
   */
  readonly cpus?: number;
  /**
   * The accelerators, GPUs or Neuron devices, that are reserved for each copy; at least 1.
   *
   * @default - none
   */
  readonly accelerators?: number;
  /**
   * How many copies there are at first. 0 takes the model from the instances.
   *
   * @default 1
   */
  readonly copies?: number;
  /**
   * Longest the download of the artifact to an instance may take; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Longest a container may take until it answers a health check; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly containerStartupTimeout?: Duration;
  /**
   * The name, at most 63 letters, digits and dashes. A component with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly inferenceComponentName?: string;
}

/**
 * A model on a share of an endpoint's instances: what the Python SDK makes of `deploy` with `resources`. Several of them share the instances, and each has a number of
 * copies of its own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge', minInstanceCount: 1, maxInstanceCount: 4 }) },
 * });
 * new InferenceComponent(this, 'Digits', {
 *   endpoint: new Endpoint(this, 'Endpoint', { config }),
 *   variantName: 'AllTraffic',
 *   model,
 *   memory: Size.gibibytes(8),
 *   accelerators: 1,
 * });
 */
export class InferenceComponent extends InferenceComponentBase implements IInferenceComponent {
  /** A component made elsewhere, in the account and the Region of the stack. */
  public static fromInferenceComponentName(scope: Construct, id: string, inferenceComponentName: string): IInferenceComponent {
    class Import extends InferenceComponentBase implements IInferenceComponent {
      public readonly inferenceComponentName = inferenceComponentName;
      public readonly inferenceComponentArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'inference-component', resourceName: arnName(inferenceComponentName) });
      public readonly inferenceComponentRef: InferenceComponentReference = { inferenceComponentArn: this.inferenceComponentArn };
    }
    return new Import(scope, id);
  }

  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly inferenceComponentRef: InferenceComponentReference;
  private readonly endpoint: IEndpoint;

  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id);
    serviceName(this, 'inferenceComponentName', props.inferenceComponentName);
    const { endpoint, variantName, model, copies = 1 } = props;
    inRange(this, 'copies', copies, 0, 2147483647);
    if (model instanceof Model) { model._servedAsComponent(this, props.instanceType); }
    this.endpoint = endpoint;
    const component = new CfnInferenceComponent(this, 'Resource', {
      inferenceComponentName: props.inferenceComponentName,
      endpointName: endpoint.endpointName,
      variantName,
      specification: {
        modelName: model.modelName,
        startupParameters: startupParameters(this, props),
        computeResourceRequirements: resources(this, props),
      },
      runtimeConfig: { copyCount: copies },
    });
    this.inferenceComponentArn = component.attrInferenceComponentArn;
    // CloudFormation has no attribute for a generated name; ARNs end with it, and names are found whatever their case
    this.inferenceComponentName = props.inferenceComponentName ?? Fn.select(1, Fn.split('/', this.inferenceComponentArn));
    this.inferenceComponentRef = { inferenceComponentArn: this.inferenceComponentArn };
  }

  /** Lets the grantee invoke this component of the endpoint, also with an answer that comes as a stream. */
  public grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resourceArns: [this.endpoint.endpointArn, this.inferenceComponentArn],
    });
  }
}

function startupParameters(scope: Construct, props: InferenceComponentProps): CfnInferenceComponent.InferenceComponentStartupParametersProperty | undefined {
  const { modelDataDownloadTimeout: download, containerStartupTimeout: startup } = props;
  for (const [name, timeout] of Object.entries({ modelDataDownloadTimeout: download, containerStartupTimeout: startup })) {
    durationInRange(scope, name, timeout, Duration.minutes(1), Duration.hours(1));
  }
  if (!download && !startup) { return undefined; }
  return {
    modelDataDownloadTimeoutInSeconds: download && wholeSeconds(scope, 'modelDataDownloadTimeout', download),
    containerStartupHealthCheckTimeoutInSeconds: startup && wholeSeconds(scope, 'containerStartupTimeout', startup),
  };
}

function resources(scope: Construct, { memory, maxMemory, cpus, accelerators }: InferenceComponentProps): CfnInferenceComponent.InferenceComponentComputeResourceRequirementsProperty {
  const minMemoryRequiredInMb = wholeMebibytes(scope, 'memory', memory);
  const maxMemoryRequiredInMb = maxMemory && wholeMebibytes(scope, 'maxMemory', maxMemory);
  inRange(scope, 'memory', minMemoryRequiredInMb, 128, 2147483647, 'MiB');
  if (maxMemory && !isToken(maxMemoryRequiredInMb) && !isToken(minMemoryRequiredInMb) && maxMemoryRequiredInMb! < minMemoryRequiredInMb) {
    refuse(scope, 'maxMemory', `be at least memory, which is ${minMemoryRequiredInMb} MiB`, `${maxMemoryRequiredInMb} MiB`);
  }
  for (const [prop, count, least] of [['cpus', cpus, 0.25], ['accelerators', accelerators, 1]] as const) {
    if (count !== undefined && !isToken(count) && !(count >= least && Number.isFinite(count))) { refuse(scope, prop, `be ${least} or more`, count); }
  }
  return { minMemoryRequiredInMb, maxMemoryRequiredInMb, numberOfCpuCoresRequired: cpus, numberOfAcceleratorDevicesRequired: accelerators };
}
