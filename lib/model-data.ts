import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { OutputCompression } from './output-location';
import { hubContentArn, oneOf, refuse, revisionText } from './request/checks';
import { BOOLEAN, BUCKET, checkGiven, checkKind, checkOptions, PARAMETER, TEXT, usable } from './request/kinds';
import { grantHubContent } from './template/execution-role';
import { parameterValue } from './template/parameter-value';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';

/** How the artifact of a model is kept. */
export interface ModelDataOptions {
  /**
   * The key the artifact is encrypted with, if it is not the bucket's own.
   *
   * @default - the bucket's key, if it has one
   */
  readonly encryptionKey?: IKey;
  /**
   * Says which artifact lies there, in 1 to 256 characters. One that is overwritten is invisible to a deployment: another revision here runs every
   * job again that reads it, for instance the one that packs a script into it. A model alone takes no notice: SageMaker reads its artifact when
   * instances start.
   *
   * @default - an artifact at the same address counts as the same
   */
  readonly revision?: string;
  /**
   * Whether the license of the model that lies there is agreed to. A gated model of SageMaker JumpStart can't be deployed without; nobody but the user
   * agrees. Not for transform jobs, serverless variants, and many models in one container, which take no such artifacts.
   *
   * @default - nothing is said of a license
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-choose.html
   */
  readonly acceptEula?: boolean;
  /**
   * The ARN of the content of a private hub that the artifact belongs to: `arn:<partition>:sagemaker:<region>:<account>:hub-content/<hub>/<type>/<name>/<version>`.
   * The role may describe exactly this content. Not where `acceptEula` can't be said either, nor in model packages.
   *
   * @default - the artifact belongs to no hub
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceHubAccessConfig.html
   */
  readonly hubContent?: string;
}

/** How an artifact is kept whose address is known. */
export interface S3ModelDataOptions extends ModelDataOptions {
  /**
   * Whether it is compressed: one archive (GZIP), or files as they are (NONE), for instance a single `model.safetensors`.
   *
   * @default - OutputCompression.NONE where the key ends with a slash or is empty, else OutputCompression.GZIP
   */
  readonly compression?: OutputCompression;
}

/** Where the artifact may lie that a parameter names. */
export interface ParameterModelDataOptions extends ModelDataOptions {
  /** The bucket that it is in. What a policy allows must be known when the stack is made, and not only when it is deployed. */
  readonly bucket: IBucket;
  /** What its key begins with, for instance where a training job writes (`output`); an empty text is the whole bucket. */
  readonly prefix: string;
  /**
   * Whether it is one compressed archive, or a folder of files.
   *
   * @default OutputCompression.GZIP
   */
  readonly compression?: OutputCompression;
}

/** The artifact of a model, ready to be named in a request. */
export interface ModelDataConfig {
  /** The object, or the prefix with a slash at its end. */
  readonly s3Uri: string;
  /** Whether it is one compressed archive, or files as they are. */
  readonly isCompressed: boolean;
  /**
   * Whether what is not compressed is one object, and no folder.
   *
   * @default false
   */
  readonly isOneFile?: boolean;
  /**
   * Which artifact lies there, by the user's own word.
   *
   * @default - an artifact at the same address counts as the same
   */
  readonly revision?: string;
  /**
   * Whether its license is agreed to.
   *
   * @default - nothing is said of a license
   */
  readonly acceptEula?: boolean;
  /**
   * The content of a hub that it belongs to, by its ARN.
   *
   * @default - it belongs to no hub
   */
  readonly hubContent?: string;
}

/**
 * The artifact of a model: a `model.tar.gz`, a folder of files, or one file as it is.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 *
 * @example
 * const modelData = ModelData.fromBucket(bucket, 'models/digits/model.tar.gz');
 * new Model(this, 'Model', { image, modelData });
 *
 * @example
 * // a gated model of JumpStart, in SageMaker's bucket
 * new Model(this, 'Llama', {
 *   image,
 *   modelData: ModelData.fromS3Uri('s3://jumpstart-private-cache-prod-eu-west-1/meta-textgeneration/llama-3/artifacts/inference-prepack/v1.0.0/', { acceptEula: true }),
 * });
 *
 * @example
 * // what a stack that trains has published: a new artifact moves the model at the next deployment of this one
 * const published = ssm.StringParameter.fromStringParameterName(this, 'Published', '/digits/artifact');
 * new Model(this, 'Digits', { image, modelData: ModelData.fromSsmParameter(published, { bucket, prefix: 'models/' }) });
 */
