import { urlSuffixOf } from '../limits/partitions';
import { call, list, literal, name, object, optional, type Code } from './code';
import { bucket, groups, placeOf } from './elsewhere';
import type { Program } from './program';
import type { Tree } from './tree';
import { Unexpressible } from './unexpressible';
import { member, told } from './values';

/** A channel as code, and what the library makes of it. */
export interface FoundChannel {
  readonly code: Code;
  readonly made: Tree;
}

const MODEL_TYPE = 'application/x-sagemaker-model';

/** The data of a channel; undefined for data that the library has no words for. */
export function channelSource(program: Program, channel: Tree, algorithmMode: string, vpc: Tree | undefined): FoundChannel | undefined {
  const { S3DataSource: s3, FileSystemDataSource: files, DatasetSource: dataset } = channel.DataSource ?? {};
  if (files) { return fileSystem(program, channel, files, vpc); }
  if (dataset) {
    const inputMode = told('InputMode', channel.InputMode);
    return {
      code: call('DataSource.fromDataset', literal(dataset.DatasetArn), object({ inputMode: member('InputMode', inputMode), contentType: optional(channel.ContentType) })),
      made: { ChannelName: channel.ChannelName, DataSource: { DatasetSource: { DatasetArn: dataset.DatasetArn } }, ContentType: channel.ContentType, InputMode: inputMode },
    };
  }
  return s3 && (modelData(program, channel, s3) ?? objects(program, channel, s3, algorithmMode));
}

/** The artifact that training goes on from. */
function modelData(program: Program, channel: Tree, s3: Tree): FoundChannel | undefined {
  const { S3DataType, S3Uri, S3DataDistributionType, InstanceGroupNames, ...others } = s3;
  const place = placeOf(S3Uri);
  const isPlain = S3DataType === 'S3Prefix' && S3DataDistributionType === 'FullyReplicated' && Object.keys(others).length === 0;
  if (channel.ContentType !== MODEL_TYPE || channel.InputMode !== 'File' || !isPlain || !place?.hasSlash || place.prefix.startsWith('/')) { return undefined; }
  const data = call('ModelData.fromBucket', bucket(program, place.bucket), literal(place.prefix));
  return {
    code: call('DataSource.fromModelData', data, object({ instanceGroups: optional(InstanceGroupNames) })),
    made: { ChannelName: channel.ChannelName, DataSource: { S3DataSource: { S3DataType, S3Uri, S3DataDistributionType, InstanceGroupNames } }, ContentType: MODEL_TYPE, InputMode: 'File' },
  };
}

function objects(program: Program, channel: Tree, s3: Tree, algorithmMode: string): FoundChannel | undefined {
  const place = placeOf(s3.S3Uri);
  if (!place) { return undefined; }
  const said = {
    inputMode: told('InputMode', channel.InputMode), compression: told('InputCompression', channel.CompressionType), recordWrapper: told('RecordWrapper', channel.RecordWrapperType),
    distribution: told('DataDistribution', s3.S3DataDistributionType),
  };
  const options = {
    inputMode: member('InputMode', said.inputMode),
    contentType: optional(channel.ContentType),
    compression: member('InputCompression', said.compression),
    recordWrapper: member('RecordWrapper', said.recordWrapper),
    shuffleSeed: optional(channel.ShuffleConfig?.Seed),
    distribution: said.distribution === 'FullyReplicated' ? undefined : member('DataDistribution', said.distribution),
    instanceGroups: s3.InstanceGroupNames?.length > 0 ? literal(s3.InstanceGroupNames) : undefined,
    acceptEula: optional(s3.ModelAccessConfig?.AcceptEula),
    hubContent: optional(s3.HubAccessConfig?.HubContentArn),
  };
  const mode = said.inputMode ?? (s3.S3DataType === 'AugmentedManifestFile' ? 'Pipe' : algorithmMode);
  if (said.compression === 'Gzip' && mode !== 'Pipe') { throw new Unexpressible(`InputDataConfig: the channel ${channel.ChannelName} is compressed (CompressionType) and no pipe (${mode}), which the service refuses`); }
  const code = sourceOf(program, s3, place, options);
  const isAugmented = s3.S3DataType === 'AugmentedManifestFile';
  return code && {
    code,
    made: {
      ChannelName: channel.ChannelName,
      DataSource: {
        S3DataSource: {
          S3DataType: s3.S3DataType, S3Uri: s3.S3Uri, S3DataDistributionType: said.distribution ?? 'FullyReplicated', AttributeNames: isAugmented ? s3.AttributeNames : undefined,
          InstanceGroupNames: s3.InstanceGroupNames, ModelAccessConfig: s3.ModelAccessConfig, HubAccessConfig: s3.HubAccessConfig,
        },
      },
      ContentType: channel.ContentType,
      CompressionType: said.compression,
      RecordWrapperType: said.recordWrapper,
      InputMode: said.inputMode ?? (isAugmented && algorithmMode !== 'Pipe' ? 'Pipe' : undefined),
      ShuffleConfig: channel.ShuffleConfig,
    },
  };
}

