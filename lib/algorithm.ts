import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ContainerImage, ContainerImageConfig } from './container-image';
import { InputMode } from './data-source';
import { refuse } from './request/checks';
import type { Script, ScriptConfig } from './script';

/** How an image is run. */
export interface ImageAlgorithmOptions {
  /**
   * The user's code, for an image that runs code (script mode). Hyperparameters are sent as JSON then.
   *
   * @default - the image has its code inside
   */
  readonly script?: Script;
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
}

/** An algorithm, ready to be named in a request. */
export interface AlgorithmConfig {
  /** The image. */
  readonly image: ContainerImageConfig;
  /** How channels that say nothing themselves hand over their data. */
  readonly inputMode: InputMode;
  /**
   * The user's code.
   *
   * @default - the image has its code inside
   */
  readonly script?: ScriptConfig;
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
}

/**
 * What a training job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AlgorithmSpecification.html
 */
export abstract class Algorithm {
  /** A container image, with or without code of the user's own. */
  public static image(image: ContainerImage, options: ImageAlgorithmOptions = {}): Algorithm {
    return new ImageAlgorithm(image, options);
  }

  /** The image, which a model of the job's result is served with. */
  public abstract readonly containerImage: ContainerImage;
  /** The user's code, which a model of the job's result is served with. */
  public abstract readonly script?: Script;

  /** Lets the job pull and read what it runs and says what that is. */
  public abstract bind(job: Construct, grantee: IGrantable): AlgorithmConfig;
}

class ImageAlgorithm extends Algorithm {
  public readonly script?: Script;

  public constructor(public readonly containerImage: ContainerImage, private readonly options: ImageAlgorithmOptions) {
    super();
    this.script = options.script;
  }

  public bind(job: Construct, grantee: IGrantable): AlgorithmConfig {
    const script = this.script?.bind(job, grantee);
    if (script && script.contentHash === undefined) { refuse(job, 'algorithm.script', 'be Script.fromDirectory: there is no artifact to find it in yet', 'Script.inModelData'); }
    return {
      image: this.containerImage.bind(job, grantee),
      inputMode: this.options.inputMode ?? InputMode.FILE,
      script,
      entrypoint: this.options.entrypoint,
      arguments: this.options.arguments,
    };
  }
}
