import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { AlgorithmSpecification } from './algorithm-specification';
import type { CapacityConfig } from './capacity';
import { InputMode } from './channel-options';
import type { ContainerImage, ContainerImageConfig } from './container-image';
import type { DataSourceConfig } from './data-source';
import type { Framework, FrameworkAlgorithmOptions } from './framework';
import { boundFramework } from './framework-binding';
import type { Hyperparameters } from './hyperparameters';
import type { Metric } from './metric';
import type { OutputLocationConfig } from './output-location';
import { refuse } from './request/checks';
import type { Script, ScriptConfig } from './script';
import type { ServerlessJob, ServerlessJobConfig } from './serverless-job';

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

/**
 * What a training job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AlgorithmSpecification.html
 *
 * @example
 * const image = ContainerImage.fromEcrRepository(repository, '1.0');
 * new TrainingJob(this, 'Train', {
 *   algorithm: Algorithm.image(image, {
 *     script: Script.fromDirectory('src', { entryPoint: 'train.py' }),
 *     inputMode: InputMode.FAST_FILE,
 *   }),
 *   capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
 * });
 */
export abstract class Algorithm {
  /**
   * A script on an image of SageMaker's for a framework: PyTorch, TensorFlow, MXNet, Chainer, Scikit-learn, XGBoost, Hugging Face, or a toolkit for
   * reinforcement learning. The estimators of the Python SDK.
   *
   * Throws when there is no such image for the version, the Python, the Region and the instances, or the distribution doesn't go with them.
   */
  public static framework(framework: Framework, options: FrameworkAlgorithmOptions): Algorithm {
    return new ScriptOnFramework(framework, options);
  }

  /** A container image, with or without code of the user's own. */
  public static image(image: ContainerImage, options: ImageAlgorithmOptions = {}): Algorithm {
    return new ImageAlgorithm(image, options);
  }

  /**
   * An algorithm resource, of one's own or of AWS Marketplace, by its name or ARN: `AlgorithmEstimator` of the Python SDK.
   * It brings its image and metrics along. A model of its result needs an image of its own.
   * The role of a job of one's own algorithm must be allowed to pull the image; it is where the `specification` names it.
   *
   * A job is checked against what the algorithm takes, gets the defaults of hyperparameters it does not say, and runs
   * without a network where the algorithm is a product of AWS Marketplace. With a `specification` that is done at
   * synthesis. Without one, and where a value is not known before, the deployment asks SageMaker for the algorithm
   * before it launches the job; a product needs `networkIsolation: true` then.
   */
  public static fromAlgorithmName(algorithmName: string, options: NamedAlgorithmOptions = {}): Algorithm {
    return new NamedAlgorithm(algorithmName, options);
  }

  /** The customization or evaluation of a language model. Its capacity is `Capacity.serverless()`. */
  public static serverless(job: ServerlessJob): Algorithm {
    return new ServerlessAlgorithm(job);
  }

  /** The image, which a model of the job's result is served with. */
  public abstract readonly containerImage?: ContainerImage;
  /** The user's code, which a model of the job's result is served with. */
  public abstract readonly script?: Script;
  /** The framework, by whose ways a model of the job's result is served. */
  public readonly scriptFramework?: Framework;
  /** How much the toolkit that runs the script writes to its log, also when it serves. */
  public readonly logLevel?: ContainerLogLevel;

  /** Lets the job pull and read what it runs and says what that is. */
  public abstract bind(job: Construct, grantee: IGrantable, context: AlgorithmContext): AlgorithmConfig;
}

class ScriptOnFramework extends Algorithm {
  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;
  public readonly scriptFramework?: Framework;
  public readonly logLevel?: ContainerLogLevel;

  public constructor(framework: Framework, private readonly options: FrameworkAlgorithmOptions) {
    super();
    this.scriptFramework = framework;
    this.script = options.script;
    this.logLevel = options.logLevel;
  }

  public bind(job: Construct, grantee: IGrantable, context: AlgorithmContext): AlgorithmConfig {
    return boundFramework(job, grantee, this.scriptFramework!, this.options, context);
  }
}

class ImageAlgorithm extends Algorithm {
  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;

  public constructor(private readonly image: ContainerImage, private readonly options: ImageAlgorithmOptions) {
    super();
    this.containerImage = image;
    this.script = options.script;
  }

  public bind(job: Construct, grantee: IGrantable, _context: AlgorithmContext): AlgorithmConfig {
    if (this.options.logLevel !== undefined && !this.script) { refuse(job, 'algorithm.logLevel', 'come with script', this.options.logLevel); }
    const script = this.script?.bind(job, grantee);
    if (script && script.contentHash === undefined) { refuse(job, 'algorithm.script', 'be Script.fromDirectory: there is no artifact to find it in yet', 'Script.inModelData'); }
    return {
      image: this.image.bind(job, grantee),
      inputMode: this.options.inputMode ?? InputMode.FILE,
      script,
      logLevel: this.options.logLevel,
      // as the Python SDK has it: the user's own values are JSON only where a whole directory comes along
      hyperparameterText: script?.isSingleFile ? HyperparameterText.PYTHON : undefined,
      entrypoint: this.options.entrypoint,
      arguments: this.options.arguments,
      metricsTimeSeries: this.options.metricsTimeSeries,
    };
  }
}

class NamedAlgorithm extends Algorithm {
  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;

  public constructor(private readonly algorithmName: string, private readonly options: NamedAlgorithmOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable, _context: AlgorithmContext): AlgorithmConfig {
    const { specification, inputMode, metricsTimeSeries } = this.options;
    specification?._image?.bind(job, grantee);
    return {
      algorithmName: this.algorithmName, specification, networkIsolation: specification?.isProduct, metricNames: specification?.metricNames,
      inputMode: inputMode ?? InputMode.FILE, metricsTimeSeries,
    };
  }
}

class ServerlessAlgorithm extends Algorithm {
  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;

  public constructor(private readonly job: ServerlessJob) { super(); }

  public bind(job: Construct, grantee: IGrantable, _context: AlgorithmContext): AlgorithmConfig {
    return { serverless: this.job.bind(job, grantee) };
  }
}
