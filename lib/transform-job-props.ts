import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration, Size } from 'aws-cdk-lib/core';
import type { BatchDataCapture } from './batch-data-capture';
import type { DataSource } from './data-source';
import type { Encryption } from './encryption';
import type { ExperimentOptions } from './experiment';
import type { JobLifecycleProps } from './job-lifecycle';
import type { IModel } from './model';
import type { OutputLocation } from './output-location';

/** What of an object is one record. */
export enum SplitType {
  /** The whole object. */
  NONE = 'None',
  /** Each line. */
  LINE = 'Line',
  /** Each record of RecordIO. */
  RECORD_IO = 'RecordIO',
  /** Each record of TFRecord. */
  TF_RECORD = 'TFRecord',
}

/** How many records are sent at once. */
export enum BatchStrategy {
  /** As many as a request has room for. The input must be split. */
  MULTI_RECORD = 'MultiRecord',
  /** One. */
  SINGLE_RECORD = 'SingleRecord',
}

/** What is between the answers to the records of an object. */
export enum AssembleWith {
  /** Nothing: they follow each other as they are. */
  NONE = 'None',
  /** The end of a line. */
  LINE = 'Line',
}

/** What an answer is joined with. */
export enum JoinSource {
  /** Nothing. */
  NONE = 'None',
  /** The record that it answers. */
  INPUT = 'Input',
}

/** What can be said of a transform job of a model, whoever launches it: a deployment, or a workflow. */
export interface TransformOptions {
  /**
   * What the model answers: objects of S3, files of the app, or what another job has written. `data`, `data_type`, `content_type` and
   * `compression_type` of the Python SDK. Nothing that is for channels of training alone: no file system, no dataset, no augmented manifest, and
   * none of the options by which channels are read.
   */
  readonly input: DataSource;
  /**
   * What of an object is one record.
   *
   * @default SplitType.NONE
   */
  readonly splitType?: SplitType;
  /**
   * Where the answers are written: for each object of the input one of the same name with `.out` at its end, in a folder that each run
   * makes for itself there, so that no run overwrites what another has written.
   *
   * @default OutputLocation.stackBucket()
   */
  readonly output?: OutputLocation;
  /**
   * What is between the answers to the records of an object.
   *
   * @default AssembleWith.NONE
   */
  readonly assembleWith?: AssembleWith;
  /**
   * The MIME type of the answers that the model is asked for, at most 256 characters.
   *
   * @default - as the model answers by itself
   */
  readonly accept?: string;
  /** For instance `ml.m5.xlarge`. Of a framework's model it decides between the images. */
  readonly instanceType: string;
  /**
   * How many instances share the objects of the input; 1 to 100.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * The key that the storage of the instances is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly volumeKey?: IKey;
  /**
   * What the storage of the instances, the answers and captured records are encrypted with, where `volumeKey`, `output` and `dataCapture` name no key.
   *
   * @default - as the model, made by whose `transform` it is; else as `SageMakerDefaults` says, else as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * The image of the machines themselves, for instance `al2-ami-sagemaker-batch-gpu-535`, which has another driver for GPUs.
   *
   * @default - the one the service takes
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformResources.html
   */
  readonly amiVersion?: string;
  /**
   * How many records are sent at once. BatchStrategy.MULTI_RECORD needs a `splitType`.
   *
   * @default - as many as a request has room for, of an input that is split
   */
  readonly strategy?: BatchStrategy;
  /**
   * The longest request, in whole MiB up to 100; no shorter than any one record. All requests that are sent at once have 100 MiB together.
   * `Size.mebibytes(0)` sends requests of any length in pieces, for models that can take that.
   *
   * @default - 6 MiB, or as the model says by itself
   */
  readonly maxPayload?: Size;
  /**
   * How many requests an instance gets at once. 0 leaves it to the model, which may say so by itself (`/execution-parameters`).
   *
   * @default - as the model says by itself, else 1
   */
  readonly maxConcurrentTransforms?: number;
  /**
   * Environment variables of the containers for this job, over those of the model; at most 16.
   * A secret is never written here: `secrets` of the model names it.
   *
   * @default - those of the model
   */
  readonly environment?: { [name: string]: string };
  /**
   * Which part of each record the model gets, as a JSONPath of at most 63 characters, for instance `$[1:]` or `$.features`.
   * For CSV, JSON and JSON Lines.
   *
   * @default '$'
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
   */
  readonly inputFilter?: string;
  /**
   * Which part of each answer, joined with its record or not, is written, as a JSONPath of at most 63 characters, for instance `$[0,-1]`.
   *
   * @default '$'
   */
  readonly outputFilter?: string;
  /**
   * What each answer is joined with. For CSV both the `splitType` and `assembleWith` are lines then.
   *
   * @default JoinSource.NONE
   */
  readonly joinSource?: JoinSource;
  /**
   * Writes what goes in and out to S3 besides, for Model Monitor.
   *
   * @default - nothing is captured
   */
  readonly dataCapture?: BatchDataCapture;
  /**
   * How long the model may take for one request; 1 second to 1 hour.
   *
   * @default Duration.minutes(10)
   */
  readonly invocationTimeout?: Duration;
  /**
   * How often a request that failed is sent again; 0 to 3.
   *
   * @default 3
   */
  readonly maxInvocationRetries?: number;
  /**
   * What the job is called in SageMaker Experiments. The experiment and the trial exist already.
   *
   * @default - it is in no experiment
   */
  readonly experiment?: ExperimentOptions;
  /**
   * Members of CreateTransformJob by their own names, over what the props make: structures member by member, lists as a whole, null takes a
   * member away.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
   */
  readonly overrides?: { [member: string]: any };
}

/** What can be said of a transform job of a stack. */
export interface TransformJobOptions extends TransformOptions, JobLifecycleProps {}

/** What a transform job is made of. */
export interface TransformJobProps extends TransformJobOptions {
  /** The model that answers. */
  readonly model: IModel;
}
