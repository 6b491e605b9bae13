import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Resource } from 'aws-cdk-lib/core';

/** How a metric of an endpoint is looked at. */
export interface EndpointMetricOptions extends MetricOptions {
  /**
   * The variant, as it is called in the endpoint's configuration.
   *
   * @default - the only one; must be said where there are several, or where the endpoint was made elsewhere and its variants are not known
   */
  readonly variantName?: string;
  /**
   * The container, where the model has several: the host name of a container that is invoked by itself, or of a step of a pipeline.
   *
   * @default - all containers together
   */
  readonly containerName?: string;
}

/**
 * What CloudWatch knows of endpoints. Each method is `metric` with the name of one metric.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export interface IEndpointMetrics {
  /**
   * A metric by the name that CloudWatch has for it, with the namespace, the dimensions and the statistic that go with it. Further dimensions, for
   * instance `InstanceId` where the configuration asks for enhanced metrics, are given as `dimensionsMap`.
   *
   * Throws when there is no such metric, the endpoint is known to be of a kind that has none, or the variant is not clear.
   */
  metric(metricName: string, options?: EndpointMetricOptions): Metric;
  /** Requests. An asynchronous endpoint has `metricInvocationsProcessed` instead. Sum. */
  metricInvocations(options?: EndpointMetricOptions): Metric;
  /** Requests, each counted as one by the number of instances: what automatic scaling goes by. Sum. */
  metricInvocationsPerInstance(options?: EndpointMetricOptions): Metric;
  /** Requests that the model refused with a status of 4xx: 1 for such a request, 0 for any other. Sum; the average is their share. */
  metric4xxErrors(options?: EndpointMetricOptions): Metric;
  /** Requests that failed with a status of 5xx: 1 for such a request, 0 for any other. Sum; the average is their share. */
  metric5xxErrors(options?: EndpointMetricOptions): Metric;
  /** Requests that the model did not answer with a status of 2xx, timeouts and broken answers included. Neither asynchronous nor serverless endpoints have it. Sum. */
  metricModelErrors(options?: EndpointMetricOptions): Metric;
  /** Requests that the model has at once, those that wait included; also in periods of 10 seconds. Maximum. */
  metricConcurrentRequestsPerModel(options?: EndpointMetricOptions): Metric;
  /** How long the model takes to answer, in microseconds. Average. */
  metricModelLatency(options?: EndpointMetricOptions): Metric;
  /** How long SageMaker takes besides the model, in microseconds. Not of asynchronous endpoints. Average. */
  metricOverheadLatency(options?: EndpointMetricOptions): Metric;
  /** How long one container of several takes to answer, in microseconds; `containerName` is needed. Average. */
  metricContainerLatency(options?: EndpointMetricOptions): Metric;
  /** How long it takes until the first part of an answer that comes as a stream, in microseconds. Average. */
  metricFirstChunkLatency(options?: EndpointMetricOptions): Metric;
  /** The part of `metricFirstChunkLatency` that is the model's, in microseconds. Average. */
  metricFirstChunkModelLatency(options?: EndpointMetricOptions): Metric;
  /** The part of `metricFirstChunkLatency` that is SageMaker's, in microseconds. Average. */
  metricFirstChunkOverheadLatency(options?: EndpointMetricOptions): Metric;
  /** Answers as a stream that broke off after they had begun. Sum. */
  metricMidStreamErrors(options?: EndpointMetricOptions): Metric;
  /** How long a serverless endpoint takes to start what answers, in microseconds. Average. */
  metricModelSetupTime(options?: EndpointMetricOptions): Metric;
  /** How long requests wait for a model of a multi-model endpoint, in microseconds. Average. */
  metricModelLoadingWaitTime(options?: EndpointMetricOptions): Metric;
  /** How long a multi-model endpoint takes to unload a model, in microseconds. Average. */
  metricModelUnloadingTime(options?: EndpointMetricOptions): Metric;
  /** How long a multi-model endpoint takes to download a model, in microseconds. Average. */
  metricModelDownloadingTime(options?: EndpointMetricOptions): Metric;
  /** How long a container of a multi-model endpoint takes to load a model, in microseconds. Average. */
  metricModelLoadingTime(options?: EndpointMetricOptions): Metric;
  /** The share of requests whose model a multi-model endpoint had loaded, 0 to 1. Average; the sum is their number. */
  metricModelCacheHit(options?: EndpointMetricOptions): Metric;
  /** Models loaded by an instance of a multi-model endpoint. Average; the sum is of all instances. */
  metricLoadedModelCount(options?: EndpointMetricOptions): Metric;
  /** Requests of an asynchronous endpoint that wait or are worked on. Of the endpoint, not of a variant. Maximum. */
  metricApproximateBacklogSize(options?: EndpointMetricOptions): Metric;
  /** The same by instance, which scaling goes by; there is none without instances. Of the endpoint, not of a variant. Average. */
  metricApproximateBacklogSizePerInstance(options?: EndpointMetricOptions): Metric;
  /** How long the oldest request of an asynchronous endpoint has waited, in seconds. Of the endpoint, not of a variant. Maximum. */
  metricApproximateAgeOfOldestRequest(options?: EndpointMetricOptions): Metric;
  /** 1 while requests wait and an asynchronous endpoint has no instance: what wakes it up. Of the endpoint, not of a variant. Maximum. */
  metricHasBacklogWithoutCapacity(options?: EndpointMetricOptions): Metric;
  /** Requests of an asynchronous endpoint that failed, for whatever reason. Sum. */
  metricInvocationFailures(options?: EndpointMetricOptions): Metric;
  /** Requests that an asynchronous endpoint is done with. Sum. */
  metricInvocationsProcessed(options?: EndpointMetricOptions): Metric;
  /** Requests of an asynchronous endpoint that waited longer than they may. Sum. */
  metricExpiredRequests(options?: EndpointMetricOptions): Metric;
  /** Requests of an asynchronous endpoint that could not be read from S3. Sum. */
  metricRequestDownloadFailures(options?: EndpointMetricOptions): Metric;
  /** Answers of an asynchronous endpoint that could not be written to S3. Sum. */
  metricResponseUploadFailures(options?: EndpointMetricOptions): Metric;
  /** Answers and failures of an asynchronous endpoint that no topic could be told of. Sum. */
  metricNotificationFailures(options?: EndpointMetricOptions): Metric;
  /** How long it takes to read a request from S3, in microseconds. Average. */
  metricRequestDownloadLatency(options?: EndpointMetricOptions): Metric;
  /** How long it takes to write an answer to S3, in microseconds. Average. */
  metricResponseUploadLatency(options?: EndpointMetricOptions): Metric;
  /** How long a request waited until it was worked on, in microseconds. Average. */
  metricTimeInBacklog(options?: EndpointMetricOptions): Metric;
  /** How long a request took from its arrival to the notice of its answer, in milliseconds. Average. */
  metricTotalProcessingTime(options?: EndpointMetricOptions): Metric;
  /** The share of `maxConcurrency` that a serverless endpoint uses, 0 to 1. Maximum. */
  metricServerlessConcurrentExecutionsUtilization(options?: EndpointMetricOptions): Metric;
  /** Requests that provisioned concurrency has at once. Maximum. */
  metricServerlessProvisionedConcurrencyExecutions(options?: EndpointMetricOptions): Metric;
  /** The share of the provisioned concurrency that is used, 0 to 1: what its scaling goes by. Maximum. */
  metricServerlessProvisionedConcurrencyUtilization(options?: EndpointMetricOptions): Metric;
  /** Requests that provisioned concurrency answered. Sum. */
  metricServerlessProvisionedConcurrencyInvocations(options?: EndpointMetricOptions): Metric;
  /** Requests that were more than the provisioned concurrency could answer. Sum. */
  metricServerlessProvisionedConcurrencySpilloverInvocations(options?: EndpointMetricOptions): Metric;
  /** Processors in use, in percent of one: four of them have up to 400. Average; its number of samples in a minute is that of the instances. */
  metricCpuUtilization(options?: EndpointMetricOptions): Metric;
  /** Memory in use, in percent. Average. */
  metricMemoryUtilization(options?: EndpointMetricOptions): Metric;
  /** Disk in use, in percent. Average. */
  metricDiskUtilization(options?: EndpointMetricOptions): Metric;
  /** GPUs in use, in percent of one: four of them have up to 400. Average. */
  metricGpuUtilization(options?: EndpointMetricOptions): Metric;
  /** Memory of GPUs in use, in percent of one: four of them have up to 400. Average. */
  metricGpuMemoryUtilization(options?: EndpointMetricOptions): Metric;
  /** Processors in use, in percent of all. Where there are inference components. Average. */
  metricCpuUtilizationNormalized(options?: EndpointMetricOptions): Metric;
  /** GPUs in use, in percent of all. Where there are inference components. Average. */
  metricGpuUtilizationNormalized(options?: EndpointMetricOptions): Metric;
  /** Memory of GPUs in use, in percent of all. Where there are inference components. Average. */
  metricGpuMemoryUtilizationNormalized(options?: EndpointMetricOptions): Metric;
  /** Processors that inference components have reserved, in percent of all. Average. */
  metricCpuReservation(options?: EndpointMetricOptions): Metric;
  /** Memory that inference components have reserved, in percent of all. Average. */
  metricMemoryReservation(options?: EndpointMetricOptions): Metric;
  /** GPUs that inference components have reserved, in percent of all. Average. */
  metricGpuReservation(options?: EndpointMetricOptions): Metric;
}

