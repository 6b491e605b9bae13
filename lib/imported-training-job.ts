import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Aws, Fn, Resource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerImage, type ContainerImageConfig } from './container-image';
import { resultOfAlgorithm } from './algorithm-result';
import { checkJobName, foundJob } from './found-job';
import { Model, type TrainedModelProps } from './model';
import { ModelData, type ModelDataConfig } from './model-data';
import { OutputCompression } from './output-location';
import type { JobOutcome } from './template/job-resource';
import { jobArn } from './template/names';
import { grantPull } from './template/execution-role';
import { grantRead } from './template/s3-access';
import type { ImportedTrainingJobOptions, ITrainingJob } from './training-job';

/**
 * A job made elsewhere: `Estimator.attach` of the Python SDK. What is asked of it is looked up when the stack is
 * deployed, and a job that still runs is waited for.
 */
export class ImportedTrainingJob extends Resource implements ITrainingJob {
  public readonly trainingJobName: string;
  public readonly trainingJobArn: string;
  public readonly modelData: ModelData;
  private outcome?: JobOutcome<'TrainingJob'>;

  public constructor(scope: Construct, id: string, trainingJobName: string, private readonly options: ImportedTrainingJobOptions = {}) {
    super(scope, id);
    checkJobName(this, 'trainingJobName', trainingJobName);
    this.trainingJobName = trainingJobName;
    this.trainingJobArn = jobArn(this, 'TrainingJob', trainingJobName);
    this.modelData = new FoundArtifact(this, options);
  }

  public toModel(id: string, props: TrainedModelProps = {}): Model {
    const { algorithmName } = this.options;
    if (algorithmName !== undefined && !props.image && !props.framework) {
      return new Model(this, id, { ...props, modelPackage: resultOfAlgorithm(this, { algorithmName }, this.modelData) });
    }
    const image = props.image ?? (props.framework ? undefined : new FoundImage(this));
    return new Model(this, id, { modelData: this.modelData, ...props, image });
  }

  /** What the deployment finds out of it. */
  public get found(): JobOutcome<'TrainingJob'> {
    return this.outcome ??= foundJob(this, 'TrainingJob', this.trainingJobName);
  }
}

class FoundArtifact extends ModelData {
  public constructor(private readonly job: ImportedTrainingJob, private readonly options: ImportedTrainingJobOptions) { super(); }

  public bind(_model: Construct, grantee: IGrantable): ModelDataConfig {
    const { found } = this.job;
    const isCompressed = this.options.compression !== OutputCompression.NONE;
    const [bucketName, prefix] = [found.attribute('ArtifactBucket'), found.attribute('ArtifactKey')];
    const bucketArn = Stack.of(this.job).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    const keys = this.options.encryptionKey ? [this.options.encryptionKey] : [];
    grantRead({ bucketName, bucketArn, prefix, isObject: isCompressed, keys }, grantee);
    return { s3Uri: found.attribute('ModelArtifacts'), isCompressed };
  }
}

class FoundImage extends ContainerImage {
  public constructor(private readonly job: ImportedTrainingJob) { super(); }

  public bind(_scope: Construct, grantee: IGrantable): ContainerImageConfig {
    const { found } = this.job;
    grantPull(grantee, Fn.join(':', ['arn', Aws.PARTITION, 'ecr', found.attribute('ImageRepository')]));
    return { imageUri: found.attribute('TrainingImage') };
  }
}
