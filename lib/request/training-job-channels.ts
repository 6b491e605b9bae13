import type { Channel, DataSource, S3DataSource } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { DataSourceConfig } from '../data-source-config';
import type { ScriptConfig } from '../script';
import { refuse } from './checks';

/** The channel that the script comes by where the container can't fetch it, and its folder. */
export const CODE_CHANNEL = 'code';
export const CODE_FOLDER = `/opt/ml/input/data/${CODE_CHANNEL}`;

/** The data of the job by channel, and the script where it comes by one. */
export function channels(
  scope: IConstruct, inputs: { readonly [channel: string]: DataSourceConfig }, isolatedScript: ScriptConfig | undefined, algorithmMode: string | undefined,
): Channel[] | undefined {
  const list = Object.entries(inputs).map(([name, data]): Channel => channel(name, data, modeOf(data, algorithmMode)));
  if (isolatedScript) {
    if (CODE_CHANNEL in inputs) { refuse(scope, 'inputs', `leave the name ${CODE_CHANNEL} to the script, which comes by that channel under network isolation`, CODE_CHANNEL); }
    list.push(channel(CODE_CHANNEL, { s3Uri: isolatedScript.submitDirectory, options: {} }));
  }
  return list.length > 0 ? list : undefined;
}

/** An augmented manifest is a pipe. Where the algorithm's channels are pipes anyway, nothing is said of this one. */
function modeOf({ options, s3DataType }: DataSourceConfig, algorithmMode: string | undefined): Channel['InputMode'] {
  return options.inputMode ?? (s3DataType === 'AugmentedManifestFile' && algorithmMode !== 'Pipe' ? 'Pipe' : undefined);
}

function channel(name: string, data: DataSourceConfig, mode?: Channel['InputMode']): Channel {
  const { options } = data;
  return {
    ChannelName: name,
    DataSource: dataSource(data),
    ContentType: options.contentType,
    CompressionType: options.compression,
    RecordWrapperType: options.recordWrapper,
    InputMode: mode,
    ShuffleConfig: options.shuffleSeed === undefined ? undefined : { Seed: options.shuffleSeed },
  };
}

function dataSource(data: DataSourceConfig): DataSource {
  const { fileSystem, dataset } = data;
  if (fileSystem) {
    return {
      FileSystemDataSource: {
        FileSystemId: fileSystem.fileSystemId,
        FileSystemAccessMode: fileSystem.access,
        FileSystemType: fileSystem.fileSystemType as 'EFS' | 'FSxLustre',
        DirectoryPath: fileSystem.directoryPath,
      },
    };
  }
  return dataset === undefined ? { S3DataSource: s3DataSource(data) } : { DatasetSource: { DatasetArn: dataset } };
}

function s3DataSource({ s3Uri, s3DataType, attributeNames, options }: DataSourceConfig): S3DataSource {
  return {
    S3DataType: s3DataType ?? 'S3Prefix',
    S3Uri: s3Uri,
    S3DataDistributionType: options.distribution ?? 'FullyReplicated',
    AttributeNames: attributeNames,
    InstanceGroupNames: options.instanceGroups,
    ModelAccessConfig: options.acceptEula === undefined ? undefined : { AcceptEula: options.acceptEula },
    HubAccessConfig: options.hubContent === undefined ? undefined : { HubContentArn: options.hubContent },
  };
}
