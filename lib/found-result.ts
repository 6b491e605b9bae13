import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Aws, Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerImage, type ContainerImageConfig } from './container-image';
import { ModelData, type ModelDataConfig } from './model-data';
import { OutputCompression } from './output-location';
import { grantPull } from './template/execution-role';
import { grantRead } from './template/s3-access';
import type { ImportedTrainingJobOptions } from './training-job';

/** What the deployment finds out of a job whose result is known only then: one made elsewhere, or the best of several. Asked for when it is used. */
export type Found = () => { attribute(name: 'ModelArtifacts' | 'ArtifactBucket' | 'ArtifactKey' | 'TrainingImage' | 'ImageRepository'): string };

/** Its artifact, where the deployment finds it. */
export class FoundArtifact extends ModelData {
  public constructor(private readonly job: Construct, private readonly found: Found, private readonly options: ImportedTrainingJobOptions) { super(); }

  public bind(_model: Construct, grantee: IGrantable): ModelDataConfig {
    const found = this.found();
    const isCompressed = this.options.compression !== OutputCompression.NONE;
    const [bucketName, prefix] = [found.attribute('ArtifactBucket'), found.attribute('ArtifactKey')];
    const bucketArn = Stack.of(this.job).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    const keys = this.options.encryptionKey ? [this.options.encryptionKey] : [];
    grantRead({ bucketName, bucketArn, prefix, isObject: isCompressed, keys }, grantee);
    return { s3Uri: found.attribute('ModelArtifacts'), isCompressed };
  }
}

/** The image it was trained in. */
export class FoundImage extends ContainerImage {
  public constructor(private readonly found: Found) { super(); }

  public bind(_scope: Construct, grantee: IGrantable): ContainerImageConfig {
    const found = this.found();
    grantPull(grantee, Fn.join(':', ['arn', Aws.PARTITION, 'ecr', found.attribute('ImageRepository')]));
    return { imageUri: found.attribute('TrainingImage') };
  }
}
