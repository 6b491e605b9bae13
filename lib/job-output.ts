import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { OutputDataOptions } from './channel-options';
import { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import type { OutputLocationConfig } from './output-location';
import { warnOfRunAcrossStacks } from './template/across-stacks';
import { grantDecrypt, grantRead, placeInBucket, s3Uri } from './template/s3-access';

/** What is known of the output of a job before it has run. */
export interface OutputSource {
  readonly job: Construct;
  /** Where it may be: of the jobs of a tuning job each has its place, and which of them wins is not known. */
  readonly outputs: readonly OutputLocationConfig[];
  /** What the folders of all runs of the job begin with: one made elsewhere has its own. */
  readonly folders: readonly string[];
}

/** The folder that a job writes, as the data of another job. Its address has the name of the run in it. */
export class JobOutput extends DataSource {
  /** @param folder where in the job's own folder its output is */
  public constructor(
    private readonly source: OutputSource, private readonly jobName: string, private readonly folder: string, private readonly ended: () => IDependable,
    private readonly options: OutputDataOptions,
  ) { super(); }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig {
    warnOfRunAcrossStacks(job, this.source.job);
    const [output] = this.source.outputs;
    const { part, ...options } = this.options;
    grantRuns(this.source, grantee);
    if (options.encryptionKey) { grantDecrypt(options.encryptionKey, grantee); }
    const prefix = `${below(output)}${this.jobName}/${this.folder}${part ?? ''}`;
    return { s3Uri: s3Uri({ bucketName: output.bucket.bucketName, prefix }), options, dependencies: [this.ended()] };
  }
}

const below = ({ prefix }: OutputLocationConfig) => (prefix === '' ? '' : `${prefix}/`);

/** All runs of a job, by what their folders begin with. */
export function grantRuns({ outputs, folders }: OutputSource, grantee: IGrantable): void {
  for (const output of outputs) { folders.forEach((folder) => grantRead(placeInBucket(output.bucket, `${below(output)}${folder}`, output.options.encryptionKey), grantee)); }
}
