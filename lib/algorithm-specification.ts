import type { IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import type { AlgorithmHyperparameter } from './algorithm-hyperparameter';
import type { InputCompression, InputMode } from './channel-options';
import { ContainerImage } from './container-image';
import type { AlgorithmDescription, ChannelDefinition } from './limits/algorithm-check';
import { checkArgument, checkKinds, MAP_OF_STRUCTURES, STRUCTURE, TEXT, TEXTS } from './request/kinds';

/** What an algorithm takes by a channel. */
export interface AlgorithmChannelOptions {
  /**
   * Whether a job must have the channel.
   *
   * @default false
   */
  readonly required?: boolean;
  /**
   * The MIME types of data, without parameters.
   *
   * @default - any
   */
  readonly contentTypes?: string[];
  /**
   * How data may be compressed. Data that are not compressed pass.
   *
   * @default - in any way
   */
  readonly compressions?: InputCompression[];
  /**
   * How the container may get the data.
   *
   * @default - in any way
   */
  readonly inputModes?: InputMode[];
}

/** What an algorithm takes. */
export interface AlgorithmSpecificationOptions {
  /** The types of instances it runs on. */
  readonly instanceTypes: string[];
  /** Its channels by name. */
  readonly channels: { [channelName: string]: AlgorithmChannelOptions };
  /**
   * Its hyperparameters by name.
   *
   * @default - it has none
   */
  readonly hyperparameters?: { [name: string]: AlgorithmHyperparameter };
  /**
   * Whether it trains on several instances.
   *
   * @default true
   */
  readonly distributed?: boolean;
  /**
   * The names of the metrics it reports, which it brings the definitions of along.
   *
   * @default - none that `metric` of a job could ask for
   */
  readonly metricNames?: string[];
  /**
   * Its image, which the role of a job may pull then. A product's image is pulled by SageMaker.
   *
   * @default - the role may pull what it is granted elsewhere
   */
  readonly image?: ContainerImage;
  /**
   * Its id as a product of AWS Marketplace. A product runs without a network.
   *
   * @default - it is no product
   */
  readonly productId?: string;
}

/**
 * What an algorithm resource takes: instances, channels and hyperparameters.
 *
 * A job of the algorithm is checked against it when the app is synthesized, gets the defaults of its hyperparameters,
 * and network isolation where the algorithm is a product of AWS Marketplace. It is what the Python SDK's
 * `AlgorithmEstimator` asks SageMaker for.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingSpecification.html
 *
 * @example
 * const specification = AlgorithmSpecification.of({
 *   instanceTypes: ['ml.m5.xlarge', 'ml.m5.2xlarge'],
 *   channels: { training: { required: true, contentTypes: ['text/csv'], inputModes: [InputMode.FILE] }, validation: {} },
 *   hyperparameters: { depth: AlgorithmHyperparameter.integer({ min: 1, max: 10, defaultValue: 6 }) },
 * });
 * new TrainingJob(this, 'Train', {
 *   algorithm: Algorithm.fromAlgorithmName('trees', { specification }),
 *   capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
 *   inputs: { training: DataSource.fromBucket(bucket, 'trees/train/') },
 * });
 */
export class AlgorithmSpecification {
  /** Of what is known of the algorithm. */
  public static of(options: AlgorithmSpecificationOptions): AlgorithmSpecification {
    const where = 'AlgorithmSpecification.of';
    checkArgument(where, 'options', options, STRUCTURE);
    checkArgument(where, 'instanceTypes', options.instanceTypes, TEXTS);
    checkArgument(where, 'channels', options.channels, MAP_OF_STRUCTURES);
    checkKinds({ node: { path: where } } as IConstruct, options, { hyperparameters: ['a map of AlgorithmHyperparameter by name', MAP_OF_STRUCTURES[1]], metricNames: TEXTS });
    return new AlgorithmSpecification({
      ProductId: options.productId,
      TrainingSpecification: {
        SupportedTrainingInstanceTypes: [...options.instanceTypes],
        SupportsDistributedTraining: options.distributed ?? true,
        SupportedHyperParameters: Object.entries(options.hyperparameters ?? {}).map(([Name, hyperparameter]) => ({ Name, ...hyperparameter._definition })),
        MetricDefinitions: (options.metricNames ?? []).map((Name) => ({ Name })),
        TrainingChannels: Object.entries(options.channels).map(([name, channel]) => channelDefinition(name, channel)),
      },
    }, options.image);
  }

  /**
   * Of the answer of SageMaker's DescribeAlgorithm, as an object with the members of the API.
   *
   * Throws when it describes no training.
   */
  public static fromDescription(description: { [member: string]: any }): AlgorithmSpecification {
    return AlgorithmSpecification.ofDescription(described(description, 'AlgorithmSpecification.fromDescription', 'an object'));
  }

  /**
   * Of a file that `aws sagemaker describe-algorithm --algorithm-name <name or ARN>` has printed. The app reads it, and asks
   * SageMaker for nothing.
   *
   * Throws when the file does not exist, or describes no algorithm.
   */
  public static fromDescriptionFile(path: string): AlgorithmSpecification {
    const where = 'AlgorithmSpecification.fromDescriptionFile';
    checkArgument(where, 'path', path, TEXT);
    try {
      return AlgorithmSpecification.ofDescription(described(JSON.parse(readFileSync(path, 'utf8')), where, path));
    } catch (error) {
      if ((error as Error).message.startsWith(where)) { throw error; }
      throw new Error(`${where}: path must be a file of JSON, got ${path} (${(error as Error).message})`);
    }
  }

  private static ofDescription(description: AlgorithmDescription): AlgorithmSpecification {
    const image = description.ProductId === undefined ? description.TrainingSpecification?.TrainingImage : undefined;
    return new AlgorithmSpecification(description, image !== undefined && IN_ECR.test(image) ? ContainerImage.fromUri(image) : undefined);
  }

  /**
   * As DescribeAlgorithm says it.
   *
   * @internal
   */
  public readonly _description: AlgorithmDescription;

  /**
   * What the role of a job may pull.
   *
   * @internal
   */
  public readonly _image?: ContainerImage;

  private constructor(description: AlgorithmDescription, image?: ContainerImage) {
    this._description = description;
    this._image = image;
  }

  /** Whether the algorithm is a product of AWS Marketplace, which runs without a network. */
  public get isProduct(): boolean { return this._description.ProductId !== undefined; }

  /** The names of the metrics that the algorithm reports. */
  public get metricNames(): string[] {
    return (this._description.TrainingSpecification?.MetricDefinitions ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name]));
  }
}

