/** How an endpoint answers: by that it has other metrics. */
export type EndpointKind = 'realTime' | 'async' | 'serverless';

/** What is known of a metric. Its unit is for thresholds and axes; asked of CloudWatch, another unit than the documented one would find nothing. */
export interface MetricFacts {
  readonly namespace: string;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly unit: 'Count' | 'Microseconds' | 'Milliseconds' | 'None' | 'Percent' | 'Seconds';
}

export interface EndpointMetricFacts extends MetricFacts {
  /** What a series is of: CloudWatch has none of a wider or a narrower thing. Of a variant, some can also be had for each of its containers. */
  readonly of: 'endpoint' | 'variant' | 'variantOrContainer' | 'container';
  readonly kinds: readonly EndpointKind[];
}

const REQUESTS = 'AWS/SageMaker';
const INSTANCES = '/aws/sagemaker/Endpoints';
const COPIES = '/aws/sagemaker/InferenceComponents';

const ALL: readonly EndpointKind[] = ['realTime', 'async', 'serverless'];
const ON_INSTANCES: readonly EndpointKind[] = ['realTime', 'async'];
const NOT_ASYNC: readonly EndpointKind[] = ['realTime', 'serverless'];
const REAL_TIME: readonly EndpointKind[] = ['realTime'];
const ASYNC: readonly EndpointKind[] = ['async'];
const SERVERLESS: readonly EndpointKind[] = ['serverless'];

type Rest = Partial<Pick<EndpointMetricFacts, 'of' | 'kinds' | 'unit'>>;
const count = (rest: Rest = {}): EndpointMetricFacts => ({ namespace: REQUESTS, statistic: 'Sum', unit: 'Count', of: 'variant', kinds: ALL, ...rest });
const time = (rest: Rest = {}): EndpointMetricFacts => ({ namespace: REQUESTS, statistic: 'Average', unit: 'Microseconds', of: 'variant', kinds: ALL, ...rest });
const most = (rest: Rest = {}): EndpointMetricFacts => ({ ...count(rest), statistic: 'Maximum' });
const share = (rest: Rest = {}): EndpointMetricFacts => ({ namespace: INSTANCES, statistic: 'Average', unit: 'Percent', of: 'variant', kinds: ON_INSTANCES, ...rest });

/**
 * Every metric of endpoints, as the documents of SageMaker have them: monitoring-cloudwatch, async-inference-monitor and serverless-endpoints-monitoring, the last
 * two of which call themselves exhaustive; multi-container-metrics and inference-pipeline-logs-metrics.
 */
export const ENDPOINT_METRICS: { readonly [name: string]: EndpointMetricFacts } = {
  Invocations: count({ of: 'variantOrContainer', kinds: NOT_ASYNC }),
  InvocationsPerInstance: count({ kinds: REAL_TIME }),
  Invocation4XXErrors: count({ of: 'variantOrContainer' }),
  Invocation5XXErrors: count({ of: 'variantOrContainer' }),
  InvocationModelErrors: count({ kinds: REAL_TIME }),
  ConcurrentRequestsPerModel: most({ kinds: REAL_TIME }),
  ModelLatency: time(),
  OverheadLatency: time({ of: 'variantOrContainer', kinds: NOT_ASYNC }),
  ContainerLatency: time({ of: 'container', kinds: REAL_TIME }),
  FirstChunkLatency: time({ kinds: REAL_TIME }),
  FirstChunkModelLatency: time({ kinds: REAL_TIME }),
  FirstChunkOverheadLatency: time({ kinds: REAL_TIME }),
  MidStreamErrors: count({ kinds: REAL_TIME }),
  ModelSetupTime: time({ kinds: SERVERLESS }),

  ModelLoadingWaitTime: time({ kinds: ON_INSTANCES }),
  ModelUnloadingTime: time({ kinds: ON_INSTANCES }),
  ModelDownloadingTime: time({ kinds: ON_INSTANCES }),
  ModelLoadingTime: time({ kinds: ON_INSTANCES }),
  ModelCacheHit: { ...time({ kinds: ON_INSTANCES }), unit: 'None' },
  LoadedModelCount: { ...share(), unit: 'Count' },

  // the queue is the endpoint's, and has no series by variant
  ApproximateBacklogSize: most({ of: 'endpoint', kinds: ASYNC }),
  ApproximateBacklogSizePerInstance: { ...most({ of: 'endpoint', kinds: ASYNC }), statistic: 'Average' },
  ApproximateAgeOfOldestRequest: most({ of: 'endpoint', kinds: ASYNC, unit: 'Seconds' }),
  HasBacklogWithoutCapacity: most({ of: 'endpoint', kinds: ASYNC }),
  InvocationFailures: count({ kinds: ASYNC }),
  InvocationsProcessed: count({ kinds: ASYNC }),   // written with three s in the document; CloudWatch has it with two
  ExpiredRequests: count({ kinds: ASYNC }),
  RequestDownloadFailures: count({ kinds: ASYNC }),
  ResponseUploadFailures: count({ kinds: ASYNC }),
  NotificationFailures: count({ kinds: ASYNC }),
  RequestDownloadLatency: time({ kinds: ASYNC }),
  ResponseUploadLatency: time({ kinds: ASYNC }),
  TimeInBacklog: time({ kinds: ASYNC }),
  TotalProcessingTime: time({ kinds: ASYNC, unit: 'Milliseconds' }),

  ServerlessConcurrentExecutionsUtilization: { ...most({ kinds: SERVERLESS }), unit: 'None' },
  ServerlessProvisionedConcurrencyExecutions: most({ kinds: SERVERLESS }),
  ServerlessProvisionedConcurrencyUtilization: { ...most({ kinds: SERVERLESS }), unit: 'None' },
  ServerlessProvisionedConcurrencyInvocations: count({ kinds: SERVERLESS }),
  ServerlessProvisionedConcurrencySpilloverInvocations: count({ kinds: SERVERLESS }),

  CPUUtilization: share({ of: 'variantOrContainer' }),
  MemoryUtilization: share({ of: 'variantOrContainer', kinds: ALL }),
  DiskUtilization: share(),
  GPUUtilization: share(),
  GPUMemoryUtilization: share(),
  CPUUtilizationNormalized: share(),
  GPUUtilizationNormalized: share(),
  GPUMemoryUtilizationNormalized: share(),
  CPUReservation: share(),
  MemoryReservation: share(),
  GPUReservation: share(),
};

/** Every metric of inference components. */
export const COMPONENT_METRICS: { readonly [name: string]: MetricFacts } = {
  Invocations: count(),
  InvocationsPerCopy: count(),
  Invocation4XXErrors: count(),
  Invocation5XXErrors: count(),
  InvocationModelErrors: count(),
  ConcurrentRequestsPerCopy: most(),
  ModelLatency: time(),
  OverheadLatency: time(),
  CPUUtilizationNormalized: { ...share(), namespace: COPIES },
  MemoryUtilizationNormalized: { ...share(), namespace: COPIES },
  GPUUtilizationNormalized: { ...share(), namespace: COPIES },
  GPUMemoryUtilizationNormalized: { ...share(), namespace: COPIES },
};
