import { Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { COMPONENT_METRICS, ENDPOINT_METRICS } from './request/endpoint-metrics';
import type { ScaledKind, ScaledResource } from './scaled-resource';

/** Where SageMaker publishes a metric of what is scaled. */
interface PublishedMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** Of all a metric is published with, and no more: CloudWatch finds nothing for others, and an alarm on that never rings. */
  readonly by: 'endpoint' | 'variant' | 'component';
  readonly statistic?: string;
}

/**
 * A metric that `ScalingPolicy.onMetric` and `ScalingPolicy.steps` go by. Those that SageMaker publishes are of the variant or component that is scaled.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   autoScaling: AutoScaling.between(1, 4, [
 *     ScalingPolicy.onMetric('Latency', ScalingMetric.modelLatency(), 200_000),
 *     ScalingPolicy.onMetric('Queue', ScalingMetric.fromMetric(queueLength), 10),
 *   ]),
 * });
 */
export abstract class ScalingMetric {
  /**
   * Any metric: of a queue, of your own. Where a policy holds it at a target, it is no expression, its period is a minute (there is a warning), and its statistic is Average, Minimum,
   * Maximum, SampleCount or Sum.
   */
  public static fromMetric(metric: IMetric): ScalingMetric {
    return new AnyMetric(metric);
  }

  /** The time the model took, on average, in microseconds. */
  public static modelLatency(): ScalingMetric {
    const ofVariant = ofEndpoint('ModelLatency');
    return new OfSageMaker('modelLatency', { instances: ofVariant, async: ofVariant, serverless: ofVariant, copies: ofComponent('ModelLatency') });
  }

  /** Processors in use, in percent: of one core of an instance, so 400 is all of four; of what a copy has reserved. */
  public static cpuUtilization(): ScalingMetric {
    return utilization('cpuUtilization', 'CPUUtilization');
  }

  /** Memory in use, in percent: of an instance, or of what a copy has reserved. */
  public static memoryUtilization(): ScalingMetric {
    return utilization('memoryUtilization', 'MemoryUtilization');
  }

  /** GPUs in use, in percent: of one GPU of an instance, so 400 is all of four; of what a copy has reserved. */
  public static gpuUtilization(): ScalingMetric {
    return utilization('gpuUtilization', 'GPUUtilization');
  }

  /** Memory of GPUs in use, in percent: of one GPU of an instance, so 400 is all of four; of all that a copy has. */
  public static gpuMemoryUtilization(): ScalingMetric {
    return utilization('gpuMemoryUtilization', 'GPUMemoryUtilization');
  }

  /** Storage of an instance in use, in percent. */
  public static diskUtilization(): ScalingMetric {
    const ofVariant = ofEndpoint('DiskUtilization');
    return new OfSageMaker('diskUtilization', { instances: ofVariant, async: ofVariant });
  }

  /** Records that an instance explains in a minute, of an endpoint with an explainer. */
  public static explanationsPerInstance(): ScalingMetric {
    return new OfSageMaker('explanationsPerInstance', { instances: { namespace: 'AWS/SageMaker', metricName: 'ExplanationsPerInstance', by: 'variant', statistic: 'Sum' } });
  }

  /** Requests in the queue for each instance, of an endpoint with `asyncInference`. There is none while there are no instances. */
  public static backlogPerInstance(): ScalingMetric {
    return ofQueue('backlogPerInstance', 'ApproximateBacklogSizePerInstance');
  }

  /** Requests in the queue, of an endpoint with `asyncInference`. */
  public static backlog(): ScalingMetric {
    return ofQueue('backlog', 'ApproximateBacklogSize');
  }

  /** The age of the oldest request in the queue, in seconds, of an endpoint with `asyncInference`. */
  public static ageOfOldestRequest(): ScalingMetric {
    return ofQueue('ageOfOldestRequest', 'ApproximateAgeOfOldestRequest');
  }

  /**
   * What it is called in messages.
   *
   * @internal
   */
  public abstract readonly _name: string;

  /**
   * Whether there is such a metric of what is scaled.
   *
   * @internal
   */
  public abstract _isOf(kind: ScaledKind): boolean;

  /**
   * The metric of what is scaled.
   *
   * @internal
   */
  public abstract _bind(resource: ScaledResource): IMetric;
}

class AnyMetric extends ScalingMetric {
  public readonly _name = 'fromMetric';

  public constructor(private readonly metric: IMetric) { super(); }

  public _isOf(): boolean { return true; }

  public _bind(): IMetric { return this.metric; }
}

class OfSageMaker extends ScalingMetric {
  public constructor(public readonly _name: string, private readonly published: { readonly [kind in ScaledKind]?: PublishedMetric }) { super(); }

  public _isOf(kind: ScaledKind): boolean { return this.published[kind] !== undefined; }

  public _bind(resource: ScaledResource): IMetric {
    const { namespace, metricName, by, statistic = 'Average' } = this.published[resource.kind]!;
    return new Metric({ namespace, metricName, statistic, period: Duration.minutes(1), dimensionsMap: dimensions(by, resource) });
  }
}

function dimensions(by: PublishedMetric['by'], { endpointName, variantName, inferenceComponentName }: ScaledResource): { [name: string]: string } {
  if (by === 'component') { return { InferenceComponentName: inferenceComponentName! }; }
  return by === 'variant' ? { EndpointName: endpointName, VariantName: variantName! } : { EndpointName: endpointName };
}

/** Of variants as a sum over all cores or GPUs, of components in relation to what they have. */
function utilization(name: string, metricName: string): ScalingMetric {
  const ofVariant = ofEndpoint(metricName);
  return new OfSageMaker(name, { instances: ofVariant, async: ofVariant, copies: ofComponent(`${metricName}Normalized`) });
}

/** The queue is the endpoint's: its metrics know no variant. */
function ofQueue(name: string, metricName: string): ScalingMetric {
  return new OfSageMaker(name, { async: ofEndpoint(metricName) });
}

/** As the table of all metrics of endpoints has it. */
function ofEndpoint(metricName: string): PublishedMetric {
  const { namespace, of } = ENDPOINT_METRICS[metricName]!;
  return { namespace, metricName, by: of === 'endpoint' ? 'endpoint' : 'variant' };
}

function ofComponent(metricName: string): PublishedMetric {
  return { namespace: COMPONENT_METRICS[metricName]!.namespace, metricName, by: 'component' };
}
