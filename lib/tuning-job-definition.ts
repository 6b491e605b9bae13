import type { Construct, IDependable } from 'constructs';
import type { TuningOptions } from './hyperparameter-tuning-job-props';
import { combinationsInAll } from './limits/hyperparameter-tuning-job-rules';
import { JOB_KIND_FACTS } from './limits/job-kinds';
import { refuse } from './request/checks';
import { tuningJobRequest, type TuningJobRequest } from './request/hyperparameter-tuning-job-request';
import type { RetrainingJob } from './retraining-job';
import { policiesOf } from './template/execution-role';
import { namePrefix } from './template/names';
import type { ArtifactSource } from './training-job-artifact';
import { dependenciesOf } from './training-job-binding';
import { packedAlike, servedByBest } from './tuned-model';
import { madeDefinitions, type MadeDefinition } from './tuning-definition-binding';
import type { WarmStartConfig } from './warm-start';

/** A tuning job as it is whoever launches it: a deployment, or a workflow. */
export interface TuningJobDefinition {
  readonly props: TuningOptions;
  readonly prefix: string;
  readonly definitions: MadeDefinition[];
  readonly warmStart?: WarmStartConfig;
  readonly rendered: TuningJobRequest;
  readonly metricNames: string[];
  readonly dependencies: IDependable[];
  readonly volumeKeys: string[];
}

export function tuningJobDefinition(job: Construct, props: TuningOptions): TuningJobDefinition {
  const prefix = namePrefix(job, JOB_KIND_FACTS.HyperParameterTuningJob.longestName);
  const definitions = madeDefinitions(job, props, prefix);
  const warmStart = props.warmStart?.bind(job);
  return {
    props, prefix, definitions, warmStart, rendered: tuningJobRequest(job, props, definitions, warmStart),
    metricNames: [...new Set(definitions.flatMap((each) => each.rendered.metricNames))],
    dependencies: [...definitions.flatMap((definition) => dependencies(definition)), ...warmStart?.dependencies ?? []],
    volumeKeys: definitions.flatMap(({ bound: { volumeKey } }) => (volumeKey ? [volumeKey.key.keyArn] : [])),
  };
}

/** Where the artifacts of its jobs are, but for the run: their names begin with its own. */
export function tunedArtifact(job: Construct, { definitions, prefix }: TuningJobDefinition): Omit<ArtifactSource, 'uri'> {
  return {
    job,
    outputs: distinct(definitions.map(({ bound }) => bound.output), ({ bucket, prefix: path, options }) => [bucket.bucketName, path, options.encryptionKey?.keyArn].join()),
    isCompressed: packedAlike(job, definitions),
    folders: [`${prefix}-`],
  };
}

/** The same, for a workflow to launch. */
export function retrainingOfTuning(job: Construct, definition: TuningJobDefinition): RetrainingJob {
  const { props, rendered: { request, jobNameIn }, definitions } = definition;
  const unknown = () => refuse(job, 'register: container.image', 'be given for definitions with several images, of which one is found when the job has ended', undefined);
  return {
    kind: 'HyperParameterTuningJob', scope: job, namePrefix: definition.prefix, request, jobNameIn, roles: [...new Set(definitions.map(({ role }) => role))],
    metricNames: definition.metricNames, gate: props.qualityGate, acceptTimeLimit: props.acceptTimeLimit ?? false, longestSeconds: longestSeconds(request),
    dependencies: definition.dependencies, volumeKeys: definition.volumeKeys,
    trained: { artifact: tunedArtifact(job, definition), served: (modelData) => servedByBest(unknown, definitions, modelData) },
  };
}

function dependencies({ bound, role, network }: MadeDefinition): IDependable[] {
  return [policiesOf(role), ...(network ? [network._ready] : []), ...dependenciesOf(bound)];
}

function distinct<T>(entries: readonly T[], key: (entry: T) => string): T[] {
  return [...new Map(entries.map((entry) => [key(entry), entry])).values()];
}

/** For what run times do not count: finding instances, fetching data and image, storing artifacts, choosing values. */
const AROUND_THE_RUN_SECONDS = 30 * 60;

/** Its own limit; else as long as all jobs may take, as many at once as are allowed. No number where that is not known. */
export function longestSeconds(request: TuningJobRequest['request']): number {
  const { ResourceLimits: limits } = request.HyperParameterTuningJobConfig!;
  const definitions = request.TrainingJobDefinitions ?? [request.TrainingJobDefinition];
  const longest = Math.max(...definitions.map((definition) => {
    const { MaxWaitTimeInSeconds: wait, MaxRuntimeInSeconds: run, MaxPendingTimeInSeconds: pending = 0 } = definition?.StoppingCondition ?? {};
    return (wait ?? run ?? Number.NaN) + pending;
  }));
  const rounds = Math.ceil((limits?.MaxNumberOfTrainingJobs ?? combinationsInAll(request) ?? Number.NaN) / (limits?.MaxParallelTrainingJobs ?? 1));
  return (limits?.MaxRuntimeInSeconds ?? rounds * longest) + AROUND_THE_RUN_SECONDS;
}
