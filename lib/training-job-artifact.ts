import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { grantRuns, type OutputSource } from './job-output';
import { ModelData, type ModelDataConfig } from './model-data';
import { OutputLocation } from './output-location';
import { warnOfRunAcrossStacks } from './template/across-stacks';

/** What is known of an artifact before the job has run. */
export interface ArtifactSource extends OutputSource {
  readonly isCompressed: boolean;
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

  public bind(model: Construct, grantee: IGrantable): ModelDataConfig {
    warnOfRunAcrossStacks(model, this.source.job);
    grantRuns(this.source, grantee);
    return { s3Uri: this.source.uri(), isCompressed: this.source.isCompressed };
  }
}
