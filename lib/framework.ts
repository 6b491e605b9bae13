import type { ContainerLogLevel } from './algorithm-options';
import type { InputMode } from './channel-options';
import type { ContainerImage } from './container-image';
import type { Distribution } from './distribution';
import type { ModelDir } from './model-dir';
import { TEXT, checkArgument } from './request/kinds';
import type { Script } from './script';

/** What can be said of a framework. */
export interface FrameworkOptions {
  /**
   * The Python of the image, for instance `py310`.
   *
   * @default - the one there is for this version; must be given where there are several
   */
  readonly pyVersion?: string;
  /**
   * An image of one's own, built on the framework's, in place of SageMaker's.
   *
   * @default - SageMaker's image for the version, the Region and the kind of instance
   */
  readonly image?: ContainerImage;
  /**
   * Takes a version that is newer than those known to this library; its image is assumed to be called like those of the newest known version. Whether there
   * is one, the service says.
   *
   * @default false
   */
  readonly unlistedVersion?: boolean;
  /**
   * The end of the image's tag, for instance `cu126-ubuntu22.04`, where an unlisted version has one.
   *
   * @default - as is known of the version
   */
  readonly containerVersion?: string;
}

/** Which images of Hugging Face. */
export interface HuggingFaceOptions extends FrameworkOptions {
  /**
   * The version of Transformers, for instance `4.26.0`. As long as that of PyTorch or TensorFlow: both full, or both short.
   *
   * @default - must be given unless the image is one's own
   */
  readonly transformersVersion?: string;
  /**
   * The version of PyTorch, for instance `1.13.1`.
   *
   * @default - TensorFlow is used; one of the two must be given unless the image is one's own
   */
  readonly pytorchVersion?: string;
  /**
   * The version of TensorFlow.
   *
   * @default - PyTorch is used
   */
  readonly tensorflowVersion?: string;
}

/** How the training compiler works. */
export interface TrainingCompilerOptions {
  /**
   * Whether it writes what it does below `/opt/ml/output/data/compiler/`, which takes time.
   *
   * @default false
   */
  readonly debug?: boolean;
}

/** How a framework runs a script. */
export interface FrameworkAlgorithmOptions {
  /** The script. */
  readonly script: Script;
  /**
   * How the instances, or the processes on one, train together.
   *
   * @default - each by itself
   */
  readonly distribution?: Distribution;
  /**
   * Where TensorFlow keeps its model while it trains, its hyperparameter `model_dir`. For TensorFlow alone.
   *
   * @default - a folder of the job below its output; with MPI the container's /opt/ml/model
   */
  readonly modelDir?: ModelDir;
  /**
   * Compiles the model while it is trained (SageMaker Training Compiler), on an image that has the compiler. For PyTorch, TensorFlow and Hugging Face
   * on some GPU instances.
   *
   * @default - it is not compiled
   */
  readonly trainingCompiler?: TrainingCompilerOptions;
  /**
   * How much the toolkit that runs the script writes to its log.
   *
   * @default ContainerLogLevel.INFO
   */
  readonly logLevel?: ContainerLogLevel;
  /**
   * How the container gets the data of channels that say nothing themselves.
   *
   * @default InputMode.FILE
   */
  readonly inputMode?: InputMode;
  /**
   * Whether metrics are kept as series over time, for SageMaker's own charts.
   *
   * @default - true where the framework's image can (PyTorch 1.3, TensorFlow 1.15, MXNet 1.6, Hugging Face), else the service decides
   */
  readonly metricsTimeSeries?: boolean;
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
}

/** Toolkits for reinforcement learning. */
export enum RlToolkit {
  /** Coach, of Intel. */
  COACH = 'coach',
  /** Ray RLlib. */
  RAY = 'ray',
}

/** Frameworks under a toolkit for reinforcement learning. */
export enum RlFramework {
  /** TensorFlow. */
  TENSORFLOW = 'tensorflow',
  /** MXNet. */
  MXNET = 'mxnet',
  /** PyTorch. */
  PYTORCH = 'pytorch',
}

/** A framework, ready to be looked up. */
export interface FrameworkConfig {
  /** What the Python SDK calls it: `pytorch`, `tensorflow`, `mxnet`, `chainer`, `sklearn`, `xgboost`, `huggingface`, `coach-mxnet` and the like. */
  readonly name: string;
  /**
   * Its version, as it was given.
   *
   * @default - the image is one's own
   */
  readonly version?: string;
  /**
   * The framework below it, with its version, for instance `pytorch1.13.1`. Of Hugging Face alone.
   *
   * @default - there is none
   */
  readonly baseVersion?: string;
  /** Its options. */
  readonly options: FrameworkOptions;
}

/**
 * A framework that SageMaker has images for, by its version, which must be given unless the image is one's own.
 *
 * Which versions there are, and with which Python, for which instances and in which Regions, is the table of the Python SDK 2.257: `ImageUris.versions` lists
 * it, docs/images.md tells of it. A version that it does not have is an error that lists what there is, unless `unlistedVersion` says that it is newer.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pre-built-containers-frameworks-deep-learning.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm: Algorithm.framework(Framework.pytorch('2.6.0'), { script: Script.fromDirectory('src', { entryPoint: 'train.py' }) }),
 *   capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge' }),
 * });
 * new Model(this, 'Model', { framework: Framework.sklearn('1.2-1'), modelData, script: Script.fromFile('inference.py') });
 */