function channelDefinition(Name: string, { required, contentTypes, compressions, inputModes }: AlgorithmChannelOptions): ChannelDefinition {
  return { Name, IsRequired: required ?? false, SupportedContentTypes: contentTypes, SupportedCompressionTypes: compressions && ['None', ...compressions], SupportedInputModes: inputModes };
}

/** An image that a role may be granted: `<account>.dkr.ecr.<region>.<suffix>/<repository>...`. */
const IN_ECR = /^[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[^/]+\/.+$/;

const TYPES = ['Integer', 'Continuous', 'Categorical', 'FreeText'];

/** A description that the checks can go by. */
function described(description: unknown, where: string, what: string): AlgorithmDescription {
  const { TrainingSpecification: spec } = (description ?? {}) as { TrainingSpecification?: { [member: string]: any } };
  const wrong = (rule: string, got: unknown): never => { throw new Error(`${where}: ${rule}, got ${String(got)}`); };
  if (typeof spec !== 'object' || spec === null) { return wrong('description must be what `aws sagemaker describe-algorithm` prints, with a TrainingSpecification', what); }
  for (const list of ['SupportedHyperParameters', 'SupportedTrainingInstanceTypes', 'TrainingChannels', 'MetricDefinitions']) {
    if (spec[list] !== undefined && !Array.isArray(spec[list])) { wrong(`TrainingSpecification.${list} must be a list`, JSON.stringify(spec[list])); }
  }
  for (const { Name, Type } of spec.SupportedHyperParameters ?? []) {
    if (!TYPES.includes(Type)) { wrong(`the type of hyperparameter ${Name} must be one of ${TYPES.join(', ')}`, Type); }
  }
  return description as AlgorithmDescription;
}
