import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { Annotations, Duration, RemovalPolicy, Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Completion } from './completion';
import { JobNetwork, type JobNetworkProps } from './job-network';
import { Model, type ModelProps, type TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import { OutputCompression } from './output-location';
import { oneOf, refuse, wholeSeconds } from './request/checks';
import { trainingJobRequest, type BoundTrainingJob, type TrainingJobRequest } from './request/training-job-request';
import { Retrain } from './retrain';
import { executionRole, policiesOf } from './template/execution-role';
import { artifactUri, JobOutcome, JobResource } from './template/job-resource';
import { namePrefix } from './template/names';
import { TrainingJobArtifact } from './training-job-artifact';
import { boundTrainingJob, dependenciesOf } from './training-job-binding';
import { checkTrainingJobProps } from './training-job-checks';
import type { TrainingJobProps } from './training-job-props';

/** A training job. */
export interface ITrainingJob extends IResource {
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
export class TrainingJob extends Resource implements ITrainingJob, IGrantable, IConnectable {
  /** A job made elsewhere, in the account and the Region of the stack. */
  public static fromTrainingJobName(scope: Construct, id: string, trainingJobName: string): ITrainingJob {
    class Import extends Resource implements ITrainingJob {
      public readonly trainingJobName = trainingJobName;
      public readonly trainingJobArn = jobArn(this, trainingJobName);
    }
    return new Import(scope, id);
  }

  public readonly trainingJobName: string;
  public readonly trainingJobArn: string;
  /** The role of the containers. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** The artifact, as the data of a model. Throws when a model is made of it under `Completion.started()`. */
  public readonly modelData: ModelData;
  private readonly network?: JobNetwork;
  private readonly outcome?: JobOutcome;
  private readonly served: Partial<ModelProps>;
  private readonly servedNetwork: JobNetworkProps;
  private readonly metricNames: string[];

  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    checkTrainingJobProps(this, props);
    this.role = props.role ?? executionRole(this, 'TrainingJobs');
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = JobNetwork.of(this, props);
    const bound = boundTrainingJob(this, props, this.role, this.network);
    const rendered = trainingJobRequest(this, props, bound);
    const job = this.launched(props, bound, rendered);
    this.trainingJobName = job.ref;
    this.trainingJobArn = jobArn(this, job.ref);
    this.outcome = this.awaited(props, rendered, job);
    this.metricNames = [...(rendered.request.AlgorithmSpecification?.MetricDefinitions ?? []).map((metric) => metric.Name!), ...(bound.algorithm.metricNames ?? [])];
    this.modelData = new TrainingJobArtifact({
      output: bound.output, isCompressed: isCompressed(rendered), namePrefix: namePrefix(this), adoptedName: props.adopt?.name, uri: () => this.modelArtifacts,
    });
    this.served = { image: props.algorithm.containerImage, script: props.algorithm.script, modelData: this.modelData, networkIsolation: props.networkIsolation };
    this.servedNetwork = { vpc: props.vpc, vpcSubnets: props.vpcSubnets, securityGroups: this.network?.config.securityGroups };
  }

  /** The URI of the artifact in S3. Throws under `Completion.started()`. */
  public get modelArtifacts(): string { return this.ended('modelArtifacts').attribute('ModelArtifacts'); }

  /** How the job ended: `Completed`, or `Stopped` where its time limit is accepted. Throws under `Completion.started()`. */
  public get trainingJobStatus(): string { return this.ended('trainingJobStatus').attribute('Status'); }

  /** The seconds that are charged for. Throws under `Completion.started()`. */
  public get billableTime(): string { return this.ended('billableTime').attribute('BillableTimeInSeconds'); }

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
    oneOf(this, 'metric', name, this.metricNames);
    return this.ended('metric').metric(name);
  }

  /**
   * A model of the artifact: same image, script, VPC and isolation, and a role of its own. Props given replace them.
   *
   * Throws when the job's algorithm has no image that is known and none is given.
   */
  public toModel(id: string, props: TrainedModelProps = {}): Model {
    const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
    const network = props.vpc || !this.network ? {} : this.servedNetwork;
    const image = props.image ?? this.served.image ?? refuse(this, 'toModel: image', 'be given, for the image of the algorithm is not known', undefined);
    return new Model(this, id, { ...this.served, ...network, ...given, image });
  }

  private launched(props: TrainingJobProps, bound: BoundTrainingJob, { request, content, jobNameIn }: TrainingJobRequest): JobResource {
    const revisions = Object.entries(bound.inputs).flatMap(([channel, { options }]) => (options.revision === undefined ? [] : [[channel, options.revision]]));
    const manual = (props.retrain ?? Retrain.whenChanged()).manualRevision;
    const job = new JobResource(this, 'TrainingJob', {
      Request: { ...request },
      Content: nonEmpty(content),
      JobNameIn: jobNameIn.length > 0 ? jobNameIn : undefined,
      ChannelRevisions: nonEmpty(Object.fromEntries(revisions)),
      Revision: manual ?? props.revision,
      RetrainOn: manual === undefined ? undefined : 'Revision',
      AcceptTimeLimit: props.acceptTimeLimit ? 'true' : undefined,
      RemovalPolicy: props.removalPolicy === RemovalPolicy.DESTROY ? 'Delete' : undefined,
      Adopt: props.adopt && { Name: props.adopt.name, Accept: props.adopt.accept },
    }, [policiesOf(this.role), ...dependenciesOf(bound)]);
    const { permissions } = job.provider;
    if (props.role) { permissions.addRole(props.role.roleArn); }
    if (props.capacity.config.volumeKey) { permissions.addVolumeKey(props.capacity.config.volumeKey.keyArn); }
    if (props.adopt) { permissions.addAdopted('TrainingJob', props.adopt.name); }
    return job;
  }

  private awaited(props: TrainingJobProps, rendered: TrainingJobRequest, job: JobResource): JobOutcome | undefined {
    const { request } = rendered;
    const completion = props.completion ?? Completion.finished();
    if (!completion.isAwaited) { return undefined; }
    const seconds = completion.within ? wholeSeconds(this, 'completion.within', completion.within) : defaultWait(this, request);
    if (seconds > LONG_WAIT.toSeconds()) {
      Annotations.of(this).addWarningV2('cdk-sagemaker:longWait',
        `the deployment waits up to ${Math.round(seconds / 3600)} hours for this job; a RetrainingWorkflow trains outside of deployments`);
    }
    return new JobOutcome(job, seconds, {
      AcceptTimeLimit: props.acceptTimeLimit ? 'true' : undefined,
      Artifact: artifactUri(request.OutputDataConfig?.S3OutputPath ?? '', job.ref, isCompressed(rendered)),
    });
  }

  private ended(attribute: string): JobOutcome {
    return this.outcome ?? refuse(this, `completion`, `be Completion.finished() for ${attribute} to be known`, 'Completion.started()');
  }
}

/** A deployment that waits this long is in the way of every other change of the stack. */
const LONG_WAIT = Duration.hours(12);
/** For what a run time does not count: finding instances, fetching data and image, storing the artifact. */
const AROUND_THE_RUN_SECONDS = 30 * 60;

function defaultWait(scope: Construct, { StoppingCondition: limits }: TrainingJobRequest['request']): number {
  const seconds = (limits?.MaxWaitTimeInSeconds ?? limits?.MaxRuntimeInSeconds ?? Number.NaN) + (limits?.MaxPendingTimeInSeconds ?? 0) + AROUND_THE_RUN_SECONDS;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : refuse(scope, 'completion', 'be given with within where maxRuntime is not known at synthesis', undefined);
}

function isCompressed({ request }: TrainingJobRequest): boolean {
  return request.OutputDataConfig?.CompressionType !== OutputCompression.NONE;
}

function jobArn(scope: Construct, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'training-job', resourceName });
}

function nonEmpty<T extends object>(map: T): T | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
