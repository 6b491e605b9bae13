import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { HyperparameterText, type AlgorithmConfig, type AlgorithmContext, type ContainerLogLevel, type ImageAlgorithmOptions, type NamedAlgorithmOptions } from './algorithm-options';
import type { Construct } from 'constructs';
import { InputMode } from './channel-options';
import type { ContainerImage } from './container-image';
import type { Framework, FrameworkAlgorithmOptions } from './framework';
import { boundFramework } from './framework-binding';
import { refuse } from './request/checks';
import { STRUCTURE, checkArgument } from './request/kinds';
import type { Script } from './script';
import type { ServerlessJob } from './serverless-job';

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
    checkArgument('Algorithm.image', 'options', options, STRUCTURE);
    return new ImageAlgorithm(image, options);
  }

  /**
   * An algorithm resource, of one's own or of AWS Marketplace, by its name or ARN: `AlgorithmEstimator` of the Python SDK.
   * It brings its image and metrics along. A model of its result is made by a model package of the algorithm, or of an image that is given.
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
    this.script = options?.script;
    this.logLevel = options?.logLevel;
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
