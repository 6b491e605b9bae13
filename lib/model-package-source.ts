import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModel, CfnModelPackage, CfnModelPackageProps } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import type { ContainerProps } from './container-options';
import { ModelContainer } from './model-container';
import type { ModelData } from './model-data';
import { countInRange, lengthInRange, matches, refuse } from './request/checks';
import { registeredFramework } from './request/framework-rows';
import { algorithmPackageProps } from './template/algorithm-model-package';

/** What containers of a package take and give, and what they run on. */
export interface PackagedContainersOptions {
  /** The MIME types of requests, for instance `text/csv`. */
  readonly contentTypes: string[];
  /** The MIME types of answers. */
  readonly responseTypes: string[];
  /**
   * The instance types that endpoints may have. The first one decides between images of a framework.
   *
   * @default - any in a group; must be given for a package without a group
   */
  readonly endpointInstanceTypes?: string[];
  /**
   * The instance types that transform jobs may have.
   *
   * @default - any in a group; must be given for a package without a group
   */
  readonly transformInstanceTypes?: string[];
  /**
   * What the registry calls the framework, for instance `TENSORFLOW`, `PYTORCH` or `XGBOOST`: what the Inference Recommender goes by.
   *
   * @default - that of the container's `framework`, as the Python SDK calls it (of Hugging Face the one below it); none for an image alone
   */
  readonly frameworkName?: string;
  /**
   * The version of the framework, 3 to 10 characters, for instance `2.6.0`.
   *
   * @default - that of the container's `framework`; none for Scikit-learn, XGBoost and an image alone
   */
  readonly frameworkVersion?: string;
  /**
   * A model that the Inference Recommender knows and that is like this one, for instance `efficientnetb7`.
   *
   * @default - none
   */
  readonly nearestModelName?: string;
  /**
   * The names and shapes of what the model takes, as JSON, for instance `{"input":[1,1024,1024,3]}`; 1 to 16,384 characters. For the Inference Recommender.
   *
   * @default - none
   */
  readonly dataInputConfiguration?: string;
}

/** What is in a package that an algorithm resource is the source of. */
export interface AlgorithmSourceOptions {
  /**
   * The image by which the algorithm serves, which the models of the package may pull then. A product's image is pulled by SageMaker.
   *
   * @default - the models may pull what they are granted elsewhere
   */
  readonly image?: ContainerImage;
}

/** The contents of a model package, ready to be named in a request. */
export interface ModelPackageSourceConfig {
  /**
   * Containers, and what they take.
   *
   * @default - there is an algorithm
   */
  readonly inferenceSpecification?: CfnModelPackage.InferenceSpecificationProperty;
  /**
   * The algorithm and its artifact.
   *
   * @default - there are containers
   */
  readonly sourceAlgorithmSpecification?: CfnModelPackage.SourceAlgorithmSpecificationProperty;
  /**
   * A name for a package without a group that is another for other contents, for a package can't be changed.
   *
   * @default - CloudFormation gives it
   */
  readonly modelPackageName?: string;
  /**
   * What it is, where the user does not say it.
   *
   * @default - nothing is said
   */
  readonly description?: string;
}

/**
 * What is in a model package.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 *
 * @example
 * const group = new ModelPackageGroup(this, 'Group');
 * new ModelPackage(this, 'Package', {
 *   group,
 *   source: ModelPackageSource.containers([{ image, modelData: ModelData.fromBucket(bucket, 'digits/model.tar.gz') }], {
 *     contentTypes: ['text/csv'],
 *     responseTypes: ['application/json'],
 *   }),
 * });
 */
export abstract class ModelPackageSource {
  /** One container, or 2 to 15 of a pipeline: what a `Model` can be made of, but for other packages and many models in one container. */
  public static containers(containers: ContainerProps[], options: PackagedContainersOptions): ModelPackageSource {
    return new Containers(containers, options);
  }

  /**
   * The artifact that an algorithm resource has made, by the name or ARN of the algorithm: it knows the image that serves. `ModelPackage` of the Python
   * SDK with `algorithm_arn`.
   */
  public static algorithm(algorithmName: string, modelData: ModelData, options: AlgorithmSourceOptions = {}): ModelPackageSource {
    return new OfAlgorithm(algorithmName, modelData, options);
  }

  /** Lets the models of the package pull and read what is in it, and says what that is. */
  public abstract bind(modelPackage: Construct, models: IGrantable): ModelPackageSourceConfig;
}

class OfAlgorithm extends ModelPackageSource {
  public constructor(private readonly algorithmName: string, private readonly modelData: ModelData, private readonly options: AlgorithmSourceOptions) { super(); }

