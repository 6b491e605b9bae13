import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { OutputDataOptions } from './channel-options';
import { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import { ModelData, type ModelDataConfig } from './model-data';
import { OutputLocation, type OutputLocationConfig } from './output-location';
import { grantRead, placeInBucket, s3Uri } from './template/s3-access';

/** What is known of an artifact before the job has run. */
export interface ArtifactSource {
  /** Where it may be: of the jobs of a tuning job each has its place, and which of them wins is not known. */
  readonly outputs: readonly OutputLocationConfig[];
  readonly isCompressed: boolean;
  /** What the folders of all runs of the job begin with: one made elsewhere has its own. */
  readonly folders: readonly string[];
  /** Read late: only then the handler is asked for it. */
  readonly uri: () => string;
}

/**
 * The artifact of a training job. What a model may read is named by prefix and not by the job's attribute: the same
 * policy then serves the model of the run before, which answers until the new one does.
 */
export class TrainingJobArtifact extends ModelData {
  public constructor(private readonly source: ArtifactSource) { super(); }

  /** Where the job writes. */
  public get outputLocation(): OutputLocation {
    const { bucket, prefix, options } = this.source.outputs[0];
    return OutputLocation.fromBucket(bucket, prefix, { encryptionKey: options.encryptionKey });
  }

  public bind(_model: Construct, grantee: IGrantable): ModelDataConfig {
    grantRuns(this.source, grantee);
    return { s3Uri: this.source.uri(), isCompressed: this.source.isCompressed };
  }
}

/** The folder that a training job writes, as the data of another job. Its address has the name of the run in it. */
export class TrainingJobOutput extends DataSource {
  public constructor(
    private readonly source: ArtifactSource, private readonly jobName: string, private readonly ended: () => IDependable, private readonly options: OutputDataOptions,
  ) { super(); }

  public bind(_job: Construct, grantee: IGrantable): DataSourceConfig {
    const [output] = this.source.outputs;
    const { part, ...options } = this.options;
    grantRuns(this.source, grantee);
    options.encryptionKey?.grantDecrypt(grantee);
    const prefix = `${below(output)}${this.jobName}/output/${part ?? ''}`;
    return { s3Uri: s3Uri({ bucketName: output.bucket.bucketName, prefix }), options, dependencies: [this.ended()] };
  }
}

const below = ({ prefix }: OutputLocationConfig) => (prefix === '' ? '' : `${prefix}/`);

/** All runs of a job, by what their folders begin with. */
function grantRuns({ outputs, folders }: ArtifactSource, grantee: IGrantable): void {
  for (const output of outputs) { folders.forEach((folder) => grantRead(placeInBucket(output.bucket, `${below(output)}${folder}`, output.options.encryptionKey), grantee)); }
}
