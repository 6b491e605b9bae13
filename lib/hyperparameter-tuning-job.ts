import { Connections, type IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { ParameterOptions, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { IResource } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import type { OutputDataOptions } from './channel-options';
import type { DataSource } from './data-source';
import type { HyperparameterTuningJobProps } from './hyperparameter-tuning-job-props';
import { ImportedHyperparameterTuningJob } from './imported-hyperparameter-tuning-job';
import { JobBase, type EventfulJob } from './job-base';
import type { IJobEvents } from './job-events';
import { JobOutput } from './job-output';
import { checkLifecycle, LaunchedJob } from './launched-job';
import type { Model, TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import type { ModelPackage } from './model-package';
import { oneOf, refuse } from './request/checks';
import { isAutotuned, type TuningJobRequest } from './request/hyperparameter-tuning-job-request';
import { checkTuningKinds } from './request/prop-kinds';
import type { RegisterOptions } from './register-options';
import type { RetrainingJob } from './retraining-job';
import { passedByName } from './template/execution-role';
import { injected } from './template/injected';
import { jobArn } from './template/names';
import { principalOf } from './template/several-principals';
import { modelOf, packageOf, publishedIn, type TrainedJob } from './trained-model';
import type { ImportedTrainingJobOptions } from './training-job';
import { TrainingJobArtifact, type ArtifactSource } from './training-job-artifact';
import { channelRevisions } from './training-job-binding';
import { servedByBest, servedNetwork } from './tuned-model';
import type { MadeDefinition } from './tuning-definition-binding';
import { longestSeconds, retrainingOfTuning, tunedArtifact, tuningJobDefinition, type TuningJobDefinition } from './tuning-job-definition';

/** A tuning job. */
export interface IHyperparameterTuningJob extends IResource, IJobEvents {
  /**
   * The name of the tuning job.
   *
   * @attribute
   */
  readonly hyperParameterTuningJobName: string;
  /**
   * The ARN of the tuning job.
   *
   * @attribute
   */
  readonly hyperParameterTuningJobArn: string;
  /** The artifact of its best job, as the data of a model. */
  readonly modelData: ModelData;

  /** A model of that artifact. */
  toModel(id: string, props?: TrainedModelProps): Model;
}

/**
 * A tuning job of SageMaker, which launches training jobs to find the best hyperparameters: `HyperparameterTuner.fit` of the Python SDK.
 *
 * The deployment launches it when something changed that determines its result, waits for it, and fails when it fails, or when none of its
 * jobs ended well. A rollback launches nothing. What is read of the best job is known when the deployment has waited for it.
 *
 * @example
 * const tuning = new HyperparameterTuningJob(this, 'Tune', {
 *   definition: {
 *     algorithm: Algorithm.image(image, { script: Script.fromDirectory('src', { entryPoint: 'train.py' }) }),
 *     inputs: { train: DataSource.fromBucket(bucket, 'digits/train/') },
 *     capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
 *     metrics: [Metric.regex('validation:accuracy', 'val_acc=([0-9.]+)')],
 *     objective: Objective.maximize('validation:accuracy'),
 *     ranges: {
 *       'learning-rate': ParameterRange.continuous(0.0001, 0.1, { scaling: ScalingType.LOGARITHMIC }),
 *       optimizer: ParameterRange.categorical('sgd', 'adam'),
 *     },
 *   },
 *   maxJobs: 20,
 *   maxParallelJobs: 4,
 * });
 * const model = tuning.toModel('Model');
 * model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
 */
export class HyperparameterTuningJob extends JobBase implements IHyperparameterTuningJob, IGrantable, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.HyperparameterTuningJob';

  /**
   * A tuning job made elsewhere, in the account and the Region of the stack: `HyperparameterTuner.attach` of the Python SDK. Its best job is looked up
   * when the stack is deployed; a tuning job that still runs is waited for, up to 55 minutes.
   *
   * Throws when it is no name of a tuning job, for instance an ARN.
   */
  public static fromHyperparameterTuningJobName(scope: Construct, id: string, tuningJobName: string, options: ImportedTrainingJobOptions = {}): IHyperparameterTuningJob {
    return new ImportedHyperparameterTuningJob(scope, id, tuningJobName, options);
  }

  public readonly hyperParameterTuningJobName: string;
  public readonly hyperParameterTuningJobArn: string;
  /** The roles of the containers: one for each definition, in order of their names. */
  public readonly roles: IRole[];
  public readonly grantPrincipal: IPrincipal;
  /** The artifact of the best job, as the data of a model. Throws when a model is made of it under `Completion.started()`. */
  public readonly modelData: ModelData;
  private readonly artifact: ArtifactSource;
  private readonly job: LaunchedJob<'HyperParameterTuningJob'>;
  private readonly definitions: MadeDefinition[];
  private readonly definition: TuningJobDefinition;
  private readonly rangedNames?: string[];

  constructor(scope: Construct, id: string, props: HyperparameterTuningJobProps) {
    super(scope, id);
    props = injected(this, HyperparameterTuningJob.PROPERTY_INJECTION_ID, props);
    checkTuningKinds(this, props);
    checkLifecycle(this, 'HyperParameterTuningJob', props);
    this.definition = tuningJobDefinition(this, props);
    this.definitions = this.definition.definitions;
    this.roles = this.definitions.map(({ role }) => role);
    this.grantPrincipal = principalOf(this.roles);
    this.rangedNames = isAutotuned(this, props) ? undefined : [...new Set(this.definitions.flatMap((each) => Object.keys(each.props.ranges ?? {})))];
    this.job = this.launched(props, this.definition);
    this.hyperParameterTuningJobName = this.job.jobName;
    this.hyperParameterTuningJobArn = jobArn(this, 'HyperParameterTuningJob', props.adopt?.name ?? this.job.jobName);
    const artifact = tunedArtifact(this, this.definition);
    this.artifact = { ...artifact, folders: [...artifact.folders, ...(props.adopt ? [`${props.adopt.name}-`] : [])], uri: () => this.modelArtifacts };
    this.modelData = new TrainingJobArtifact(this.artifact);
  }

  /** How the tuning job ended: `Completed`, or `Stopped` where its time limit is accepted. Throws under `Completion.started()`. */
  public get tuningJobStatus(): string { return this.job.ended('tuningJobStatus').attribute('Status'); }

  /** The name of the best job. Throws under `Completion.started()`. */
  public get bestTrainingJobName(): string { return this.job.ended('bestTrainingJobName').attribute('BestTrainingJobName'); }

  /** The ARN of the best job. Throws under `Completion.started()`. */
  public get bestTrainingJobArn(): string { return this.job.ended('bestTrainingJobArn').attribute('BestTrainingJobArn'); }

  /** The name of the definition of the best job. Throws where there is a single definition, which has none, and under `Completion.started()`. */
  public get bestDefinitionName(): string {
    if (this.definitions[0].name === undefined) { refuse(this, 'bestDefinitionName', 'be asked of several definitions: a single one has no name', undefined); }
    return this.job.ended('bestDefinitionName').attribute('BestTrainingJobDefinitionName');
  }

  /** The URI of the best job's artifact in S3. Throws under `Completion.started()`. */
  public get modelArtifacts(): string { return this.job.ended('modelArtifacts').attribute('ModelArtifacts'); }

  /** What has been found: the values of the best job, as a JSON object of texts by hyperparameter. Throws under `Completion.started()`. */
  public get bestHyperparameters(): string { return this.job.ended('bestHyperparameters').attribute('BestHyperparameters'); }

  /** The best value of the objective, as text. Throws under `Completion.started()`. */
  public get objectiveValue(): string { return this.job.ended('objectiveValue').attribute('ObjectiveValue'); }

  /** How many jobs ended well, as text. Throws under `Completion.started()`. */
  public get completedJobs(): string { return this.job.ended('completedJobs').attribute('CompletedJobs'); }

  /** How many jobs failed, as text. Throws under `Completion.started()`. */
  public get failedJobs(): string { return this.job.ended('failedJobs').attribute('FailedJobs'); }

  /** How many jobs were stopped, early or by the limit, as text. Throws under `Completion.started()`. */
  public get stoppedJobs(): string { return this.job.ended('stoppedJobs').attribute('StoppedJobs'); }

  /** The security groups of the containers. Throws when no definition has a VPC. */
  public get connections(): Connections {
    const groups = this.definitions.flatMap(({ network }) => network?.config.securityGroups ?? []);
    return groups.length > 0 ? new Connections({ securityGroups: [...new Set(groups)] }) : refuse(this, 'vpc', 'be given for a job to have connections', undefined);
  }

  /**
   * The value that was found for a hyperparameter, as the job was told it; empty where the best job's definition does not have it. A text that a
   * framework was told is one of JSON, in quotes.
   *
   * Throws when it is not searched for, and under `Completion.started()`.
   */
  public tunedHyperparameter(name: string): string {
    if (this.rangedNames) { oneOf(this, 'tunedHyperparameter', name ?? '', this.rangedNames); }
    return this.job.ended('tunedHyperparameter').hyperparameter(name);
  }

  /**
   * The final value of a metric of the best job, as text.
   *
   * Throws when the jobs have no such metric, and under `Completion.started()`.
   */
  public metric(name: string): string {
    oneOf(this, 'metric', name ?? '', this.definition.metricNames);
    return this.job.ended('metric').metric(name);
  }

  /**
   * What the best job writes, as the data of another job: the artifact, and what the container leaves in `/opt/ml/output/data`. Another best job
   * is a new run of the other one.
   *
   * Throws where definitions write to several places, and under `Completion.started()`.
   */
  public outputData(options: OutputDataOptions = {}): DataSource {
    if (this.artifact.outputs.length > 1) { refuse(this, 'outputData', 'be of definitions that write to one place (output)', `${this.artifact.outputs.length} places`); }
    return new JobOutput(this.artifact, this.bestTrainingJobName, 'output/', () => this._end(), options);
  }

  /**
   * A model of the best job's artifact, as `toModel` of a training job makes it: image or framework, script, network and isolation are those of the
   * definition. Of several definitions, what they have in common is taken over; images without scripts are found out by the deployment.
   *
   * Throws when the image is not known and none is given.
   */
  public toModel(id: string, props: TrainedModelProps = {}): Model {
    const network = props?.inheritNetwork === false ? undefined : servedNetwork(this, this.definitions, props?.vpc);
    return modelOf(this, id, { ...this.trained, network }, props);
  }

  /**
   * A parameter of Systems Manager that says where the best job's artifact is: where a stack that serves finds it (`ModelData.fromSsmParameter`),
   * without an export, which can't change while it is in use. It is written when the job's outcome is accepted, its quality gate included, and with each new run;
   * a rollback writes the artifact before. Give it a name (`parameterName`) for another stack. Throws under `Completion.started()`.
   */
  public publishTo(id: string, options: ParameterOptions = {}): StringParameter {
    return publishedIn(this, id, this.modelArtifacts, options);
  }

  /**
   * Registers the best job's artifact: a new version of the group for each run whose outcome is accepted, with the container that `toModel` would have.
   * Nothing is approved unless `approvalStatus` says so. Throws when the image is not known and none is given, and under `Completion.started()`.
   */
  public register(id: string, options: RegisterOptions): ModelPackage {
    return packageOf(this, id, this.trained, options);
  }

  /**
   * What to wait for where its end counts, and no attribute of it.
   *
   * @internal
   */
  public _end(): IDependable { return this.job.ended('its end').end; }

  /**
   * The same job, for a workflow to launch.
   *
   * @internal
   */
  public get _retraining(): RetrainingJob { return { ...retrainingOfTuning(this, this.definition), deployed: this.job.isAwaited ? (name) => this.metric(name) : undefined }; }

  /** @internal */
  public get _eventful(): EventfulJob { return this.job.eventful; }

  private get trained(): TrainedJob {
    const served = servedByBest(() => this.job.ended('toModel'), this.definitions, this.modelData);
    return { served, modelData: this.modelData, jobName: this.bestTrainingJobName, jobArn: () => this.bestTrainingJobArn };
  }

  private launched(props: HyperparameterTuningJobProps, definition: TuningJobDefinition): LaunchedJob<'HyperParameterTuningJob'> {
    const { rendered: { request, content, jobNameIn, prerequisites }, metricNames, dependencies, volumeKeys } = definition;
    const job = new LaunchedJob(this, {
      kind: 'HyperParameterTuningJob',
      lifecycle: props,
      properties: { Request: request, Content: content, JobNameIn: jobNameIn, Prerequisites: prerequisites, ChannelRevisions: this.channelRevisions() },
      dependencies,
      roles: this.definitions.flatMap(({ role, props: { role: given } }) => passedByName(role, given)),
      volumeKeys,
      acceptTimeLimit: props.acceptTimeLimit,
      gate: props.qualityGate?._checked(this, metricNames),
      usualWait: () => usualWait(this, request),
    });
    for (const { bound: { algorithm } } of prerequisites.length > 0 ? this.definitions : []) {
      if (algorithm.algorithmName !== undefined) { job.resource.provider.permissions.addAlgorithm(this, algorithm.algorithmName); }
    }
    return job;
  }

  /** Each of several definitions has channels of its own. */
  private channelRevisions(): { [channel: string]: string } {
    return Object.fromEntries(this.definitions.flatMap(({ name, bound }) => Object.entries(channelRevisions(bound.inputs))
      .map(([channel, revision]) => [name === undefined ? channel : `${name}.${channel}`, revision])));
  }
}

function usualWait(scope: Construct, request: TuningJobRequest['request']): number {
  const seconds = longestSeconds(request);
  return Number.isFinite(seconds) && seconds > 0 && seconds <= LONGEST_WAIT_SECONDS ? seconds
    : refuse(scope, 'completion', 'be given with within, or maxRuntime, where the time of all jobs is not known at synthesis or more than 18 days', Number.isFinite(seconds) && seconds > 0 ? `${Math.round(seconds / 86_400)} days` : undefined);
}

/** Each 55 minutes are one more resource, and a stack has 500. */
const LONGEST_WAIT_SECONDS = 18 * 86_400;

