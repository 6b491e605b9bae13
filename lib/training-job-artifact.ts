import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ModelData, type ModelDataConfig } from './model-data';
import { OutputLocation, type OutputLocationConfig } from './output-location';
import { grantRead, placeInBucket } from './template/s3-access';

/** What is known of an artifact before the job has run. */
export interface ArtifactSource {
  readonly output: OutputLocationConfig;
  readonly isCompressed: boolean;
  /** What the folders of all runs of the job begin with. */
  readonly namePrefix: string;
  /** The job's own name, when it is one made elsewhere. */
  readonly adoptedName?: string;
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
    const { bucket, prefix, options } = this.source.output;
    return OutputLocation.fromBucket(bucket, prefix, { encryptionKey: options.encryptionKey });
  }

  public bind(_model: Construct, grantee: IGrantable): ModelDataConfig {
    const { output, isCompressed, namePrefix, adoptedName } = this.source;
    const below = output.prefix === '' ? '' : `${output.prefix}/`;
    grantRead(placeInBucket(output.bucket, `${below}${namePrefix}-`, output.options.encryptionKey), grantee);
    const s3Uri = this.source.uri();
    if (adoptedName !== undefined) { grantRead(placeInBucket(output.bucket, `${below}${adoptedName}/`, output.options.encryptionKey), grantee); }
    return { s3Uri, isCompressed };
  }
}