export abstract class ModelData {
  /**
   * An object of a bucket, or, where the key ends with a slash, the files below it; an empty key is the whole bucket. Throws when the key begins with a
   * slash.
   */
  public static fromBucket(bucket: IBucket, key: string, options: S3ModelDataOptions = {}): ModelData {
    return new S3ModelData((scope) => {
      if (key.startsWith('/')) { refuse(scope, 'modelData', 'have a key that begins with no slash (an empty one is the whole bucket)', key); }
      return placeInBucket(bucket, key, options.encryptionKey);
    }, options);
  }

  /** By its URI: `s3://bucket/model.tar.gz`, or `s3://bucket/folder/` with the slash, or the whole `s3://bucket/`. Throws when it is no such URI. */
  public static fromS3Uri(uri: string, options: S3ModelDataOptions = {}): ModelData {
    return new S3ModelData((scope) => placeOfUri(scope, uri, options.encryptionKey) ?? refuse(scope, 'modelData', 'be at s3://bucket/key', uri), options);
  }

  /**
   * Whichever artifact a parameter of Systems Manager names by its URI, for instance one that `publishTo` of a training job writes: so a stack that
   * trains and one that serves meet without an export, which can't change while it is in use.
   *
   * In a parameter of another stack or app its value is read anew at each deployment of the stack of the model: `cdk deploy` of that stack moves the model when
   * the parameter has changed, though its template has not. Nothing moves before.
   *
   * Throws when the parameter is made in another stack without a name given, or in another account or Region.
   */
  public static fromSsmParameter(parameter: IStringParameter, options: ParameterModelDataOptions): ModelData {
    return new ParameterModelData(parameter, options);
  }

  /** Lets the model read the artifact and says where it is. */
  public abstract bind(model: Construct, grantee: IGrantable): ModelDataConfig;
}

class S3ModelData extends ModelData {
  public constructor(private readonly place: (scope: Construct) => S3Place, private readonly options: S3ModelDataOptions) { super(); }

  public bind(model: Construct, grantee: IGrantable): ModelDataConfig { return usable(model, 'modelData', () => this.bound(model, grantee)); }

  private bound(model: Construct, grantee: IGrantable): ModelDataConfig {
    const { compression } = this.options;
    const place = this.place(model);
    const isFolder = place.prefix === '' || place.prefix.endsWith('/');
    oneOf(model, 'modelData: compression', compression, [OutputCompression.GZIP, OutputCompression.NONE]);
    if (isFolder && compression === OutputCompression.GZIP) { refuse(model, 'modelData: compression', 'be OutputCompression.NONE for a folder (an archive has a key without a slash at its end)', s3Uri(place)); }
    const isOneFile = !isFolder && compression === OutputCompression.NONE;
    grantRead({ ...place, isObject: !isFolder }, grantee);
    return { s3Uri: s3Uri(place), isCompressed: !isFolder && !isOneFile, isOneFile, ...boundOptions(model, grantee, this.options) };
  }
}

class ParameterModelData extends ModelData {
  public constructor(private readonly parameter: IStringParameter, private readonly options: ParameterModelDataOptions) { super(); }

  public bind(model: Construct, grantee: IGrantable): ModelDataConfig { return usable(model, 'modelData', () => this.bound(model, grantee)); }

  private bound(model: Construct, grantee: IGrantable): ModelDataConfig {
    checkOptions(model, 'modelData: ', this.options, {}, { bucket: BUCKET, prefix: TEXT });
    const { bucket, prefix, encryptionKey, compression } = this.options;
    checkGiven(model, 'modelData: parameter', this.parameter, PARAMETER);
    oneOf(model, 'modelData: compression', compression, [OutputCompression.GZIP, OutputCompression.NONE]);
    const uri = parameterValue(model, this.parameter, (rule, value) => refuse(model, 'modelData: parameter', rule, value));
    grantRead(placeInBucket(bucket, prefix, encryptionKey), grantee);
    return { s3Uri: uri, isCompressed: compression !== OutputCompression.NONE, ...boundOptions(model, grantee, this.options) };
  }
}

function boundOptions(model: Construct, grantee: IGrantable, { revision, acceptEula, hubContent }: ModelDataOptions): Pick<ModelDataConfig, 'revision' | 'acceptEula' | 'hubContent'> {
  checkKind(model, 'modelData: acceptEula', acceptEula, BOOLEAN);
  revisionText(model, 'modelData: revision', revision);
  hubContentArn(model, 'modelData: hubContent', hubContent);
  if (hubContent !== undefined) { grantHubContent(grantee, hubContent); }
  return { revision, acceptEula, hubContent };
}
