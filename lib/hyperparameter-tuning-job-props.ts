import type { Duration } from 'aws-cdk-lib/core';
import type { JobLifecycleProps } from './job-lifecycle';
import type { Objective } from './objective';
import type { ParameterRange } from './parameter-range';
import type { QualityGate } from './quality-gate';
import type { TrainingDefinitionProps } from './training-definition-props';
import type { TuningStrategy } from './tuning-strategy';
import type { WarmStart } from './warm-start';

/**
 * What the jobs of a tuning job train, and what is searched for. As a training job's, but for what SageMaker has no members for here: no instances that
 * are kept warm, no other command of the image, no image in a registry of one's own; at most 48 environment variables, counted over all definitions.
 */
export interface TuningDefinitionProps extends TrainingDefinitionProps {
  /** The metric that the jobs are compared by: one of `metrics`, or one that the algorithm is known to report. */
  readonly objective: Objective;
  /**
   * What each hyperparameter is searched in, by its name; at most 30. For Amazon's own algorithms, by the name the algorithm knows. A hyperparameter
   * that is given as well is searched for, and not sent.
   *
   * @default - none; with `autotune`, SageMaker finds them
   */
  readonly ranges?: { [hyperparameter: string]: ParameterRange };
  /**
   * Members of the definition that no prop covers, in the service's own words: laid over it, lists as a whole; `null` takes a member away.
   * A member that the service does not know is an error.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTrainingJobDefinition.html
   */
  readonly overrides?: { [member: string]: any };
}

/** What ends a tuning job before it has had all its jobs. */
export interface TuningCompletionOptions {
  /**
   * A value of the objective that is good enough.
   *
   * @default - none
   */
  readonly targetObjectiveValue?: number;
  /**
   * How many jobs in a row do no better than the best one; at least 3.
   *
   * @default - any number
   */
  readonly maxJobsNotImproving?: number;
  /**
   * Ends when it is unlikely that further jobs do better.
   *
   * @default false
   */
  readonly onConvergence?: boolean;
}

/** What a tuning job is made of, whoever launches it: a deployment, or a workflow. */
export interface TuningOptions {
  /**
   * What its jobs train. Either this or `definitions`.
   *
   * @default - there are `definitions`
   */
  readonly definition?: TuningDefinitionProps;
  /**
   * Several algorithms that are tried, by name; 1 to 10, names of 1 to 64 letters, digits and dashes.
   *
   * @default - there is one `definition`
   */
  readonly definitions?: { [definitionName: string]: TuningDefinitionProps };
  /**
   * How the values to try are found.
   *
   * @default TuningStrategy.bayesian()
   */
  readonly strategy?: TuningStrategy;
  /**
   * How many jobs there are in all; at least 1. The account's quota is 750 unless it was raised.
   *
   * @default - must be given, but for `TuningStrategy.grid()`, where the combinations are counted, and with `autotune`, where SageMaker chooses
   */
  readonly maxJobs?: number;
  /**
   * How many jobs run at once; at least 1. The account's quota is 10 unless it was raised.
   *
   * @default 1
   */
  readonly maxParallelJobs?: number;
  /**
   * Longest the tuning job may take, between 2 minutes and 182.5 days. Then its jobs are stopped.
   *
   * @default - as long as its jobs take
   */
  readonly maxRuntime?: Duration;
  /**
   * Stops a job whose objective is worse than that of the others had been. Not with `TuningStrategy.hyperband()`, which stops jobs by itself.
   *
   * @default false
   */
  readonly earlyStopping?: boolean;
  /**
   * What ends it before it has had all its jobs.
   *
   * @default - nothing
   */
  readonly completionCriteria?: TuningCompletionOptions;
  /**
   * With the same number, the same values are tried where that is possible; 0 to 2,147,483,647.
   *
   * @default - any
   */
  readonly randomSeed?: number;
  /**
   * Lets SageMaker find what is left open: ranges, strategy, number of jobs (Autotune).
   *
   * @default - true where a range is `ParameterRange.auto`
   */
  readonly autotune?: boolean;
  /**
   * Earlier tuning jobs that it goes on from.
   *
   * @default - none
   */
  readonly warmStart?: WarmStart;
  /**
   * Takes a tuning job that its maximum run time ended as good as a completed one.
   *
   * @default false
   */
  readonly acceptTimeLimit?: boolean;
  /**
   * What the best job must have reached besides: the objective, and other metrics. One that misses it fails the deployment, and the stack rolls
   * back; the tuning job is kept, and taken as it is once the gate lets it through.
   *
   * @default - none: a tuning job that ended well is good
   */
  readonly qualityGate?: QualityGate;
  /**
   * Members of CreateHyperParameterTuningJob that no prop covers, in the service's own words: laid over the request, lists as a
   * whole; `null` takes a member away. A member the service does not know is an error. Definitions have `overrides` of their own.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
   */
  readonly overrides?: { [member: string]: any };
}

/** What a tuning job of a stack is made of. */
export interface HyperparameterTuningJobProps extends TuningOptions, JobLifecycleProps {}
