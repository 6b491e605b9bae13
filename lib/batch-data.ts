import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { S3ChannelOptions } from './channel-options';
import type { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import { refuse, revisionText } from './request/checks';
import { usable } from './request/kinds';

type Option = keyof S3ChannelOptions;
/** By these a container reads a channel of training. */
const OF_A_CHANNEL: readonly Option[] = ['inputMode', 'contentType', 'compression', 'recordWrapper', 'shuffleSeed', 'distribution', 'instanceGroups', 'acceptEula', 'hubContent'];

/**
 * The data of a job that does not train: objects of S3. What the job has no member for is not left out in silence.
 *
 * @param takes the options of a channel that this kind of job has too
 */
export function batchData(job: Construct, prop: string, data: DataSource, grantee: IGrantable, kind: string, takes: readonly Option[]): DataSourceConfig {
  if (data._isFileSystem) { refuse(job, prop, `be in S3: ${kind} jobs read no file system`, 'a file system'); }
  const bound = boundAs(job, prop, data, grantee);
  const { s3Uri, options, records } = bound;
  if (s3Uri === undefined) { refuse(job, prop, `be in S3: ${kind} jobs read no dataset of a hub`, 'a dataset'); }
  const channel = OF_A_CHANNEL.find((option) => options[option] !== undefined && !takes.includes(option));
  if (channel !== undefined) { refuse(job, `${prop}.${channel}`, 'be left out: it is for channels of training', options[channel]); }
  if (records) { refuse(job, prop, 'be data without a count of records, which is for algorithms that train', 'DataSource.ofRecords'); }
  revisionText(job, `${prop}.revision`, options.revision);
  return bound;
}

/** A data source speaks of `inputs`, as a training job calls them. */
function boundAs(job: Construct, prop: string, data: DataSource, grantee: IGrantable): DataSourceConfig {
  try {
    return usable(job, prop, () => data.bind(job, grantee));
  } catch (error) {
    const [before, message] = [`${job.node.path}: inputs`, (error as Error).message];
    throw message.startsWith(before) ? new Error(`${job.node.path}: ${prop}${message.slice(before.length)}`, { cause: error }) : error;
  }
}
