import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Resource } from 'aws-cdk-lib/core';
import { oneOf } from './request/checks';
import { COMPONENT_METRICS } from './request/endpoint-metrics';

/**
 * What CloudWatch knows of inference components. Each method is `metric` with the name of one metric.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-inference-component
 */
export interface IInferenceComponentMetrics {
  /**
   * A metric by the name that CloudWatch has for it, with the namespace, the dimension and the statistic that go with it.
   *
   * Throws when there is no such metric.
   */
  metric(metricName: string, options?: MetricOptions): Metric;
  /** Requests. Sum. */
  metricInvocations(options?: MetricOptions): Metric;
  /** Requests, each counted as one by the number of copies: what automatic scaling goes by. Sum. */
  metricInvocationsPerCopy(options?: MetricOptions): Metric;
  /** Requests that the model refused with a status of 4xx: 1 for such a request, 0 for any other. Sum; the average is their share. */
  metric4xxErrors(options?: MetricOptions): Metric;
  /** Requests that failed with a status of 5xx: 1 for such a request, 0 for any other. Sum; the average is their share. */
  metric5xxErrors(options?: MetricOptions): Metric;
  /** Requests that the model did not answer with a status of 2xx, timeouts and broken answers included. Sum. */
  metricModelErrors(options?: MetricOptions): Metric;
  /** Requests that a copy has at once; also in periods of 10 seconds. Maximum. */
  metricConcurrentRequestsPerCopy(options?: MetricOptions): Metric;
  /** How long the model takes to answer, in microseconds. Average. */
  metricModelLatency(options?: MetricOptions): Metric;
  /** How long SageMaker takes besides the model, in microseconds. Average. */
  metricOverheadLatency(options?: MetricOptions): Metric;
  /** Processors in use, in percent of those that are reserved, or else of all. Average. */
  metricCpuUtilizationNormalized(options?: MetricOptions): Metric;
  /** Memory in use, in percent of that which is reserved. Average. */
  metricMemoryUtilizationNormalized(options?: MetricOptions): Metric;
  /** GPUs in use, in percent of those that are reserved, or else of all. Average. */
  metricGpuUtilizationNormalized(options?: MetricOptions): Metric;
  /** Memory of GPUs in use, in percent. Average. */
  metricGpuMemoryUtilizationNormalized(options?: MetricOptions): Metric;
}

/**
 * What an inference component can do wherever it was made.
 *
 * @example
 * const component = InferenceComponent.fromInferenceComponentName(this, 'Component', 'digits');
 * component.metricModelLatency({ statistic: 'p99' });
 */
export abstract class InferenceComponentBase extends Resource implements IInferenceComponentMetrics {
  /** The name of the component. */
  public abstract readonly inferenceComponentName: string;

  public metric(metricName: string, options: MetricOptions = {}): Metric {
    oneOf(this, 'metric', metricName, Object.keys(COMPONENT_METRICS));
    this.warnOfCase();
    const { namespace, statistic } = COMPONENT_METRICS[metricName];
    const dimensionsMap = { ...options.dimensionsMap, InferenceComponentName: this.inferenceComponentName };
    return new Metric({ namespace, metricName, statistic, ...options, dimensionsMap }).attachTo(this);
  }

  public metricInvocations(options?: MetricOptions): Metric { return this.metric('Invocations', options); }
  public metricInvocationsPerCopy(options?: MetricOptions): Metric { return this.metric('InvocationsPerCopy', options); }
  public metric4xxErrors(options?: MetricOptions): Metric { return this.metric('Invocation4XXErrors', options); }
  public metric5xxErrors(options?: MetricOptions): Metric { return this.metric('Invocation5XXErrors', options); }
  public metricModelErrors(options?: MetricOptions): Metric { return this.metric('InvocationModelErrors', options); }
  public metricConcurrentRequestsPerCopy(options?: MetricOptions): Metric { return this.metric('ConcurrentRequestsPerCopy', options); }
  public metricModelLatency(options?: MetricOptions): Metric { return this.metric('ModelLatency', options); }
  public metricOverheadLatency(options?: MetricOptions): Metric { return this.metric('OverheadLatency', options); }
  public metricCpuUtilizationNormalized(options?: MetricOptions): Metric { return this.metric('CPUUtilizationNormalized', options); }
  public metricMemoryUtilizationNormalized(options?: MetricOptions): Metric { return this.metric('MemoryUtilizationNormalized', options); }
  public metricGpuUtilizationNormalized(options?: MetricOptions): Metric { return this.metric('GPUUtilizationNormalized', options); }
  public metricGpuMemoryUtilizationNormalized(options?: MetricOptions): Metric { return this.metric('GPUMemoryUtilizationNormalized', options); }

  /** Dimensions are compared letter by letter; a generated name has capital letters, but is known only by the end of the ARN, which has none. */
  private warnOfCase(): void {
    const component = this.node.defaultChild as CfnInferenceComponent | undefined;
    if (!component || component.inferenceComponentName !== undefined) { return; }
    Annotations.of(this).addWarningV2('cdk-sagemaker:metricOfGeneratedName', 'metrics are found by the exact name, and CloudFormation tells a generated one in lower case only; set inferenceComponentName');
  }
}
