import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Adoption } from './adoption';
import type { Algorithm } from './algorithm';
import type { Capacity } from './capacity';
import type { Checkpoints } from './checkpoints';
import type { Completion } from './completion';
import type { DataSource } from './data-source';
import type { DebugHook } from './debug-hook';
import type { ExperimentOptions } from './experiment';
import type { Hyperparameters } from './hyperparameters';
import type { JobNetworkProps } from './job-network';
import type { Metric } from './metric';
import type { Mlflow } from './mlflow';
import type { ModelPackageOutput } from './model-package-output';
import type { MonitoringRule } from './monitoring-rule';
import type { OutputLocation } from './output-location';
import type { Profiler } from './profiler';
import type { Retrain } from './retrain';
import type { TensorBoardOutput } from './tensor-board-output';

/** What a training job is made of. */
export interface TrainingJobProps extends JobNetworkProps {
  /** What the job runs. */
  readonly algorithm: Algorithm;
  /** The instances it runs on. */
  readonly capacity: Capacity;
  /**
   * The data of the job by channel; at most 20. A container finds them under `/opt/ml/input/data/<channel>`.
   * Names have 1 to 64 letters, digits, dots, dashes and underscores.
   *
   * @default - no data
   */
  readonly inputs?: { [channelName: string]: DataSource };
  /**
   * Hyperparameters of the job.
   *
   * @default - none
   */
  readonly hyperparameters?: Hyperparameters;
  /**
   * Environment variables of the container; at most 100, values up to 512 characters.
   * A secret is named by its ARN and read by the job (`secret.grantRead(job)`), never written here.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Where the artifact is written.
   *
   * @default OutputLocation.stackBucket()
   */
  readonly output?: OutputLocation;
  /**
   * Where checkpoints are kept.
   *
   * @default - no checkpoints
   */
  readonly checkpoints?: Checkpoints;
  /**
   * Longest the job may run before SageMaker stops it, between 1 second and 28 days.
   *
   * @default Duration.hours(1)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html
   */
  readonly maxRuntime?: Duration;
  /**
   * Longest the job may wait for instances of a training plan or of an accelerated type; between 30 minutes and 28 days.
   *
   * @default - the service decides
   */
  readonly maxPending?: Duration;
  /**
   * How often SageMaker tries again after an error of its own; 1 to 30. The maximum run time covers all attempts.
   *
   * @default - never
   */
  readonly maxRetries?: number;
  /**
   * Figures to read from the output of the job; at most 40, names unique.
   *
   * @default - none
   */
  readonly metrics?: Metric[];
  /**
   * Cuts the container off from every network, that of the VPC included. Data and artifact still pass, by SageMaker.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;
  /**
   * Encrypts what the containers of several instances send each other.
   *
   * @default false
   */
  readonly encryptInterContainerTraffic?: boolean;
  /**
   * The role of the containers.
   *
   * @default - one of its own, which may do what the props need
   */
  readonly role?: IRole;
  /**
   * What of the job a deployment waits for.
   *
   * @default Completion.finished()
   */
  readonly completion?: Completion;
  /**
   * When a deployment trains again.
   *
   * @default Retrain.whenChanged()
   */
  readonly retrain?: Retrain;
  /**
   * Any text; another one trains again. 1 to 256 characters. Not with `Retrain.manual`, which has its own.
   *
   * @default - none
   */
  readonly revision?: string;
  /**
   * Takes a job that its maximum run time ended as good as a completed one.
   *
   * @default false
   */
  readonly acceptTimeLimit?: boolean;
  /**
   * A job made elsewhere that is to be this one. It is never stopped or deleted.
   *
   * @default - the job is launched
   */
  readonly adopt?: Adoption;
  /**
   * What becomes of the job's record when the construct goes: RETAIN keeps it, DESTROY deletes it.
   * A running job is stopped either way; artifacts stay either way.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What the job is called in SageMaker Experiments. The experiment and the trial exist already. SageMaker enters the job there
   * by itself: neither the role nor the handler is granted anything of Experiments.
   *
   * @default - it is in no experiment
   */
  readonly experiment?: ExperimentOptions;
  /**
   * Where the job is tracked in MLflow.
   *
   * @default - nowhere
   */
  readonly mlflow?: Mlflow;
  /**
   * Saves tensors while the model is trained (Debugger). Not in Regions without it.
   *
   * @default - none are saved; with `debugRules`, `DebugHook.toOutput()`
   */
  readonly debugHook?: DebugHook;
  /**
   * Rules that watch what the debugger saves, by name; at most 20. They have the role of the job, and log as processing jobs.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleConfiguration.html
   */
  readonly debugRules?: { [ruleName: string]: MonitoringRule };
  /**
   * Measures the use of processors, memory and network. Another one is taken over by a job that runs. Not for instances with Trainium.
   *
   * @default - as the service does by itself; with `profilerRules`, `Profiler.toOutput()`
   */
  readonly profiler?: Profiler;
  /**
   * Rules that watch what the profiler measures, by name; at most 20. They have the role of the job, and log as processing jobs. Others are taken over by a job that runs.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerRuleConfiguration.html
   */
  readonly profilerRules?: { [ruleName: string]: MonitoringRule };
  /**
   * Where the job keeps its data for TensorBoard.
   *
   * @default - nowhere
   */
  readonly tensorBoard?: TensorBoardOutput;
  /**
   * Lets people into the container by Systems Manager while it runs. The role may talk to it; who may come in is for
   * `ssm:StartSession` of their own roles to say.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-remote-debugging.html
   */
  readonly remoteDebug?: boolean;
  /**
   * Checks the health of the instances before the job begins. For accelerated instance types.
   *
   * @default false
   */
  readonly infraCheck?: boolean;
  /**
   * Hands the session tags of whoever launches the job on to its role, whose trust then takes them. Jobs of a stack are
   * launched by the handler, so that these are the tags of the handler's session. A role that was made elsewhere must let
   * `sagemaker.amazonaws.com` do `sts:TagSession` in its own trust policy.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data-abac.html
   */
  readonly sessionTagChaining?: boolean;
  /**
   * The model package that the job registers.
   *
   * @default - none
   */
  readonly modelPackage?: ModelPackageOutput;
  /**
   * Members of CreateTrainingJob that no prop covers, in the service's own words: laid over the request, lists as a
   * whole; `null` takes a member away. A member the service does not know is an error. What they need of the
   * role is granted by hand. Name, role, tags, and place and key of the output have props of their own.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
   */
  readonly overrides?: { [member: string]: any };
}
