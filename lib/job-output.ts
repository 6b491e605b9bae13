import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { OutputDataOptions } from './channel-options';
import { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import type { OutputLocationConfig } from './output-location';
import { grantRead, placeInBucket, s3Uri } from './template/s3-access';

/** What is known of the output of a job before it has run. */
export interface OutputSource {
  readonly output: OutputLocationConfig;
  /** What the folders of all runs of the job begin with. */
  readonly namePrefix: string;
  /** The job's own name, when it is one made elsewhere. */
  readonly adoptedName?: string;
}

/** The folder that a job writes, as the data of another job. Its address has the name of the run in it. */
export class JobOutput extends DataSource {
  /** @param folder where in the job's own folder its output is */
  public constructor(
    private readonly source: OutputSource, private readonly jobName: string, private readonly folder: string, private readonly ended: () => IDependable,
    private readonly options: OutputDataOptions,
  ) { super(); }

  public bind(_job: Construct, grantee: IGrantable): DataSourceConfig {
    const { output } = this.source;
    const { part, ...options } = this.options;
    grantRuns(this.source, grantee);
    options.encryptionKey?.grantDecrypt(grantee);
    const prefix = `${below(output)}${this.jobName}/${this.folder}${part ?? ''}`;
    return { s3Uri: s3Uri({ bucketName: output.bucket.bucketName, prefix }), options, dependencies: [this.ended()] };
  }
}

const below = ({ prefix }: OutputLocationConfig) => (prefix === '' ? '' : `${prefix}/`);

/** All runs of a job, by what their folders begin with. */
export function grantRuns({ output, namePrefix, adoptedName }: OutputSource, grantee: IGrantable): void {
  const folders = [`${namePrefix}-`, ...(adoptedName === undefined ? [] : [`${adoptedName}/`])];
  folders.forEach((folder) => grantRead(placeInBucket(output.bucket, `${below(output)}${folder}`, output.options.encryptionKey), grantee));
}
