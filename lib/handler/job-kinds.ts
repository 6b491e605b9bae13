import {
  CreateTrainingJobCommand, CreateTrainingJobRequest$, DeleteTrainingJobCommand, DescribeTrainingJobCommand, StopTrainingJobCommand, UpdateTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { algorithmViolations } from '../limits/algorithm-check';
import { completeHyperparameters } from '../limits/algorithm-hyperparameters';
import type { Violation } from '../limits/constraints';
import { trainingJobViolations } from '../limits/training-job-check';
import type { JobKindName } from './contract';
import type { Schema } from './restore-types';
import type { KeyColumn } from './run-key';

/** A structure as it is on the wire. */
export type Tree = { [member: string]: any };

/** What is left of SageMaker's status words for the life of a job. A word this version does not know is `running`. */
export type JobState = 'running' | 'stopping' | 'deleting' | 'completed' | 'failed' | 'stopped';

/** Something that a request may name, which is looked up before a job is launched. */
export interface Prerequisite {
  /** The word for people. */
  readonly noun: string;
  /** Its name or ARN in the request. */
  readonly named: (request: Tree) => string | undefined;
  /** The call that describes it, and the member of that call that names it. */
  readonly operation: string;
  readonly nameMember: string;
  /** What of the request does not fit it. */
  readonly violations: (request: Tree, details: Tree) => Violation[];
  /** The request with what it has for members that say nothing. */
  readonly completed: (request: Tree, details: Tree) => Tree;
}

/** All that differs between the kinds of job. Code that reads a row exists once. */
export interface JobKind {
  /** The word for people. */
  readonly noun: string;
  readonly create: new (input: any) => any;
  readonly describe: new (input: any) => any;
  readonly stop: new (input: any) => any;
  /** Deletes the record; absent where the API can't. */
  readonly remove?: new (input: any) => any;
  /** Changes a job that exists; absent where the API can't. */
  readonly update?: new (input: any) => any;
  readonly schema: Schema;
  /** What the service would refuse, known before it is asked. */
  readonly violations: (request: Tree) => Violation[];
  /** What the properties may ask to be looked up, by its name there. */
  readonly prerequisites: { readonly [name: string]: Prerequisite };
  readonly nameMember: string;
  readonly arnMember: string;
  readonly statusMember: string;
  /** Longest name, in characters. */
  readonly longestName: number;
  /** ARN resource type, e.g. `training-job`. */
  readonly arnType: string;
  readonly states: { readonly [status: string]: JobState };
  /** The job ran until its time was over. */
  readonly endedByLimit: (job: Tree) => boolean;
  /** What tells a limit from another: the outcome of a job that its limit ended is only good for the same limit. */
  readonly limit: (requestOrJob: Tree) => unknown;
  readonly key: KeyColumn;
  /** Members that the service adds to what it was asked, and lists that it adds entries to. */
  readonly addedByService: readonly string[];
  /** What can be changed while the job or its warm pool is there: the update to send, or nothing. */
  readonly inPlace: (request: Tree, job: Tree) => Tree | undefined;
  /** A job that has ended still has instances, and the service keeps its record as long. */
  readonly isHeld: (job: Tree) => boolean;
  /** What ends the billing of a job that has ended, or nothing. */
  readonly release: (job: Tree) => Tree | undefined;
  readonly attributes: { readonly [attribute: string]: (job: Tree) => unknown };
  readonly metrics: (job: Tree) => readonly { readonly MetricName?: string; readonly Value?: number }[];
  readonly logGroup: string;
  /** Path of the console's page. */
  readonly page: (name: string) => string;
}

const trainingJob: JobKind = {
  noun: 'training job',
  create: CreateTrainingJobCommand,
  describe: DescribeTrainingJobCommand,
  stop: StopTrainingJobCommand,
  remove: DeleteTrainingJobCommand,
  update: UpdateTrainingJobCommand,
  schema: CreateTrainingJobRequest$ as unknown as Schema,
  violations: (request) => trainingJobViolations(request),
  prerequisites: {
    Algorithm: {
      noun: 'algorithm',
      named: (request) => request.AlgorithmSpecification?.AlgorithmName,
      operation: 'DescribeAlgorithm',
      nameMember: 'AlgorithmName',
      violations: (request, algorithm) => algorithmViolations(request, algorithm),
      completed: (request, algorithm) => {
        const texts = completeHyperparameters(algorithm.TrainingSpecification?.SupportedHyperParameters ?? [], request.HyperParameters);
        return Object.keys(texts).length > 0 ? { ...request, HyperParameters: texts } : request;
      },
    },
  },
  nameMember: 'TrainingJobName',
  arnMember: 'TrainingJobArn',
  statusMember: 'TrainingJobStatus',
  longestName: 63,
  arnType: 'training-job',
  states: { InProgress: 'running', Completed: 'completed', Failed: 'failed', Stopping: 'stopping', Stopped: 'stopped', Deleting: 'deleting' },
  // Hitting MaxRuntimeInSeconds is Stopped, not Failed (aws-facts 2.2).
  endedByLimit: (job) => job.TrainingJobStatus === 'Stopped' && job.SecondaryStatus === 'MaxRuntimeExceeded',
  limit: (requestOrJob) => requestOrJob.StoppingCondition?.MaxRuntimeInSeconds,
  key: {
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
  },
  // Built-in algorithms have metrics of their own (aws-facts 2.3).
  addedByService: ['HyperParameters._tuning_objective_metric', 'AlgorithmSpecification.MetricDefinitions', 'AlgorithmSpecification.EnableSageMakerMetricsTimeSeries'],
  inPlace: trainingJobInPlace,
  isHeld: hasWarmPool,
  release: (job) => (hasWarmPool(job) && job.ResourceConfig?.KeepAlivePeriodInSeconds ? { ResourceConfig: { KeepAlivePeriodInSeconds: 0 } } : undefined),
  attributes: {
    ModelArtifacts: artifactOf,
    Status: (job) => job.TrainingJobStatus,
    SecondaryStatus: (job) => job.SecondaryStatus,
    BillableTimeInSeconds: (job) => job.BillableTimeInSeconds,
    TrainingTimeInSeconds: (job) => job.TrainingTimeInSeconds,
    JobArn: (job) => job.TrainingJobArn,
    ArtifactBucket: (job) => /^s3:\/\/([^/]+)\//.exec(artifactOf(job) ?? '')?.[1],
    ArtifactKey: (job) => /^s3:\/\/[^/]+\/(.+)$/.exec(artifactOf(job) ?? '')?.[1],
    TrainingImage: (job) => job.AlgorithmSpecification?.TrainingImage,
    ImageRepository: (job) => repositoryOf(job.AlgorithmSpecification?.TrainingImage),
  },
  metrics: (job) => job.FinalMetricDataList ?? [],
  logGroup: '/aws/sagemaker/TrainingJobs',
  page: (name) => `jobs/${name}`,
};

export const JOB_KINDS: { readonly [kind in JobKindName]: JobKind } = { TrainingJob: trainingJob };

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
