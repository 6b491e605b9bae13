import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
import type { Algorithm } from './algorithm';
import type { Capacity } from './capacity';
import type { Checkpoints } from './checkpoints';
import type { DataSource } from './data-source';
import type { Encryption } from './encryption';
import type { Hyperparameters } from './hyperparameters';
import type { JobNetworkProps } from './job-network';
import type { Metric } from './metric';
import type { OutputLocation } from './output-location';

/** What is trained, on what, with what: the same for a job of its own and for the jobs of a tuning job. */
export interface TrainingDefinitionProps extends JobNetworkProps {
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
   * Environment variables of the container; at most 100 together with those of `secrets`, values up to 512 characters.
   * A secret is never written here: `secrets` names it.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Secrets that the container reads, by the environment variable that has the ARN of each. The role may read them, and use their keys for that.
   * Not with `networkIsolation`, under which a container can't ask Secrets Manager. Names are of variables, and others than in `environment`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
   */
  readonly secrets?: { [variableName: string]: ISecret };
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
   * What the storage of the instances and the artifact are encrypted with, where `capacity` and `output` name no key.
   *
   * @default - as `SageMakerDefaults` says, else as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * The role of the containers. A role of the app is allowed what the props need, also one that is given; one made elsewhere is used as it is, and
   * a warning lists what it must be allowed.
   *
   * @default - one of its own, which may do what the props need
   */
  readonly role?: IRole;
}
