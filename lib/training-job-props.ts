import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Adoption } from './adoption';
import type { Algorithm } from './algorithm';
import type { Capacity } from './capacity';
import type { Checkpoints } from './checkpoints';
import type { Completion } from './completion';
import type { DataSource } from './data-source';
import type { Hyperparameters } from './hyperparameters';
import type { JobNetworkProps } from './job-network';
import type { Metric } from './metric';
import type { OutputLocation } from './output-location';
import type { Retrain } from './retrain';

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
   * Members of CreateTrainingJob that no prop covers, in the service's own words: laid over the request, lists as a
   * whole; `null` takes a member away. A member the service does not know is an error. What they need of the
   * role is granted by hand.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
   */
  readonly overrides?: { [member: string]: any };
}
