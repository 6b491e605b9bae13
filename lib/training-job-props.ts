import type { DebugHook } from './debug-hook';
import type { ExperimentOptions } from './experiment';
import type { JobLifecycleProps } from './job-lifecycle';
import type { Mlflow } from './mlflow';
import type { ModelPackageOutput } from './model-package-output';
import type { MonitoringRule } from './monitoring-rule';
import type { Profiler } from './profiler';
import type { QualityGate } from './quality-gate';
import type { TensorBoardOutput } from './tensor-board-output';
import type { TrainingDefinitionProps } from './training-definition-props';

/** What a training job is made of, whoever launches it: a deployment, or a workflow. */
export interface TrainingOptions extends TrainingDefinitionProps {
  /**
   * Takes a job that its maximum run time ended as good as a completed one.
   *
   * @default false
   */
  readonly acceptTimeLimit?: boolean;
  /**
   * What a job that ended well must have reached besides. One that misses it fails the deployment, and the stack rolls back; the job is
   * kept, and taken as it is once the gate lets it through. Another gate trains nothing again.
   *
   * @default - none: a job that ended well is good
   */
  readonly qualityGate?: QualityGate;
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

/** What a training job of a stack is made of. */
export interface TrainingJobProps extends TrainingOptions, JobLifecycleProps {}
