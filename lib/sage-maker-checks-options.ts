import type { Duration } from 'aws-cdk-lib/core';

/** What may be checked of resources of SageMaker. */
export enum SageMakerCheck {
  /** Jobs, models, inference components and notebooks are in a VPC. */
  VPC = 'vpc',
  /** Containers of jobs, models and inference components reach no network. */
  NETWORK_ISOLATION = 'networkIsolation',
  /** What instances of a training, tuning or processing job send each other is encrypted. */
  INTER_CONTAINER_ENCRYPTION = 'interContainerEncryption',
  /** The storage of instances has a key, but for instance types with storage of their own, which take none. */
  VOLUME_KEY = 'volumeKey',
  /** Artifacts, results, asynchronous answers and captured data have a key. */
  OUTPUT_KEY = 'outputKey',
  /** Training, tuning and processing jobs may run so long at most. */
  MAX_RUNTIME = 'maxRuntime',
  /** Instances are of families that are allowed. */
  INSTANCE_FAMILY = 'instanceFamily',
  /** Images come from private registries. */
  IMAGE = 'image',
  /** Resources have tags. */
  TAGS = 'tags',
  /** Notebook instances reach the internet through their VPC alone. */
  DIRECT_INTERNET = 'directInternet',
}

/** What it is worth that a rule is broken. */
export enum CheckSeverity {
  /** An error: nothing is deployed. */
  ERROR = 'error',
  /** A warning, which can be acknowledged by its id. */
  WARNING = 'warning',
  /** It is not looked at. */
  OFF = 'off',
}

/** What each rule is worth. */
export interface SageMakerCheckSeverityOptions {
  /**
   * That there is no VPC.
   *
   * @default - `severity`
   */
  readonly vpc?: CheckSeverity;
  /**
   * That containers reach a network.
   *
   * @default - `severity`
   */
  readonly networkIsolation?: CheckSeverity;
  /**
   * That traffic between instances is in plain text.
   *
   * @default - `severity`
   */
  readonly interContainerEncryption?: CheckSeverity;
  /**
   * That storage has no key.
   *
   * @default - `severity`
   */
  readonly volumeKey?: CheckSeverity;
  /**
   * That what is written has no key.
   *
   * @default - `severity`
   */
  readonly outputKey?: CheckSeverity;
  /**
   * That a job may run longer than `maxRuntime`.
   *
   * @default - `severity`
   */
  readonly maxRuntime?: CheckSeverity;
  /**
   * That instances are of another family.
   *
   * @default - `severity`
   */
  readonly instanceFamily?: CheckSeverity;
  /**
   * That an image is from elsewhere.
   *
   * @default - `severity`
   */
  readonly image?: CheckSeverity;
  /**
   * That a tag is missing.
   *
   * @default - `severity`
   */
  readonly tags?: CheckSeverity;
  /**
   * That a notebook instance reaches the internet.
   *
   * @default - `severity`
   */
  readonly directInternet?: CheckSeverity;
}

/** What an organization allows. */
export interface SageMakerChecksOptions {
  /**
   * What each rule is worth that `severities` doesn't name.
   *
   * @default CheckSeverity.ERROR
   */
  readonly severity?: CheckSeverity;
  /**
   * What rules are worth, one by one.
   *
   * @default - all are worth `severity`
   */
  readonly severities?: SageMakerCheckSeverityOptions;
  /**
   * What it is worth that a value is known at deployment only, so that nobody can say whether it keeps a rule; at most what the rule is worth.
   *
   * @default CheckSeverity.WARNING
   */
  readonly unknown?: CheckSeverity;
  /**
   * Longest that training, processing and monitoring jobs, and the jobs of a tuning job, may run.
   *
   * @default - any time
   */
  readonly maxRuntime?: Duration;
  /**
   * Families of instances that are allowed, for instance `m5`.
   *
   * @default - all
   */
  readonly allowedInstanceFamilies?: string[];
  /**
   * Families of instances that are not allowed, for instance `p5`.
   *
   * @default - none
   */
  readonly deniedInstanceFamilies?: string[];
  /**
   * Tags that each resource has, by name; with values, one of these.
   *
   * @default - none
   */
  readonly requiredTags?: { [name: string]: string[] };
  /**
   * Accounts, beside that of the stack, in whose private registries of Amazon ECR images may be.
   *
   * @default - all accounts
   */
  readonly imageAccounts?: string[];
  /**
   * Whether images of AWS may be used: those of its frameworks and algorithms.
   *
   * @default true
   */
  readonly awsImages?: boolean;
  /**
   * Other registries that images may be in, for instance `registry.example.com`.
   *
   * @default - none
   */
  readonly imageRegistries?: string[];
  /**
   * Wants traffic encrypted also where there is one instance alone, which sends nothing.
   *
   * @default false
   */
  readonly encryptTrafficOfOneInstance?: boolean;
}
