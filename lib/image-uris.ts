import { Token } from 'aws-cdk-lib/core';
import { basePythonUri, imageReference, imageUri } from './images/image-reference';
import { checkName, frameworks, scopesOf, sectionOf } from './images/image-table';
import { supported, UnsupportedImage } from './images/unsupported-image';
import { TEXT, checkArgument } from './request/kinds';

/** What an image of SageMaker is for. */
export enum ImageScope {
  /** Training. */
  TRAINING = 'training',
  /** Inference: endpoints and batch transform. */
  INFERENCE = 'inference',
  /** Inference on Graviton instances; chosen by such an instance type without being named. */
  INFERENCE_GRAVITON = 'inference_graviton',
  /** Inference with an Elastic Inference accelerator; chosen by `acceleratorType` without being named. */
  EIA = 'eia',
  /** Processing. */
  PROCESSING = 'processing',
  /** Monitoring of a model. */
  MONITORING = 'monitoring',
  /** Rules of the debugger. */
  DEBUGGER = 'debugger',
  /** The detailed profiler. */
  DETAILED_PROFILER = 'detailed-profiler',
}

/** Which image of a framework or a built-in algorithm: the arguments of `image_uris.retrieve` of the SageMaker Python SDK. */
export interface ImageUriOptions {
  /**
   * The version of the framework or the algorithm: in full (`2.6.0`), short (`2.6`), or another name of it (`latest`). The tag has it as it is
   * written here. Where there is only one version, any is answered with that one, as the SDK does.
   *
   * @default - the newest of `imageScope`, where that is given or there is no choice
   */
  readonly version?: string;
  /**
   * The version of Python, like `py312`. Left aside by images that don't differ by it.
   *
   * @default - the only one the version has
   */
  readonly pyVersion?: string;
  /**
   * The type of the instances, like `ml.g5.xlarge`, or `local` or `local_gpu`: whether the image is for CPUs, GPUs, Inferentia, Trainium or
   * Graviton. It must be known when the app is synthesized, unless the images don't differ by it.
   *
   * @default - the only kind of processor there is an image for
   */
  readonly instanceType?: string;
  /**
   * The type of an Elastic Inference accelerator, like `ml.eia2.medium`: the image is one of `ImageScope.EIA` then, whatever `imageScope` says.
   *
   * @default - none
   */
  readonly acceleratorType?: string;
  /**
   * What the image is for. Left aside by a framework with images for one purpose only.
   *
   * @default - the only one there is; training, where the same images serve
   */
  readonly imageScope?: ImageScope;
  /**
   * What the tag ends with, like `cu121`, where the table of images doesn't say so itself.
   *
   * @default - what the table says
   */
  readonly containerVersion?: string;
  /**
   * Whether the smdistributed libraries are used, which a few old images have a tag of their own for.
   *
   * @default false
   */
  readonly smdistributed?: boolean;
  /**
   * Of Hugging Face: `pytorch` or `tensorflow` with its version, like `pytorch2.6.0`, while `version` is the one of transformers.
   *
   * @default - required by Hugging Face, left aside by others
   */
  readonly baseFrameworkVersion?: string;
  /**
   * Whether the SageMaker Training Compiler is used, which Hugging Face and PyTorch have images for.
   *
   * @default false
   */
  readonly trainingCompiler?: boolean;
  /**
   * The version of the Neuron SDK in images for Inferentia and Trainium, like `sdk2.18.0`.
   *
   * @default - the newest that the table knows for the version
   */
  readonly sdkVersion?: string;
  /**
   * The tool that inference runs with, `neuron` or `neuronx`, which is in the tag in place of the processor.
   *
   * @default - `neuron` for PyTorch and Hugging Face on Inferentia and Trainium, otherwise none
   */
  readonly inferenceTool?: string;
  /**
   * Whether the image is for a serverless endpoint, which has CPUs only.
   *
   * @default false
   */
  readonly serverless?: boolean;
  /**
   * Takes a version that the table doesn't have as it is written, with the repository and the registry of the newest version that it has.
   *
   * Nothing is guessed: a `pyVersion` must be given where images differ by it, and likewise a `containerVersion` and an `sdkVersion` where tags
   * end with them. Where the tag begins with something longer than the version (`0.36.0-lmi27.0.0-cu130`), the version is all of that. A
   * version that the table has is looked up as always, so that an image stays what it is when a later table has the version.
   *
   * @default false
   */
  readonly unlistedVersion?: boolean;
}

