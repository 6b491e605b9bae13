import type { AlgorithmSpecification } from './algorithm-specification';
import type { CapacityConfig } from './capacity';
import { InputMode } from './channel-options';
import type { ContainerImageConfig } from './container-image';
import type { DataSourceConfig } from './data-source-config';
import type { Hyperparameters } from './hyperparameters';
import type { Metric } from './metric';
import type { OutputLocationConfig } from './output-location';
import type { ParameterRange } from './parameter-range';
import type { Script, ScriptConfig } from './script';
import type { ServerlessJobConfig } from './serverless-job';

/** How much the toolkit in a container of scripts writes to its log: the levels of Python's `logging`. */
export enum ContainerLogLevel {
  /** Everything. */
  DEBUG = 10,
  /** What happens. */
  INFO = 20,
  /** What may go wrong. */
  WARNING = 30,
  /** What went wrong. */
  ERROR = 40,
  /** What ended the work. */
  CRITICAL = 50,
}

/** How hyperparameters become text. */
export enum HyperparameterText {
  /** As JSON: `"adam"` in quotes, `true`, `null`. Toolkits of scripts read them so. */
  JSON = 'JSON',
  /** As Python's `str` writes them: `adam`, `True`, `None`. */
  PYTHON = 'PYTHON',
}

/** How an image is run. */
export interface ImageAlgorithmOptions {
  /**
   * The user's code, for an image that runs code (script mode). Hyperparameters are sent as JSON then.
   *
   * @default - the image has its code inside
   */
  readonly script?: Script;
  /**
   * How much the toolkit that runs the script writes to its log. Comes with `script`.
   *
   * @default ContainerLogLevel.INFO
   */
  readonly logLevel?: ContainerLogLevel;
  /**
   * The command, in place of the image's own. 1 to 100 entries of at most 256 characters.
   *
   * @default - the image's own, with the argument `train`
   */
  readonly entrypoint?: string[];
  /**
   * Arguments of the command. 1 to 100 entries of at most 256 characters.
   *
   * @default - none
   */
  readonly arguments?: string[];
  /**
   * How the container gets the data of channels that say nothing themselves.
   *
   * @default InputMode.FILE
   */
  readonly inputMode?: InputMode;
  /**
   * Whether metrics are kept as series over time, for SageMaker's own charts.
   *
   * @default - the service decides
   */
  readonly metricsTimeSeries?: boolean;
}

/** How an algorithm resource is run. */
export interface NamedAlgorithmOptions {
  /**
   * What the algorithm takes. A job is checked against it at synthesis and gets the algorithm's defaults.
   *
   * @default - the deployment asks SageMaker before it launches the job, and refuses a job that the algorithm does not take
   */
  readonly specification?: AlgorithmSpecification;
  /**
   * How the container gets the data of channels that say nothing themselves.
   *
   * @default InputMode.FILE
   */
  readonly inputMode?: InputMode;
  /**
   * Whether metrics are kept as series over time, for SageMaker's own charts.
   *
   * @default - the service decides
   */
  readonly metricsTimeSeries?: boolean;
}

/** What of a job its algorithm goes by. */
export interface AlgorithmContext {
  /** The instances. */
  readonly capacity: CapacityConfig;
  /** The data by channel. */
  readonly inputs: { [channelName: string]: DataSourceConfig };
  /** Where the artifact is written. */
  readonly output: OutputLocationConfig;
  /** Whether the container is cut off from every network. */
  readonly networkIsolation: boolean;
  /**
   * The user's hyperparameters.
   *
   * @default - none
   */
  readonly hyperparameters?: Hyperparameters;
  /**
   * Definitions of metrics.
   *
   * @default - none
   */
  readonly metrics?: Metric[];
  /** What the names of the job's runs begin with, and with them the folders that they write. */
  readonly jobNamePrefix: string;
  /**
   * What a tuning job searches.
   *
   * @default - the job is none of a tuning job's
   */
  readonly ranges?: { [hyperparameter: string]: ParameterRange };
}

/** An algorithm, ready to be named in a request: an image, an algorithm resource, or a serverless job. */
export interface AlgorithmConfig {
  /**
   * The image.
   *
   * @default - the algorithm is named, or the service has it
   */
  readonly image?: ContainerImageConfig;
  /**
   * The name or ARN of an algorithm resource.
   *
   * @default - the image is named, or the service has it
   */
  readonly algorithmName?: string;
  /**
   * What the algorithm resource takes.
   *
   * @default - not known before the deployment
   */
  readonly specification?: AlgorithmSpecification;
  /**
   * Whether the algorithm runs without a network only. A job says so too, unless its props do.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;
  /**
   * What the service is to do by itself.
   *
   * @default - it runs an image or an algorithm
   */
  readonly serverless?: ServerlessJobConfig;
  /**
   * How channels that say nothing themselves hand over their data.
   *
   * @default InputMode.FILE
   */
  readonly inputMode?: InputMode;
  /**
   * The user's code.
   *
   * @default - the image has its code inside
   */
  readonly script?: ScriptConfig;
  /**
   * How much the toolkit that runs the script writes to its log.
   *
   * @default ContainerLogLevel.INFO
   */
  readonly logLevel?: ContainerLogLevel;
  /**
   * How the user's hyperparameters become text.
   *
   * @default - JSON with a script, otherwise as Python writes them
   */
  readonly hyperparameterText?: HyperparameterText;
  /**
   * Hyperparameters that the algorithm itself needs, as text.
   *
   * @default - none
   */
  readonly hyperparameters?: { [name: string]: string };
  /**
   * Whether the user's are among these, as the algorithm wants them.
   *
   * @default false
   */
  readonly includesUserHyperparameters?: boolean;
  /**
   * Metrics that the algorithm is known to report, without a definition.
   *
   * @default - none
   */
  readonly metricNames?: string[];
  /**
   * Metrics to read from the log where the user names none.
   *
   * @default - none
   */
  readonly metricDefinitions?: Metric[];
  /**
   * The command.
   *
   * @default - the image's own
   */
  readonly entrypoint?: string[];
  /**
   * Arguments of the command.
   *
   * @default - none
   */
  readonly arguments?: string[];
  /**
   * Whether metrics are kept as series over time.
   *
   * @default - the service decides
   */
  readonly metricsTimeSeries?: boolean;
}
