import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ParameterOptions, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { OutputDataOptions } from './channel-options';
import type { DataSource } from './data-source';
import { JobBase, type EventfulJob } from './job-base';
import type { IJobEvents } from './job-events';
import type { JobNetwork } from './job-network';
import { JobOutput } from './job-output';
import { LaunchedJob } from './launched-job';
import type { Model, TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import type { ModelPackage } from './model-package';
import type { OutputCompression } from './output-location';
import { oneOf, refuse } from './request/checks';
import type { TrainingJobRequest } from './request/training-job-request';
import type { RegisterOptions } from './register-options';
import type { RetrainingJob } from './retraining-job';
import { passedByName } from './template/execution-role';
import { injected } from './template/injected';
import { artifactUri } from './template/job-resource';
import { jobArn } from './template/names';
import { ImportedTrainingJob } from './imported-training-job';
import { TrainingJobArtifact, type ArtifactSource } from './training-job-artifact';
import { channelRevisions } from './training-job-binding';
import { isCompressed, longestSeconds, placedTrainingJob, retrainingOf, trainingJobDefinition, type TrainingJobDefinition } from './training-job-definition';
import { modelOf, packageOf, publishedIn, type Served, type TrainedJob } from './trained-model';
import { checkTrainingJobProps } from './training-job-checks';
import type { TrainingJobProps } from './training-job-props';

/** A training job. */
export interface ITrainingJob extends IResource, IJobEvents {
  /**
   * The name of the job.
   *
   * @attribute
   */
  readonly trainingJobName: string;
  /**
   * The ARN of the job.
   *
   * @attribute
   */
  readonly trainingJobArn: string;
  /** Its artifact, as the data of a model. */
  readonly modelData: ModelData;

  /** A model of its artifact. */
  toModel(id: string, props?: TrainedModelProps): Model;
}

/** What is not read from the record of a job that was made elsewhere. */
export interface ImportedTrainingJobOptions {
  /**
   * The key its artifact is encrypted with.
   *
   * @default - none that a policy must name
   */
  readonly encryptionKey?: IKey;
  /**
   * How its artifact is packed.
   *
   * @default OutputCompression.GZIP
   */
  readonly compression?: OutputCompression;
  /**
   * The name or ARN of the algorithm resource that it is a job of: its result is served by a model package then.
   *
   * @default - the job has an image, by which its result is served
   */
  readonly algorithmName?: string;
}

/**
 * A training job of SageMaker: `Estimator.fit` and `ModelTrainer.train` of the Python SDK.
 *
 * The deployment launches it when something changed that determines its result, waits for it, and fails when it
 * fails. A rollback launches nothing.
 *
 * @example
 * const training = new TrainingJob(this, 'Train', {
 *   algorithm: Algorithm.image(image, { script: Script.fromDirectory('src', { entryPoint: 'train.py' }) }),
 *   hyperparameters: Hyperparameters.of({ epochs: 20, 'learning-rate': 0.1 }),
 *   inputs: { train: DataSource.fromBucket(bucket, 'digits/train/') },
 *   capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
 *   maxRuntime: Duration.hours(2),
 * });
 * const model = training.toModel('Model');
 * const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
 * endpoint.grantInvoke(caller);
 */
export class TrainingJob extends JobBase implements ITrainingJob, IGrantable, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.TrainingJob';

  /**
   * A job made elsewhere, in the account and the Region of the stack: `Estimator.attach` of the Python SDK. Its artifact and its image are looked up
   * when the stack is deployed; a job that still runs is waited for, up to 55 minutes.
   *
   * Its isolation, VPC, framework and script are not known at synthesis: give `toModel` the props `framework`, `script`, `networkIsolation` and `vpc`
   * that the model is to have. Without a framework or an image given, the job's own image serves.
   *
   * Throws when it is no name of a job, for instance an ARN.
   */
  public static fromTrainingJobName(scope: Construct, id: string, trainingJobName: string, options: ImportedTrainingJobOptions = {}): ITrainingJob {
    return new ImportedTrainingJob(scope, id, trainingJobName, options);
  }

  public readonly trainingJobName: string;
  public readonly trainingJobArn: string;
  /** The role of the containers. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** The artifact, as the data of a model. Throws when a model is made of it under `Completion.started()`. */
  public readonly modelData: ModelData;
  private readonly artifact: ArtifactSource;
  private readonly network?: JobNetwork;
  private readonly job: LaunchedJob<'TrainingJob'>;
  private readonly served: Served;
  private readonly definition: TrainingJobDefinition;

  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    props = injected(this, TrainingJob.PROPERTY_INJECTION_ID, props);
    checkTrainingJobProps(this, props);
    const placed = placedTrainingJob(this, props);
    this.role = placed.role;
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = placed.network;
    this.definition = trainingJobDefinition(this, placed);
    this.job = this.launched(props, this.definition);
    this.trainingJobName = this.job.jobName;
    this.trainingJobArn = jobArn(this, 'TrainingJob', props.adopt?.name ?? this.job.jobName);
    const { artifact } = this.definition;
    this.artifact = { ...artifact, folders: [...artifact.folders, ...(props.adopt ? [`${props.adopt.name}/`] : [])], uri: () => this.modelArtifacts };
    this.modelData = new TrainingJobArtifact(this.artifact);
    this.served = this.definition.served(this.modelData);
  }

  /** The URI of the artifact in S3. Throws under `Completion.started()`. */
  public get modelArtifacts(): string { return this.job.ended('modelArtifacts').attribute('ModelArtifacts'); }

  /** How the job ended: `Completed`, or `Stopped` where its time limit is accepted. Throws under `Completion.started()`. */
  public get trainingJobStatus(): string { return this.job.ended('trainingJobStatus').attribute('Status'); }

  /** The seconds that are charged for. Throws under `Completion.started()`. */
  public get billableTime(): string { return this.job.ended('billableTime').attribute('BillableTimeInSeconds'); }

  /** The security groups of the containers. Throws when there is no VPC. */
  public get connections(): Connections {
    return this.network?.connections ?? refuse(this, 'vpc', 'be given for a job to have connections', undefined);
  }

  /**
   * The final value of a metric, as text.
   *
   * Throws when the job has no such metric, and under `Completion.started()`.
   */
  public metric(name: string): string {
    oneOf(this, 'metric', name ?? '', this.definition.metricNames);
    return this.job.ended('metric').metric(name);
  }

  /**
   * What the job writes, as the data of another job: the artifact, and what the container leaves in `/opt/ml/output/data`.
   * A new run of this job is a new run of the other one.
   *
   * The other job throws when it is made of it under `Completion.started()`.
   */
  public outputData(options: OutputDataOptions = {}): DataSource {
    return new JobOutput(this.artifact, this.trainingJobName, 'output/', () => this.job.ended('outputData').end, options);
  }

  /**
   * A model of the artifact, as the Python SDK's `deploy()` makes it: the serving image of the framework, or the image of the job; the script where the
   * framework serves the one that trained; the job's network and isolation. It has a role of its own. Props given replace them. The result of an
   * algorithm resource is served by a model package, which the algorithm gives its image to.
   *
   * Throws when the image is not known and none is given.
   */
  public toModel(id: string, props: TrainedModelProps = {}): Model {
    return modelOf(this, id, this.trained, props);
  }

  /**
   * A parameter of Systems Manager that says where the artifact is: where a stack that serves finds it (`ModelData.fromSsmParameter`), without an export,
   * which can't change while it is in use. It is written when the job's outcome is accepted, its quality gate included, and with each new run;
   * a rollback writes the artifact before. Give it a name (`parameterName`) for another stack. Throws under `Completion.started()`.
   */
  public publishTo(id: string, options: ParameterOptions = {}): StringParameter {
    return publishedIn(this, id, this.modelArtifacts, options);
  }

  /**
   * Registers the artifact: a new version of the group for each run whose outcome is accepted, with the container that `toModel` would have.
   * Nothing is approved unless `approvalStatus` says so. Throws when the image is not known and none is given, and under `Completion.started()`.
   */
  public register(id: string, options: RegisterOptions): ModelPackage {
    return packageOf(this, id, this.trained, options);
  }

  /** @internal */
  public get _eventful(): EventfulJob { return this.job.eventful; }

  private get trained(): TrainedJob {
    return { served: this.served, network: this.network && this.definition.servedNetwork, modelData: this.modelData, jobName: this.trainingJobName, jobArn: () => this.trainingJobArn };
  }

  /**
   * The same job, for a workflow to launch.
   *
   * @internal
   */
  public get _retraining(): RetrainingJob { return { ...retrainingOf(this, this.definition), deployed: this.job.isAwaited ? (name) => this.metric(name) : undefined }; }

  private launched(props: TrainingJobProps, definition: TrainingJobDefinition): LaunchedJob<'TrainingJob'> {
    const { bound, rendered, metricNames, dependencies, volumeKeys } = definition;
    const { request, content, jobNameIn, prerequisites } = rendered;
    const job = new LaunchedJob(this, {
      kind: 'TrainingJob',
      lifecycle: props,
      properties: { Request: request, Content: content, JobNameIn: jobNameIn, Prerequisites: prerequisites, ChannelRevisions: channelRevisions(bound.inputs) },
      dependencies,
      roles: passedByName(this.role, props.role),
      volumeKeys,
      acceptTimeLimit: props.acceptTimeLimit,
      gate: props.qualityGate?._checked(this, metricNames),
      usualWait: () => usualWait(this, request),
      result: (jobName) => artifactUri(request.OutputDataConfig?.S3OutputPath ?? '', jobName, isCompressed(rendered)),
    });
    if (prerequisites.length > 0) { job.resource.provider.permissions.addAlgorithm(this, request.AlgorithmSpecification!.AlgorithmName!); }
    return job;
  }
}

function usualWait(scope: Construct, request: TrainingJobRequest['request']): number {
  const { ServerlessJobConfig: serverless, StoppingCondition: limits } = request;
  if (serverless && limits?.MaxRuntimeInSeconds === undefined) { refuse(scope, 'maxRuntime or completion.within', 'be given for Algorithm.serverless', undefined); }
  const seconds = longestSeconds(request);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : refuse(scope, 'completion', 'be given with within where maxRuntime is not known at synthesis', undefined);
}
