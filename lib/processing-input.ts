import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnProcessingJob } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct, IDependable } from 'constructs';
import { batchData } from './batch-data';
import { DataDistribution, InputCompression, InputMode } from './channel-options';
import type { DataSource } from './data-source';
import { S3DataType } from './data-source-config';
import { folderInContainer } from './processing-job-checks';
import { oneOf, refuse } from './request/checks';

/** Where the container finds an input. */
export interface ProcessingInputOptions {
  /**
   * The folder in the container, at most 256 characters.
   *
   * @default - `/opt/ml/processing/input/<name>`
   */
  readonly localPath?: string;
}

/** An input, ready to be named in a template. */
export interface ProcessingInputConfig {
  /** What the job is told. */
  readonly input: CfnProcessingJob.ProcessingInputsObjectProperty;
  /**
   * Which data lie there, by the user's own word.
   *
   * @default - data at the same address count as the same
   */
  readonly revision?: string;
  /**
   * What must have been deployed before the data are there.
   *
   * @default - nothing
   */
  readonly dependencies?: IDependable[];
}

/**
 * Data that a processing job reads. `ProcessingInput` of the Python SDK.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingInput.html
 *
 * @example
 * new ProcessingJob(this, 'Prepare', {
 *   image,
 *   capacity,
 *   inputs: {
 *     raw: ProcessingInput.fromData(DataSource.fromBucket(bucket, 'raw/')),
 *     words: ProcessingInput.fromData(DataSource.fromAsset('data/words.txt'), { localPath: '/opt/ml/processing/words' }),
 *   },
 *   outputs: { clean: ProcessingOutput.toStackBucket() },
 * });
 */
export class ProcessingInput {
  /**
   * Objects of S3, files of the app, a manifest, or what another job has written. They are files in the container, or pipes (`InputMode.PIPE`).
   *
   * Throws, when it is bound, for data that are not in S3, and for options that are for channels of training.
   */
  public static fromData(data: DataSource, options: ProcessingInputOptions = {}): ProcessingInput {
    return new ProcessingInput(data, options);
  }

  private constructor(private readonly data: DataSource, private readonly options: ProcessingInputOptions) {}

  /** Lets the job read the data, and says where they are and where they go. */
  public bind(job: Construct, name: string, grantee: IGrantable): ProcessingInputConfig {
    const prop = `inputs.${name}`;
    if (typeof this.data?.bind !== 'function') { refuse(job, prop, 'be made of a DataSource', this.data); }
    const { localPath = `/opt/ml/processing/input/${name}` } = this.options;
    const { s3Uri, s3DataType = S3DataType.S3_PREFIX, options, dependencies } = batchData(job, prop, this.data, grantee, 'processing', ['inputMode', 'compression', 'distribution']);
    oneOf(job, `${prop}: the type of the data`, s3DataType, [S3DataType.S3_PREFIX, S3DataType.MANIFEST_FILE]);
    oneOf(job, `${prop}.inputMode`, options.inputMode, [InputMode.FILE, InputMode.PIPE]);
    oneOf(job, `${prop}.distribution`, options.distribution, Object.values(DataDistribution));
    oneOf(job, `${prop}.compression`, options.compression, Object.values(InputCompression));
    if (options.compression === InputCompression.GZIP && options.inputMode !== InputMode.PIPE) {
      refuse(job, `${prop}.compression`, 'be left out unless the input is a pipe (InputMode.PIPE)', options.compression);
    }
    folderInContainer(job, `${prop}.localPath`, localPath);
    return {
      input: {
        inputName: name,
        s3Input: {
          s3Uri: s3Uri!, s3DataType, localPath,
          s3InputMode: options.inputMode ?? InputMode.FILE,
          s3DataDistributionType: options.distribution ?? DataDistribution.FULLY_REPLICATED,
          s3CompressionType: options.compression,
        },
      },
      revision: options.revision,
      dependencies,
    };
  }
}
