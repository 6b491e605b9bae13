import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { JOB_STATES, type JobRules, type Tree } from './job-kind';
import type { KeyColumn } from './run-key';

/** What of a request for a training job counts. */
export const TRAINING_KEY: KeyColumn = {
  omitted: [
    'TrainingJobName', 'RoleArn', 'Tags', 'RetryStrategy', 'StoppingCondition', 'ResourceConfig.KeepAlivePeriodInSeconds',
    'ProfilerConfig', 'ProfilerRuleConfigurations', 'RemoteDebugConfig',
    'HyperParameters.sagemaker_job_name',                   // the job's name once more, for the toolkit in the container
  ],
  defaults: {
    'EnableNetworkIsolation': 'false',
    'EnableInterContainerTrafficEncryption': 'false',
    'EnableManagedSpotTraining': 'false',
    'InfraCheckConfig.EnableInfraCheck': 'false',
    'SessionChainingConfig.EnableSessionTagChaining': 'false',
    'ResourceConfig.InstancePlacementConfig.EnableMultipleJobs': 'false',
    'AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode': 'Platform',
    'InputDataConfig.*.CompressionType': 'None',
    'InputDataConfig.*.RecordWrapperType': 'None',
    'InputDataConfig.*.DataSource.S3DataSource.S3DataDistributionType': 'FullyReplicated',
    'OutputDataConfig.CompressionType': 'GZIP',
    'CheckpointConfig.LocalPath': '/opt/ml/checkpoints',
    'DebugHookConfig.LocalPath': ['/opt/ml/output/tensors/', '/opt/ml/output/tensors'],
    'DebugRuleConfigurations.*.LocalPath': ['/opt/ml/processing/output/rule/', '/opt/ml/processing/output/rule'],
    'TensorBoardOutputConfig.LocalPath': '/opt/ml/output/tensorboard',
  },
  inherited: { 'InputDataConfig.*.InputMode': 'AlgorithmSpecification.TrainingInputMode' },
  sets: ['VpcConfig.Subnets', 'VpcConfig.SecurityGroupIds', 'InputDataConfig.*.DataSource.S3DataSource.InstanceGroupNames'],
  keyed: {
    'InputDataConfig': 'ChannelName', 'AlgorithmSpecification.MetricDefinitions': 'Name', 'ResourceConfig.InstanceGroups': 'InstanceGroupName',
    'ResourceConfig.InstancePlacementConfig.PlacementSpecifications': 'UltraServerId',
    'DebugRuleConfigurations': 'RuleConfigurationName', 'DebugHookConfig.CollectionConfigurations': 'CollectionName',
  },
  images: ['AlgorithmSpecification.TrainingImage', 'DebugRuleConfigurations.*.RuleEvaluatorImage'],
};

/** Where a trained model is, and what it runs in. */
export const ARTIFACT_ATTRIBUTES = {
  ModelArtifacts: artifactOf,
  ArtifactBucket: (job: Tree) => /^s3:\/\/([^/]+)\//.exec(artifactOf(job) ?? '')?.[1],
  ArtifactKey: (job: Tree) => /^s3:\/\/[^/]+\/(.+)$/.exec(artifactOf(job) ?? '')?.[1],
  TrainingImage: (job: Tree) => job.AlgorithmSpecification?.TrainingImage,
  ImageRepository: (job: Tree) => repositoryOf(job.AlgorithmSpecification?.TrainingImage),
};

export const TRAINING_JOB_RULES: JobRules = {
  ...JOB_KIND_FACTS.TrainingJob,
  nameMember: 'TrainingJobName',
  arnMember: 'TrainingJobArn',
  statusMember: 'TrainingJobStatus',
  states: JOB_STATES,
  // Hitting MaxRuntimeInSeconds is Stopped, not Failed (aws-facts 2.2).
  endedByLimit: (job) => job.TrainingJobStatus === 'Stopped' && job.SecondaryStatus === 'MaxRuntimeExceeded',
  limit: (requestOrJob) => requestOrJob.StoppingCondition?.MaxRuntimeInSeconds,
  key: TRAINING_KEY,
  // Built-in algorithms have metrics of their own (aws-facts 2.3).
  addedByService: ['HyperParameters._tuning_objective_metric', 'AlgorithmSpecification.MetricDefinitions', 'AlgorithmSpecification.EnableSageMakerMetricsTimeSeries'],
  inPlace: trainingJobInPlace,
  isHeld: hasWarmPool,
  release: (job) => (hasWarmPool(job) && job.ResourceConfig?.KeepAlivePeriodInSeconds ? { ResourceConfig: { KeepAlivePeriodInSeconds: 0 } } : undefined),
  attributes: {
    ...ARTIFACT_ATTRIBUTES,
    Status: (job) => job.TrainingJobStatus,
    SecondaryStatus: (job) => job.SecondaryStatus,
    BillableTimeInSeconds: (job) => job.BillableTimeInSeconds,
    TrainingTimeInSeconds: (job) => job.TrainingTimeInSeconds,
    JobArn: (job) => job.TrainingJobArn,
  },
  derived: 'ModelArtifacts',
  metrics: (job) => job.FinalMetricDataList ?? [],
};

/** A folder, of an uncompressed artifact, is written with the slash that a model's data source wants at its end. */
function artifactOf(job: Tree): string | undefined {
  const uri = job.ModelArtifacts?.S3ModelArtifacts as string | undefined;
  return uri && job.OutputDataConfig?.CompressionType === 'NONE' && !uri.endsWith('/') ? `${uri}/` : uri;
}

/** What of an image of ECR its repository's ARN is made of. */
function repositoryOf(image: string | undefined): string | undefined {
  const [, account, region, name] = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(image ?? '') ?? [];
  return account && `${region}:${account}:repository/${name}`;
}

function hasWarmPool(job: Tree): boolean {
  return ['Available', 'InUse'].includes(job.WarmPoolStatus?.Status);
}

/** UpdateTrainingJob takes the profiler while the job runs, remote debug while it trains, keep-alive once it has a warm pool (aws-facts 2.9). */
function trainingJobInPlace(request: Tree, job: Tree): Tree | undefined {
  const update: Tree = {};
  const running = job.TrainingJobStatus === 'InProgress';
  const wanted = (member: string) => request[member] !== undefined && !contains(job[member], request[member]);
  if (running && job.SecondaryStatus !== 'Starting') {
    if (wanted('ProfilerConfig')) { update.ProfilerConfig = request.ProfilerConfig; }
    if (wanted('ProfilerRuleConfigurations')) { update.ProfilerRuleConfigurations = request.ProfilerRuleConfigurations; }
  }
  if (running && ['Downloading', 'Training'].includes(job.SecondaryStatus) && wanted('RemoteDebugConfig')) { update.RemoteDebugConfig = request.RemoteDebugConfig; }
  const keepAlive = request.ResourceConfig?.KeepAlivePeriodInSeconds ?? 0;
  if (hasWarmPool(job) && keepAlive !== (job.ResourceConfig?.KeepAlivePeriodInSeconds ?? 0)) { update.ResourceConfig = { KeepAlivePeriodInSeconds: keepAlive }; }
  return Object.keys(update).length > 0 ? update : undefined;
}

/** Whether all of `part` is in `whole`; SageMaker adds defaults of its own to what it describes. */
export function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) { return Array.isArray(whole) && whole.length === part.length && part.every((entry, index) => contains(whole[index], entry)); }
  if (typeof part === 'object' && part !== null) {
    return typeof whole === 'object' && whole !== null && Object.entries(part).every(([member, entry]) => contains((whole as Tree)[member], entry));
  }
  return String(whole) === String(part);
}
