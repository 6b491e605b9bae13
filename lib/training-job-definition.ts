import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { ISOLATION_OF_JOBS, isolatedProps } from './isolation';
import { JobNetwork, type JobNetworkProps } from './job-network';
import type { ModelData } from './model-data';
import { OutputCompression } from './output-location';
import { trainingJobRequest, type BoundTrainingJob, type TrainingJobRequest } from './request/training-job-request';
import type { RetrainingJob } from './retraining-job';
import { executionRole, policiesOf } from './template/execution-role';
import { namePrefix } from './template/names';
import { servedBy, type Served } from './trained-model';
import type { ArtifactSource } from './training-job-artifact';
import { boundTrainingJob, dependenciesOf } from './training-job-binding';
import type { TrainingOptions } from './training-job-props';

/** Where a training job is to run, and as whom. */
export interface PlacedTrainingJob {
  /** As they are under the isolation that is asked for. */
  readonly props: TrainingOptions;
  readonly role: IRole;
  readonly network?: JobNetwork;
}

/** A training job as it is whoever launches it: a deployment, or a workflow. */
export interface TrainingJobDefinition extends PlacedTrainingJob {
  readonly bound: BoundTrainingJob;
  readonly rendered: TrainingJobRequest;
  readonly metricNames: string[];
  readonly dependencies: IDependable[];
  readonly volumeKeys?: string[];
  /** Where its artifacts are, but for the run. */
  readonly artifact: Omit<ArtifactSource, 'uri'>;
  readonly served: (modelData: ModelData) => Served;
  readonly servedNetwork: JobNetworkProps;
}

/** Its role and its network; what is bound to it asks for both. */
export function placedTrainingJob(job: Construct, props: TrainingOptions): PlacedTrainingJob {
  props = isolatedProps(job, props, ISOLATION_OF_JOBS);
  return { props, role: executionRole(job, 'TrainingJobs', props.role), network: JobNetwork.of(job, props) };
}

export function trainingJobDefinition(job: Construct, placed: PlacedTrainingJob): TrainingJobDefinition {
  const { props, role, network } = placed;
  const bound = boundTrainingJob(job, props, role, network);
  const rendered = trainingJobRequest(job, props, bound);
  return {
    ...placed, bound, rendered,
    metricNames: [...(rendered.request.AlgorithmSpecification?.MetricDefinitions ?? []).map((metric) => metric.Name!), ...(bound.algorithm.metricNames ?? [])],
    dependencies: [policiesOf(role), ...(network ? [network._ready] : []), ...dependenciesOf(bound)],
    volumeKeys: bound.volumeKey && [bound.volumeKey.key.keyArn],
    artifact: { job, outputs: [bound.output], isCompressed: isCompressed(rendered), folders: [`${namePrefix(job)}-`] },
    served: (modelData) => servedBy(props, bound.algorithm, modelData),
    servedNetwork: { vpc: props.vpc, vpcSubnets: props.vpcSubnets, securityGroups: network?.config.securityGroups, isolated: props.isolated },
  };
}

/** The same, for a workflow to launch. */
export function retrainingOf(job: Construct, definition: TrainingJobDefinition): RetrainingJob {
  const { props, rendered: { request, jobNameIn }, role, served, artifact } = definition;
  return {
    kind: 'TrainingJob', scope: job, namePrefix: namePrefix(job), request, jobNameIn, roles: [role],
    metricNames: definition.metricNames, gate: props.qualityGate, acceptTimeLimit: props.acceptTimeLimit ?? false, longestSeconds: longestSeconds(request),
    dependencies: definition.dependencies, volumeKeys: definition.volumeKeys ?? [],
    trained: { artifact, served },
  };
}

/** For what a run time does not count: finding instances, fetching data and image, storing the artifact. */
const AROUND_THE_RUN_SECONDS = 30 * 60;

/** How long it takes at most; no number where that is not known. */
export function longestSeconds({ StoppingCondition: limits }: TrainingJobRequest['request']): number {
  return (limits?.MaxWaitTimeInSeconds ?? limits?.MaxRuntimeInSeconds ?? Number.NaN) + (limits?.MaxPendingTimeInSeconds ?? 0) + AROUND_THE_RUN_SECONDS;
}

export function isCompressed({ request }: TrainingJobRequest): boolean {
  return request.OutputDataConfig?.CompressionType !== OutputCompression.NONE;
}
