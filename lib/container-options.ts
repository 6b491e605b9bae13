import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ContainerLogLevel } from './algorithm-options';
import type { ContainerImage } from './container-image';
import type { Encryption } from './encryption';
import type { Framework } from './framework';
import type { ModelData } from './model-data';
import type { IModelPackage } from './model-package';
import type { RepackOptions, ScriptPlacement } from './repack-options';
import type { Script } from './script';

/** What can be said of every container that serves. */
export interface ContainerOptions {
  /**
   * The user's code.
   *
   * @default - as the training job's framework is served; for a model of its own, the image has its code inside
   */
  readonly script?: Script;
  /**
   * The file of the script that serves, where it is another than the script says.
   *
   * @default - the entry point of the script
   */
  readonly entryPoint?: string;
  /**
   * How the container gets the script.
   *
   * @default - as the Python SDK does it for the framework (docs/python-sdk.md); a model under network isolation always has it packed
   */
  readonly scriptPlacement?: ScriptPlacement;
  /**
   * How the job is run that packs the script into the artifact, where one is needed.
   *
   * @default - on one ml.m5.large
   */
  readonly repack?: RepackOptions;
  /**
   * How much the server in the container writes to its log.
   *
   * @default - as the training job; ContainerLogLevel.INFO for a script of a model of its own
   */
  readonly logLevel?: ContainerLogLevel;
  /**
   * How many processes of the model server answer; at least 1. For images of frameworks, but TensorFlow's.
   *
   * @default - as the server does by itself: one for each processor
   */
  readonly modelServerWorkers?: number;
  /**
   * Environment variables of the container; at most 100 together with those of `secrets`, and 32 KB in all containers of a model.
   * A secret is never written here: `secrets` names it.
   *
   * @default - none but those by which the script is found
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
   * What the job that packs a script into the artifact encrypts with, where `repack` names no key; and what an endpoint or a transform job of the model
   * does (`deploy`, `transform`), which doesn't say it itself. A model keeps nothing of its own.
   *
   * @default - as the training job; else as `SageMakerDefaults` says, else as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * The name of the container within the model, of at most 63 letters, digits and dashes. A request may name the container it is for.
   *
   * @default - none; by its position in logs and metrics
   */
  readonly containerName?: string;
}

/** What of a container a training job leaves open. */
export interface TrainedContainerOptions extends ContainerOptions {
  /**
   * The image that serves.
   *
   * @default - of a framework its serving image, else the image of the training job
   */
  readonly image?: ContainerImage;
  /**
   * The framework by whose ways it is served, where that is another than the training job's.
   *
   * @default - that of the training job
   */
  readonly framework?: Framework;
}

/** What a container that serves is made of. */
export interface ContainerProps extends ContainerOptions {
  /**
   * The image that serves.
   *
   * @default - the serving image of the framework; one of image, framework and modelPackage must be given
   */
  readonly image?: ContainerImage;
  /**
   * The framework by whose ways the artifact is served: its image, its variables, and where it looks for a script.
   *
   * @default - none: the image knows by itself
   */
  readonly framework?: Framework;
  /**
   * The artifact. With `multiModel` the prefix that all artifacts are below.
   *
   * @default - the image has its model inside
   */
  readonly modelData?: ModelData;
  /**
   * Whether the container serves many models, `MultiDataModel` of the Python SDK: every archive below the prefix of `modelData`, also one that is put
   * there later. A request names the one it is for, and the container loads it then. The image must be able to do that.
   *
   * @default false
   */
  readonly multiModel?: boolean;
  /**
   * Whether models that were loaded are kept in memory until it is needed. For `multiModel` alone; false is for many models that are rarely asked.
   *
   * @default true
   */
  readonly modelCache?: boolean;
  /**
   * The model package that has image and artifact, in place of `image`, `framework`, `modelData` and the script. One with a version must have been
   * approved: it never is by this construct, as the Python SDK would do.
   *
   * @default - the container is made of an image or a framework
   */
  readonly modelPackage?: IModelPackage;
}

/** Who asks the containers of a pipeline. */
export enum PipelineExecution {
  /** A request goes through all of them: each gets the answer of the one before. */
  SERIAL = 'Serial',
  /** A request goes to the one that it names. */
  DIRECT = 'Direct',
}