/**
 * URIs of the images that SageMaker has for frameworks and built-in algorithms: what `image_uris.retrieve` of the SageMaker Python SDK answers.
 *
 * They are for a Region that is known. `ContainerImage.fromSageMaker` is the same image in whatever Region the stack is deployed to.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
 *
 * @example
 * const training = ImageUris.retrieve('pytorch', 'eu-west-1', {
 *   version: '2.6', pyVersion: 'py312', instanceType: 'ml.g5.xlarge', imageScope: ImageScope.TRAINING,
 * });
 * const algorithm = ImageUris.retrieve('kmeans', 'eu-west-1');
 */
export class ImageUris {
  /**
   * The URI of the image of a framework or a built-in algorithm in a Region.
   *
   * Throws where the SDK raises an error, and says what there is: frameworks, scopes, versions, versions of Python, processors, Regions.
   *
   * @param framework the name, one of `ImageUris.frameworks()`
   * @param region the Region the image is pulled in
   */
  public static retrieve(framework: string, region: string, options: ImageUriOptions = {}): string {
    checkArgument('ImageUris.retrieve', 'framework', framework, TEXT);
    return imageUri(framework, known(framework, region), options);
  }

  /**
   * The URI of the image that has Python alone. Throws when the Region or the version of Python has none.
   *
   * @param region the Region the image is pulled in
   * @param pyVersion `310` or `38`; `310` if left out
   */
  public static basePython(region: string, pyVersion: string = '310'): string {
    checkArgument('ImageUris.basePython', 'pyVersion', pyVersion, TEXT);
    return basePythonUri(known('sagemaker-base-python', region), pyVersion);
  }

  /** The names of the frameworks and built-in algorithms there are images of. */
  public static frameworks(): string[] {
    return frameworks();
  }

  /** What a framework has images for. Throws when the framework is unknown. */
  public static scopes(framework: string): ImageScope[] {
    checkArgument('ImageUris.scopes', 'framework', framework, TEXT);
    checkName(framework);
    return [...scopesOf(framework).scopes] as ImageScope[];
  }

  /**
   * The versions of a framework that are known, in full; for Hugging Face those of transformers. Throws when the framework or the scope is unknown.
   *
   * @param imageScope what the images are for; may be left out where the images are for one purpose, or the same for all
   */
  public static versions(framework: string, imageScope?: ImageScope): string[] {
    checkArgument('ImageUris.versions', 'framework', framework, TEXT);
    checkName(framework);
    const { shared, scopes } = scopesOf(framework);
    const only = shared || scopes.length === 1 ? scopes[0] : undefined;
    return [...sectionOf(framework, imageScope === undefined && only ? only : supported(framework, 'imageScope', imageScope, scopes)).versions];
  }

  /** The Regions that an image is in. Throws as `retrieve` does. */
  public static regions(framework: string, options: ImageUriOptions = {}): string[] {
    checkArgument('ImageUris.regions', 'framework', framework, TEXT);
    return Object.keys(imageReference(framework, options).accounts);
  }
}

/** A URI has an account in it, which a Region that is known at deployment doesn't tell. */
function known(framework: string, region: string): string {
  if (!Token.isUnresolved(region)) { return region; }
  const rule = 'be known when the app is synthesized (ContainerImage.fromSageMaker is for a stack that knows no Region)';
  throw new UnsupportedImage(framework, 'region', rule, 'a value known at deployment');
}