  public bind(modelPackage: Construct, models: IGrantable): ModelPackageSourceConfig {
    const { algorithmName, options } = this;
    options.image?.bind(modelPackage, models);
    const { s3Uri, isCompressed, acceptEula, hubContent } = this.modelData.bind(modelPackage, models);
    if (!isCompressed) { refuse(modelPackage, 'source: modelData', 'be one compressed archive for an algorithm', s3Uri); }
    if (acceptEula !== undefined || hubContent !== undefined) { refuse(modelPackage, 'source: modelData', 'be without acceptEula and hubContent for an algorithm', s3Uri); }
    const { modelPackageDescription: description, ...props } = algorithmPackageProps(modelPackage, { algorithmName, modelDataUrl: s3Uri }) as CfnModelPackageProps;
    return { ...props, description } as ModelPackageSourceConfig;
  }
}

class Containers extends ModelPackageSource {
  public constructor(private readonly containers: ContainerProps[], private readonly options: PackagedContainersOptions) { super(); }

  public bind(modelPackage: Construct, models: IGrantable): ModelPackageSourceConfig {
    const { contentTypes, responseTypes, endpointInstanceTypes, transformInstanceTypes } = this.options;
    countInRange(modelPackage, 'source: containers', this.containers, 1, 15);
    for (const [prop, types] of Object.entries({ endpointInstanceTypes, transformInstanceTypes })) {
      types?.forEach((type) => matches(modelPackage, `source: ${prop}`, type, /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'instance types of SageMaker, for instance ml.m5.large'));
    }
    lengthInRange(modelPackage, 'source: frameworkVersion', this.options.frameworkVersion, 3, 10);
    lengthInRange(modelPackage, 'source: dataInputConfiguration', this.options.dataInputConfiguration, 1, 16384);
    return {
      inferenceSpecification: {
        containers: this.containers.map((props, index) => packaged(partOf(modelPackage, this.containers, index), models, props, this.options)),
        supportedContentTypes: contentTypes,
        supportedResponseMimeTypes: responseTypes,
        supportedRealtimeInferenceInstanceTypes: endpointInstanceTypes,
        supportedTransformInstanceTypes: transformInstanceTypes,
      },
    };
  }
}

function packaged(scope: Construct, grantee: IGrantable, props: ContainerProps, options: PackagedContainersOptions): CfnModelPackage.ModelPackageContainerDefinitionProperty {
  for (const prop of ['modelPackage', 'multiModel', 'modelCache'] as const) {
    if (props[prop] !== undefined) { refuse(scope, prop, 'be left out in a model package: a model of the package has it', prop === 'modelPackage' ? 'a package' : props[prop]); }
  }
  const instanceType = options.endpointInstanceTypes?.[0] ?? options.transformInstanceTypes?.[0];
  const { image, environment, modelDataUrl, modelDataSource, containerHostname } = new ModelContainer({ scope, granteeFor: () => grantee, instanceType, isInPackage: true }, props).definition;
  const { hubAccessConfig, ...s3DataSource } = ((modelDataSource as CfnModel.ModelDataSourceProperty | undefined)?.s3DataSource ?? {}) as CfnModel.S3DataSourceProperty;
  if (hubAccessConfig) { refuse(scope, 'modelData: hubContent', 'be left out in a model package, which knows nothing of hubs: say it of a model', (hubAccessConfig as CfnModel.HubAccessConfigProperty).hubContentArn); }
  return {
    image: image!,
    environment: environment as { [name: string]: string } | undefined,
    modelDataUrl,
    modelDataSource: modelDataSource && { s3DataSource },
    containerHostname,
    ...recommended(props, options),
  };
}

/** What the Inference Recommender goes by. */
function recommended({ framework }: ContainerProps, options: PackagedContainersOptions): Partial<CfnModelPackage.ModelPackageContainerDefinitionProperty> {
  const registered = framework && registeredFramework(framework.config);
  const { frameworkName = registered?.name, frameworkVersion = registered?.version, nearestModelName, dataInputConfiguration } = options;
  return {
    framework: frameworkName,
    frameworkVersion,
    nearestModelName,
    modelInput: dataInputConfiguration === undefined ? undefined : { DataInputConfig: dataInputConfiguration },      // the L1 takes it as it is
  };
}

/** One container is the package's own; several have a part of the construct each. */
function partOf(scope: Construct, containers: ContainerProps[], index: number): Construct {
  const { containerName } = containers[index];
  return containers.length === 1 ? scope : new Construct(scope, containerName === undefined ? `Container${index + 1}` : `Container-${containerName}`);
}