type Place = NonNullable<ReturnType<typeof placeOf>>;

function sourceOf(program: Program, s3: Tree, place: Place, options: { readonly [option: string]: Code | undefined }): Code | undefined {
  const in_ = () => bucket(program, place.bucket);
  switch (s3.S3DataType) {
    case 'S3Prefix':
      if (!place.hasSlash) { return call('DataSource.fromS3Uri', literal(s3.S3Uri), object(options)); }
      return call('DataSource.fromBucket', in_(), place.prefix === '' && !object(options) ? undefined : literal(place.prefix), object(options));
    case 'Converse': return place.hasSlash ? call('DataSource.fromConversations', in_(), literal(place.prefix), object(options)) : undefined;
    case 'ManifestFile': case 'AugmentedManifestFile': {
      if (place.prefix === '') { return undefined; }
      const folder = place.prefix.replace(/[^/]*$/, '');
      program.note(`dataPrefix of ${s3.S3Uri}: the request doesn't say where the objects lie that the manifest names; the manifest's own folder is taken for it. A role of the app may read what is there`);
      const isAugmented = s3.S3DataType === 'AugmentedManifestFile';
      if (isAugmented && !(s3.AttributeNames?.length > 0)) { return undefined; }
      return call(isAugmented ? 'DataSource.fromAugmentedManifest' : 'DataSource.fromManifest', in_(), literal(place.prefix),
        object({ dataPrefix: literal(folder), attributeNames: isAugmented ? literal(s3.AttributeNames) : undefined, ...options }));
    }
    default: return undefined;
  }
}

function fileSystem(program: Program, channel: Tree, files: Tree, vpc: Tree | undefined): FoundChannel | undefined {
  const { FileSystemId: id, FileSystemType: type, FileSystemAccessMode: mode = 'ro', DirectoryPath: path } = files;
  if (!vpc) { throw new Unexpressible(`InputDataConfig: the channel ${channel.ChannelName} is on the file system ${id}, which is reached through a VPC, and the job has none (VpcConfig)`); }
  if (typeof path !== 'string' || !path.startsWith('/') || !['EFS', 'FSxLustre'].includes(type) || !told('FileSystemAccess', mode)) { return undefined; }
  const [, mountName, below] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (type === 'FSxLustre' && mountName === undefined) { return undefined; }
  const [securityGroup] = groups(program, vpc);
  const { region = '' } = program.target;
  program.note(`${id}: the request doesn't say which security group the file system has; the job's is taken for it, and no rule is made`);
  const code = program.shared('FileSystem', id, id, (constructId) => (type === 'EFS'
    ? call('FileSystem.fromFileSystemAttributes', name('this'), literal(constructId), object({ fileSystemId: literal(id), securityGroup }))
    : call('LustreFileSystem.fromLustreFileSystemAttributes', name('this'), literal(constructId), object({ fileSystemId: literal(id), dnsName: literal(`${id}.fsx.${region}.${urlSuffixOf(region)}`), securityGroup }))));
  const access = mode === 'ro' ? undefined : member('FileSystemAccess', mode);
  const contentType = optional(channel.ContentType);
  return {
    code: type === 'EFS'
      ? call('DataSource.fromFileSystem', code, object({ directory: path === '/' ? undefined : literal(path), access, contentType }))
      : call('DataSource.fromLustre', code, object({ mountName: literal(mountName), directory: optional(below), access, contentType })),
    made: {
      ChannelName: channel.ChannelName, ContentType: channel.ContentType,
      DataSource: { FileSystemDataSource: { FileSystemId: id, FileSystemAccessMode: mode, FileSystemType: type, DirectoryPath: path } },
    },
  };
}

/** The channels as the prop `inputs`; a channel that can't be said is left to the overrides, which have the list as a whole. */
export function inputsOf(program: Program, channels: readonly Tree[], algorithmMode: string, vpc: Tree | undefined): { readonly code?: Code; readonly made: readonly Tree[] } {
  const found = channels.map((channel) => [channel.ChannelName as string, channelSource(program, channel, algorithmMode, vpc)] as const);
  const said = found.filter((each): each is [string, FoundChannel] => each[1] !== undefined);
  return { code: object(Object.fromEntries(said.map(([channel, { code }]) => [channel, code]))), made: said.map(([, { made }]) => made) };
}

export const texts = (values: unknown): Code | undefined => (Array.isArray(values) && values.length > 0 ? list(values.map(literal)) : undefined);
