import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { S3ChannelOptions } from './channel-options';
import { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import { checkJobName, foundJob } from './found-job';
import { eventfulJob, JobBase, type EventfulJob } from './job-base';
import { JOB_KIND_FACTS } from './limits/job-kinds';
import { detailOfName } from './template/event-detail';
import type { JobOutcome } from './template/job-resource';
import { jobArn } from './template/names';
import { grantRead } from './template/s3-access';
import type { ImportedTransformJobOptions, ITransformJob } from './transform-job';

/** A job made elsewhere. Where it writes is looked up when the stack is deployed, and a job that still runs is waited for. */
export class ImportedTransformJob extends JobBase implements ITransformJob {
  public readonly transformJobName: string;
  public readonly transformJobArn: string;
  private outcome?: JobOutcome<'TransformJob'>;

  public constructor(scope: Construct, id: string, transformJobName: string, public readonly options: ImportedTransformJobOptions = {}) {
    super(scope, id);
    checkJobName(this, 'transformJobName', transformJobName, 'TransformJob');
    this.transformJobName = transformJobName;
    this.transformJobArn = jobArn(this, 'TransformJob', transformJobName);
  }

  /** @internal */
  public get _eventful(): EventfulJob { return eventfulJob('TransformJob', JOB_KIND_FACTS.TransformJob, this.transformJobName, detailOfName('TransformJob', this.transformJobName)); }

  public get outputPath(): string { return this.found.attribute('OutputPath'); }

  public outputData(options: S3ChannelOptions = {}): DataSource { return new FoundOutput(this, options); }

  /** What the deployment finds out of it. */
  public get found(): JobOutcome<'TransformJob'> {
    return this.outcome ??= foundJob(this, 'TransformJob', this.transformJobName);
  }
}

class FoundOutput extends DataSource {
  public constructor(private readonly job: ImportedTransformJob, private readonly options: S3ChannelOptions) { super(); }

  public bind(_job: Construct, grantee: IGrantable): DataSourceConfig {
    const { found } = this.job;
    const [bucketName, prefix] = [found.attribute('OutputBucket'), found.attribute('OutputKey')];
    const bucketArn = Stack.of(this.job).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    const keys = [this.job.options.encryptionKey, this.options.encryptionKey].flatMap((key) => key ?? []);
    grantRead({ bucketName, bucketArn, prefix, keys }, grantee);
    return { s3Uri: `${this.job.outputPath}/`, options: this.options };
  }
}