export class Framework {
  /**
   * PyTorch, `PyTorch` and `PyTorchModel` of the Python SDK.
   *
   * Training: 0.4.0 to 2.8.0 are known, for CPU and GPU; there is one image for Trainium, of 1.11.0, which other versions get with a warning.
   * Serving: 0.4.0 to 2.6.0, for CPU and GPU, and 1.12.1 to 2.4.0 for Graviton; for Inferentia the image is given. `py2` up to 1.4.0, `py3` up to
   * 1.8.1, `py36` to `py312` from 1.5.0 on: where there are several, `pyVersion` must be given. Metrics are kept as series from 1.3 on, as the
   * Python SDK asks for.
   */
  public static pytorch(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'pytorch', version, options });
  }

  /**
   * TensorFlow, `TensorFlow` and `TensorFlowModel` of the Python SDK.
   *
   * Training: 1.11 to 2.19.0 are known, for CPU and GPU; Python 2 up to 2.1.1. Serving is TensorFlow Serving's, of 1.11 to 2.19.0 for CPU and GPU and of
   * 2.9.1 to 2.16.1 for Graviton, and has no Python to choose; models of 1.4.1 to 1.10 are served by the images of these. Metrics are kept as series from 1.15 on, as
   * the Python SDK asks for.
   *
   * Throws for jobs of versions up to 1.10, whose images run no scripts.
   */
  public static tensorflow(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'tensorflow', version, options });
  }

  /**
   * MXNet, `MXNet` and `MXNetModel` of the Python SDK. 0.12.1 to 1.9.0, for CPU and GPU, with `py2` or `py3` up to 1.6 and one Python of its own later.
   * Metrics are kept as series from 1.6 on, as the Python SDK asks for.
   */
  public static mxnet(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'mxnet', version, options });
  }

  /**
   * Chainer, `Chainer` and `ChainerModel` of the Python SDK. 4.0.0, 4.1.0 and 5.0.0, for CPU and GPU, with `py2` or `py3`.
   */
  public static chainer(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'chainer', version, options });
  }

  /**
   * Scikit-learn, `SKLearn` and `SKLearnModel` of the Python SDK. 0.20.0 to 1.4-2: the version and, after a dash, that of the image. For CPU, and 1.0-1 for
   * Graviton where it serves; on one instance; `py3`. 1.4-2 is known for training and serves with the image that trained.
   */
  public static sklearn(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'sklearn', version, options });
  }

  /**
   * XGBoost as a framework for scripts, `XGBoost` and `XGBoostModel` of the Python SDK. 0.90-1 to 3.0-5: the version and, after a dash, that of the image. For CPU, from
   * 1.2 on GPU too, and 1.3-1 and 1.5-1 for Graviton where it serves; `py3`. As an algorithm without a script it is `BuiltInAlgorithm.xgboost`.
   *
   * Throws for 1.1, which predicts wrongly with fewer features than it was trained with.
   */
  public static xgboost(version?: string, options: FrameworkOptions = {}): Framework {
    return new Framework({ name: 'xgboost', version, options });
  }

  /**
   * Hugging Face's Transformers, `HuggingFace` and `HuggingFaceModel` of the Python SDK.
   *
   * Training: Transformers 4.4.2 to 4.56.2 are known, on PyTorch or TensorFlow, for GPU. Serving: 4.6.1 to 4.51.3, for CPU and GPU, some for Inferentia. One
   * Python for each pair of versions. Metrics are kept as series, as the Python SDK asks for.
   *
   * Throws when not exactly one of PyTorch and TensorFlow is given, or when the versions of a job are not equally long (those of a model need not be).
   */
  public static huggingFace(options: HuggingFaceOptions): Framework {
    const { transformersVersion, pytorchVersion, tensorflowVersion } = options ?? {};
    const base = tensorflowVersion === undefined ? pytorchVersion && `pytorch${pytorchVersion}` : `tensorflow${tensorflowVersion}`;
    return new Framework({ name: 'huggingface', version: transformersVersion, baseVersion: base, options: options ?? {} });
  }

  /**
   * Reinforcement learning with Coach (0.10 to 1.0.0) or Ray (0.5 to 1.6.0), `RLEstimator` of the Python SDK, for CPU and GPU. Rewards are read from the log, as
   * the Python SDK reads them. A model of Coach is served by the framework below; one of Ray can't be served by itself.
   *
   * Throws when there is no such combination of toolkit, version and framework.
   */
  public static reinforcementLearning(toolkit: RlToolkit, toolkitVersion: string, framework: RlFramework, options: FrameworkOptions = {}): Framework {
    checkArgument('Framework.reinforcementLearning', 'toolkit', toolkit, TEXT);
    checkArgument('Framework.reinforcementLearning', 'framework', framework, TEXT);
    return new Framework({ name: `${toolkit}-${framework}`, version: toolkitVersion, options });
  }

  /** Its name, versions and options. */
  public readonly config: FrameworkConfig;

  private constructor(config: FrameworkConfig) {
    this.config = config;
  }
}