/**
 * The metrics of an endpoint, wherever it was made.
 *
 * @example
 * const endpoint = Endpoint.fromEndpointName(this, 'Endpoint', 'digits');
 * endpoint.metricModelLatency({ variantName: 'AllTraffic', statistic: 'p99' });
 */
export abstract class EndpointMetrics extends Resource implements IEndpointMetrics {
  public abstract metric(metricName: string, options?: EndpointMetricOptions): Metric;

  public metricInvocations(options?: EndpointMetricOptions): Metric { return this.metric('Invocations', options); }
  public metricInvocationsPerInstance(options?: EndpointMetricOptions): Metric { return this.metric('InvocationsPerInstance', options); }
  public metric4xxErrors(options?: EndpointMetricOptions): Metric { return this.metric('Invocation4XXErrors', options); }
  public metric5xxErrors(options?: EndpointMetricOptions): Metric { return this.metric('Invocation5XXErrors', options); }
  public metricModelErrors(options?: EndpointMetricOptions): Metric { return this.metric('InvocationModelErrors', options); }
  public metricConcurrentRequestsPerModel(options?: EndpointMetricOptions): Metric { return this.metric('ConcurrentRequestsPerModel', options); }
  public metricModelLatency(options?: EndpointMetricOptions): Metric { return this.metric('ModelLatency', options); }
  public metricOverheadLatency(options?: EndpointMetricOptions): Metric { return this.metric('OverheadLatency', options); }
  public metricContainerLatency(options?: EndpointMetricOptions): Metric { return this.metric('ContainerLatency', options); }
  public metricFirstChunkLatency(options?: EndpointMetricOptions): Metric { return this.metric('FirstChunkLatency', options); }
  public metricFirstChunkModelLatency(options?: EndpointMetricOptions): Metric { return this.metric('FirstChunkModelLatency', options); }
  public metricFirstChunkOverheadLatency(options?: EndpointMetricOptions): Metric { return this.metric('FirstChunkOverheadLatency', options); }
  public metricMidStreamErrors(options?: EndpointMetricOptions): Metric { return this.metric('MidStreamErrors', options); }
  public metricModelSetupTime(options?: EndpointMetricOptions): Metric { return this.metric('ModelSetupTime', options); }
  public metricModelLoadingWaitTime(options?: EndpointMetricOptions): Metric { return this.metric('ModelLoadingWaitTime', options); }
  public metricModelUnloadingTime(options?: EndpointMetricOptions): Metric { return this.metric('ModelUnloadingTime', options); }
  public metricModelDownloadingTime(options?: EndpointMetricOptions): Metric { return this.metric('ModelDownloadingTime', options); }
  public metricModelLoadingTime(options?: EndpointMetricOptions): Metric { return this.metric('ModelLoadingTime', options); }
  public metricModelCacheHit(options?: EndpointMetricOptions): Metric { return this.metric('ModelCacheHit', options); }
  public metricLoadedModelCount(options?: EndpointMetricOptions): Metric { return this.metric('LoadedModelCount', options); }
  public metricApproximateBacklogSize(options?: EndpointMetricOptions): Metric { return this.metric('ApproximateBacklogSize', options); }
  public metricApproximateBacklogSizePerInstance(options?: EndpointMetricOptions): Metric { return this.metric('ApproximateBacklogSizePerInstance', options); }
  public metricApproximateAgeOfOldestRequest(options?: EndpointMetricOptions): Metric { return this.metric('ApproximateAgeOfOldestRequest', options); }
  public metricHasBacklogWithoutCapacity(options?: EndpointMetricOptions): Metric { return this.metric('HasBacklogWithoutCapacity', options); }
  public metricInvocationFailures(options?: EndpointMetricOptions): Metric { return this.metric('InvocationFailures', options); }
  public metricInvocationsProcessed(options?: EndpointMetricOptions): Metric { return this.metric('InvocationsProcessed', options); }
  public metricExpiredRequests(options?: EndpointMetricOptions): Metric { return this.metric('ExpiredRequests', options); }
  public metricRequestDownloadFailures(options?: EndpointMetricOptions): Metric { return this.metric('RequestDownloadFailures', options); }
  public metricResponseUploadFailures(options?: EndpointMetricOptions): Metric { return this.metric('ResponseUploadFailures', options); }
  public metricNotificationFailures(options?: EndpointMetricOptions): Metric { return this.metric('NotificationFailures', options); }
  public metricRequestDownloadLatency(options?: EndpointMetricOptions): Metric { return this.metric('RequestDownloadLatency', options); }
  public metricResponseUploadLatency(options?: EndpointMetricOptions): Metric { return this.metric('ResponseUploadLatency', options); }
  public metricTimeInBacklog(options?: EndpointMetricOptions): Metric { return this.metric('TimeInBacklog', options); }
  public metricTotalProcessingTime(options?: EndpointMetricOptions): Metric { return this.metric('TotalProcessingTime', options); }
  public metricServerlessConcurrentExecutionsUtilization(options?: EndpointMetricOptions): Metric { return this.metric('ServerlessConcurrentExecutionsUtilization', options); }
  public metricServerlessProvisionedConcurrencyExecutions(options?: EndpointMetricOptions): Metric { return this.metric('ServerlessProvisionedConcurrencyExecutions', options); }
  public metricServerlessProvisionedConcurrencyUtilization(options?: EndpointMetricOptions): Metric { return this.metric('ServerlessProvisionedConcurrencyUtilization', options); }
  public metricServerlessProvisionedConcurrencyInvocations(options?: EndpointMetricOptions): Metric { return this.metric('ServerlessProvisionedConcurrencyInvocations', options); }
  public metricServerlessProvisionedConcurrencySpilloverInvocations(options?: EndpointMetricOptions): Metric { return this.metric('ServerlessProvisionedConcurrencySpilloverInvocations', options); }
  public metricCpuUtilization(options?: EndpointMetricOptions): Metric { return this.metric('CPUUtilization', options); }
  public metricMemoryUtilization(options?: EndpointMetricOptions): Metric { return this.metric('MemoryUtilization', options); }
  public metricDiskUtilization(options?: EndpointMetricOptions): Metric { return this.metric('DiskUtilization', options); }
  public metricGpuUtilization(options?: EndpointMetricOptions): Metric { return this.metric('GPUUtilization', options); }
  public metricGpuMemoryUtilization(options?: EndpointMetricOptions): Metric { return this.metric('GPUMemoryUtilization', options); }
  public metricCpuUtilizationNormalized(options?: EndpointMetricOptions): Metric { return this.metric('CPUUtilizationNormalized', options); }
  public metricGpuUtilizationNormalized(options?: EndpointMetricOptions): Metric { return this.metric('GPUUtilizationNormalized', options); }
  public metricGpuMemoryUtilizationNormalized(options?: EndpointMetricOptions): Metric { return this.metric('GPUMemoryUtilizationNormalized', options); }
  public metricCpuReservation(options?: EndpointMetricOptions): Metric { return this.metric('CPUReservation', options); }
  public metricMemoryReservation(options?: EndpointMetricOptions): Metric { return this.metric('MemoryReservation', options); }
  public metricGpuReservation(options?: EndpointMetricOptions): Metric { return this.metric('GPUReservation', options); }
}
