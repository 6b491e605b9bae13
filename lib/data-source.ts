import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IFileSystem as IElasticFileSystem } from 'aws-cdk-lib/aws-efs';
import type { IFileSystem as ILustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import {
  DataDistribution, FileSystemAccess, InputMode, type AssetChannelOptions, type AugmentedManifestOptions, type DatasetOptions, type FileSystemOptions, type LustreOptions,
  type ManifestOptions, type ModelChannelOptions, type S3ChannelOptions,
} from './channel-options';
import { S3DataType, type DataSourceConfig } from './data-source-config';
import type { ModelData } from './model-data';
import type { RecordOptions, RecordSetOptions } from './record-options';
import { countInRange, hubContentArn, inRange, lengthInRange, refuse } from './request/checks';
import { checkArgument, DATA, STRUCTURE } from './request/kinds';
import { deployedInput } from './template/deployed-input';
import { grantHubContent } from './template/execution-role';
import { reachable } from './template/file-system-access';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';

/**
 * The data of one channel of a job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   inputs: {
 *     train: DataSource.fromBucket(bucket, 'digits/train/', { revision: '2024-05' }),
 *     test: DataSource.fromAsset('data/test'),
 *     images: DataSource.fromManifest(bucket, 'digits/images.manifest', { dataPrefix: 'images/' }),
 *     model: DataSource.fromModelData(ModelData.fromBucket(bucket, 'models/digits/model.tar.gz')),
 *   },
 * });
 */
export abstract class DataSource {
  /** Every object of a bucket whose key begins with the prefix. */
  public static fromBucket(bucket: IBucket, prefix: string = '', options: S3ChannelOptions = {}): DataSource {
    return new BoundData((job, grantee) => objects(job, grantee, placeInBucket(bucket, prefix, options.encryptionKey), options));
  }

  /** Every object whose URI begins like this: `s3://bucket/prefix`, sent to the letter. Throws when it is no such URI. */
  public static fromS3Uri(uri: string, options: S3ChannelOptions = {}): DataSource {
    return new BoundData((job, grantee) => ({
      ...objects(job, grantee, placeOfUri(job, uri, options.encryptionKey) ?? refuse(job, 'inputs', 'have data at s3://bucket/prefix', uri), options), s3Uri: uri,
    }));
  }

  /**
   * A file or a directory of the app, unpacked in a bucket when the app is deployed. File names stay as they are.
   * Old data stay, since a rollback needs them. Up to about 400 MB; what is larger belongs in a bucket of its own.
   *
   * Throws when it does not exist, or a link leads outside the directory.
   */
  public static fromAsset(path: string, options: AssetChannelOptions = {}): DataSource {
    return new BoundData((job, grantee) => uploaded(job, grantee, path, options));
  }

  /**
   * The objects that a manifest names: a JSON list of a common prefix and the rest of each URI.
   * The channel is made of files or a pipe; `InputMode.FAST_FILE` takes no manifest.
   */
  public static fromManifest(bucket: IBucket, key: string, options: ManifestOptions): DataSource {
    return new BoundData((job, grantee) => ({ ...manifest(job, grantee, bucket, key, options), s3DataType: S3DataType.MANIFEST_FILE }));
  }

  /**
   * Records for an algorithm of Amazon's own, in files that a manifest names: what `record_set()` of the Python SDK leaves in S3, and its
   * `RecordSet` stands for. The instances share the files. How many records and features there are tells the algorithm how to take them.
   */
  public static fromRecordSet(bucket: IBucket, manifestKey: string, options: RecordSetOptions): DataSource {
    checkArgument('DataSource.fromRecordSet', 'options', options, STRUCTURE);
    const { numRecords, featureDim, ...rest } = options;
    return DataSource.ofRecords(DataSource.fromManifest(bucket, manifestKey, { ...rest, distribution: rest.distribution ?? DataDistribution.SHARDED_BY_S3_KEY }), { numRecords, featureDim });
  }

  /** Data of which is known what records are in them, for an algorithm of Amazon's own: the `FileSystemRecordSet` of the Python SDK, or any other data. */
  public static ofRecords(data: DataSource, records: RecordOptions): DataSource {
    checkArgument('DataSource.ofRecords', 'data', data, DATA);
    checkArgument('DataSource.ofRecords', 'records', records, STRUCTURE);
    return new BoundData((job, grantee) => {
      for (const name of ['numRecords', 'featureDim'] as const) { inRange(job, `inputs: ${name}`, records[name], 1, Number.MAX_SAFE_INTEGER); }
      return { ...data.bind(job, grantee), records };
    }, data._isFileSystem);
  }

  /**
   * Attributes of each line of a JSON Lines file, objects it refers to among them. It is a pipe, also where the algorithm's
   * other channels are none.
   *
   * Throws when it names no attribute, or more than 16.
   */
  public static fromAugmentedManifest(bucket: IBucket, key: string, options: AugmentedManifestOptions): DataSource {
    return new BoundData((job, grantee) => {
      countInRange(job, 'inputs: attributeNames', options.attributeNames, 1, 16);
      return {
        ...manifest(job, grantee, bucket, key, options),
        s3DataType: S3DataType.AUGMENTED_MANIFEST_FILE,
        attributeNames: options.attributeNames,
      };
    });
  }

  /** Conversations in the Converse format below a prefix, which serverless customization trains a language model with. */
  public static fromConversations(bucket: IBucket, prefix: string, options: S3ChannelOptions = {}): DataSource {
    return new BoundData((job, grantee) => ({
      ...objects(job, grantee, placeInBucket(bucket, prefix, options.encryptionKey), options), s3DataType: S3DataType.CONVERSE,
    }));
  }

  /**
   * A directory of Amazon EFS. The job is in the VPC of the file system, and its security groups may reach it.
   * The channel is made of files: `InputMode.FILE` is the algorithm's. The file system's own policy, where it has one, must let
   * clients mount it without IAM.
   *
   * Throws when the job has no VPC.
   */
  public static fromFileSystem(fileSystem: IElasticFileSystem, options: FileSystemOptions = {}): DataSource {
    return new BoundData((job) => {
      const rules = reachable(connectable(job), fileSystem);
      return mounted(fileSystem.fileSystemId, 'EFS', absolute(options.directory), options, [fileSystem.mountTargetsAvailable, rules]);
    }, true);
  }

  /**
   * A directory of Amazon FSx for Lustre. The job is in a subnet that reaches the file system, and its security groups may.
   * The channel is made of files: `InputMode.FILE` is the algorithm's.
   *
   * Throws when the job has no VPC, and when the mount name is not known.
   */
  public static fromLustre(fileSystem: ILustreFileSystem, options: LustreOptions = {}): DataSource {
    return new BoundData((job) => {
      const mountName = options.mountName ?? (fileSystem as { mountName?: string }).mountName
        ?? refuse(job, 'inputs: mountName', 'be given for a file system made elsewhere', undefined);
      const directory = `/${mountName}${options.directory === undefined ? '' : absolute(options.directory)}`;
      return mounted(fileSystem.fileSystemId, 'FSxLustre', directory, options, [fileSystem, reachable(connectable(job), fileSystem)]);
    }, true);
  }

  /**
   * A dataset of a hub, by its ARN: `arn:<partition>:sagemaker:<region>:<account>:hub-content/<hub>/DataSet/<name>/<version>`.
   * The role may describe exactly this content.
   */
  public static fromDataset(dataset: string, options: DatasetOptions = {}): DataSource {
    return new BoundData((job, grantee) => {
      hubContentArn(job, 'inputs: dataset', dataset, 'a dataset');
      grantHubContent(grantee, dataset);
      return { dataset, options };
    });
  }

  /**
   * The artifact of a model, which training goes on from: incremental training, `model_uri` of the Python SDK, whose
   * channel is called `model`. It may be the `modelData` of another training job: a new run of that job is a new run of
   * this one then. The container gets it as a file, and unpacks it by itself.
   */
  public static fromModelData(modelData: ModelData, options: ModelChannelOptions = {}): DataSource {
    return new BoundData((job, grantee) => {
      const { s3Uri: uri, revision } = modelData.bind(job, grantee);
      return { s3Uri: uri, options: { contentType: MODEL_TYPE, ...options, revision: options.revision ?? revision, inputMode: InputMode.FILE } };
    });
  }

  /**
   * Whether it is reached through a VPC alone.
   *
   * @internal
   */
  public readonly _isFileSystem: boolean = false;

  /** Lets the job read the data and says where they are. */
  public abstract bind(job: Construct, grantee: IGrantable): DataSourceConfig;
}

/** By this type SageMaker knows the channel of a model that training goes on from. */
const MODEL_TYPE = 'application/x-sagemaker-model';

class BoundData extends DataSource {
  public readonly _isFileSystem: boolean;

  public constructor(private readonly how: (job: Construct, grantee: IGrantable) => DataSourceConfig, isFileSystem = false) {
    super();
    this._isFileSystem = isFileSystem;
  }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig { return this.how(job, grantee); }
}

function objects(job: Construct, grantee: IGrantable, place: S3Place, options: S3ChannelOptions): DataSourceConfig {
  grantRead(place, grantee);
  if (options.hubContent !== undefined) {
    hubContentArn(job, 'inputs: hubContent', options.hubContent);
    grantHubContent(grantee, options.hubContent);
  }
  return { s3Uri: s3Uri(place), options };
}

function manifest(job: Construct, grantee: IGrantable, bucket: IBucket, key: string, options: ManifestOptions): DataSourceConfig {
  lengthInRange(job, 'inputs: the key of a manifest', key, 1, 1024);
  grantRead(placeInBucket(options.dataBucket ?? bucket, options.dataPrefix, options.encryptionKey), grantee);
  return objects(job, grantee, { ...placeInBucket(bucket, key, options.encryptionKey), isObject: true }, options);
}

function uploaded(job: Construct, grantee: IGrantable, path: string, options: AssetChannelOptions): DataSourceConfig {
  const { place, contentHash, deployment } = deployed(job, path, options);
  grantRead(place, grantee);
  return { s3Uri: s3Uri(place), options, contentHash, dependencies: [deployment] };
}

function deployed(job: Construct, path: string, options: AssetChannelOptions): ReturnType<typeof deployedInput> {
  try {
    return deployedInput(job, path, options.bucket);
  } catch (error) {
    return refuse(job, 'inputs', `be files that can be uploaded: ${(error as Error).message}`, path);
  }
}

function mounted(fileSystemId: string, fileSystemType: string, directoryPath: string, options: FileSystemOptions, dependencies: IDependable[]): DataSourceConfig {
  const { contentType, revision, access = FileSystemAccess.READ_ONLY } = options;
  return { fileSystem: { fileSystemId, fileSystemType, directoryPath, access }, options: { contentType, revision }, dependencies };
}

const absolute = (directory = '/') => (directory.startsWith('/') ? directory : `/${directory}`);

/** The security groups of the job; a job without a VPC says that it needs one. */
function connectable(job: Construct): IConnectable {
  return { connections: (job as unknown as IConnectable).connections };
}
