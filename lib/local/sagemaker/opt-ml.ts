import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Channel, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { parseS3Uri, type S3Folder } from '../s3-folder';
import { pathOfKey } from '../s3-key-path';
import { unpackArchive } from './archive';
import { JobFailure } from './failure-reason';
import type { Script } from './script';

/** The folder tree that a container has at /opt/ml, under a working folder. */
export class OptMl {
  public readonly code: string;
  public readonly model: string;
  public readonly outputData: string;
  public readonly failureFile: string;
  public readonly checkpoints: string;
  /** For what a script writes to the folder for temporary files. */
  public readonly temporary: string;

  constructor(public readonly base: string) {
    this.code = join(base, 'code');
    this.model = join(base, 'model');
    this.outputData = join(base, 'output', 'data');
    this.failureFile = join(base, 'output', 'failure');
    this.checkpoints = join(base, 'checkpoints');
    this.temporary = join(base, 'tmp');
  }

  /** A path of the container, here. Any other text is left alone. */
  public here(path: string): string {
    return path === '/opt/ml' || path.startsWith('/opt/ml/') ? this.base + path.slice('/opt/ml'.length) : path;
  }

  /** An argument of a program: paths of the container in it, here; a command that a shell reads included. */
  public argument(text: string): string {
    return text.replace(/(^|[\s=:,'"])\/opt\/ml(?=$|[/\s:,'"])/g, (_, before: string) => before + this.base);
  }

  public channel(name: string): string {
    return join(this.base, 'input', 'data', name);
  }

  /** Empty folders, as a new container has them. */
  public async make(folders: readonly string[] = [this.code, this.model, this.outputData, this.checkpoints, join(this.base, 'input', 'config'), join(this.base, 'input', 'data')]): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
    for (const folder of [...folders, this.temporary]) { await mkdir(folder, { recursive: true }); }
  }

  /** The three files by which SageMaker tells a training container what it is to do. */
  public async writeConfiguration(request: CreateTrainingJobRequest): Promise<void> {
    const host = 'algo-1';
    const type = request.ResourceConfig?.InstanceType ?? request.ResourceConfig?.InstanceGroups?.[0]?.InstanceType;
    const group = request.ResourceConfig?.InstanceGroups?.[0]?.InstanceGroupName ?? 'homogeneousCluster';
    const mode = request.AlgorithmSpecification?.TrainingInputMode;
    const files: Readonly<Record<string, unknown>> = {
      'hyperparameters.json': request.HyperParameters ?? {},
      'resourceconfig.json': {
        current_host: host,
        current_instance_type: type,
        current_group_name: group,
        hosts: [host],
        instance_groups: [{ instance_group_name: group, instance_type: type, hosts: [host] }],
        network_interface_name: 'eth0',
      },
      'inputdataconfig.json': Object.fromEntries((request.InputDataConfig ?? []).map((channel) => [channel.ChannelName, {
        ContentType: channel.ContentType,
        TrainingInputMode: channel.InputMode ?? mode,
        S3DistributionType: channel.DataSource?.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
        RecordWrapperType: channel.RecordWrapperType ?? 'None',
      }])),
    };
    for (const [name, content] of Object.entries(files)) { await writeFile(join(this.base, 'input', 'config', name), JSON.stringify(content)); }
  }

  /**
   * Copies a channel's objects into its folder.
   *
   * @throws JobFailure when there are none
   */
  public downloadChannel(s3: S3Folder, channel: Channel, signal: AbortSignal): Promise<void> {
    return download(s3, channel.DataSource?.S3DataSource as S3Source, this.channel(channel.ChannelName as string), signal);
  }

  /**
   * Brings a script's archive to /opt/ml/code.
   *
   * @throws JobFailure when it can't be had
   */
  public async bringCode(s3: S3Folder, script: Script): Promise<void> {
    const from = script.directory ?? '/opt/ml/code';
    const local = this.here(from);
    const s3Uri = parseS3Uri(from);
    const archive = s3Uri === undefined ? local : s3.pathOf(s3Uri.bucket, s3Uri.key);
    const info = await stat(archive).catch(() => undefined);
    if (info === undefined || (s3Uri !== undefined && !info.isFile())) {
      throw new JobFailure(`ClientError: Failed to download the source code from ${from}: there is no such ${s3Uri === undefined ? 'file' : 'object'}`);
    }
    if (info.isDirectory()) {
      if (local !== this.code) { await cp(local, this.code, { recursive: true }); }
    } else {
      await unpackArchive(archive, this.code).catch((error: Error) => { throw new JobFailure(`ClientError: The source code archive ${from} can't be unpacked: ${error.message}`); });
    }
    if (await stat(join(this.code, script.program)).then((file) => file.isFile(), () => false)) { return; }
    throw new JobFailure(`ClientError: The source code ${from} has no file ${script.program}; it has ${(await readdir(this.code)).join(', ') || 'nothing'}`);
  }
}

/** Where data are, as training channels and inputs of processing and transform jobs say it. */
export interface S3Source {
  readonly S3Uri?: string;
  readonly S3DataType?: string;
}

/** An object of a source. */
export interface S3SourceObject {
  readonly bucket: string;
  readonly key: string;
  /** Its path below the source. */
  readonly name: string;
}

/**
 * Copies a source's objects into a folder.
 *
 * @throws JobFailure when there are none
 */
export async function download(s3: S3Folder, source: S3Source, folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { bucket, key, name } of await objectsOf(s3, source)) {
    signal.throwIfAborted();
    await copyTo(s3.pathOf(bucket, key), join(folder, ...pathOfKey(name)));
  }
}

/** @throws JobFailure when there are none */
export async function objectsOf(s3: S3Folder, source: S3Source): Promise<S3SourceObject[]> {
  const uri = source.S3Uri as string;
  const objects = source.S3DataType === 'ManifestFile' ? await objectsOfManifest(s3, uri) : await objectsBelow(s3, uri);
  if (objects.length === 0 && source.S3DataType !== 'ManifestFile') { throw new JobFailure(nothingFound(uri)); }
  return objects;
}

/** A manifest is `[{"prefix": "s3://…/"}, "key", …]`: keys relative to the prefix, which are paths in the source. */
async function objectsOfManifest(s3: S3Folder, uri: string): Promise<S3SourceObject[]> {
  const manifest = await readObject(s3, uri).catch(() => { throw new JobFailure(nothingFound(uri)); });
  let entries: unknown;
  try {
    entries = JSON.parse(manifest.toString());
  } catch {
    throw new JobFailure(`ClientError: Data download failed: the manifest ${uri} is not JSON`);
  }
  const [first, ...names] = Array.isArray(entries) ? entries as [{ prefix?: string }, ...string[]] : [];
  const prefix = parseS3Uri(first?.prefix ?? '');
  if (prefix === undefined) { throw new JobFailure(`ClientError: Data download failed: the manifest ${uri} does not begin with {"prefix": "s3://..."}`); }
  const objects = names.map((name) => ({ bucket: prefix.bucket, key: prefix.key + name, name }));
  for (const { bucket, key } of objects) {
    if (!await s3.exists(bucket, key)) { throw new JobFailure(`ClientError: Data download failed: NoSuchKey s3://${bucket}/${key}`); }
  }
  return objects;
}

/** What is below a prefix, whose last part need not be a folder, as S3Prefix means it. */
async function objectsBelow(s3: S3Folder, uri: string): Promise<S3SourceObject[]> {
  const { bucket, key: prefix } = parseS3Uri(uri) as { bucket: string; key: string };
  const objects = await s3.list(bucket, prefix).catch(() => []);
  // What consoles make for an empty folder ends in a slash.
  return objects.filter(({ key }) => !key.endsWith('/')).map(({ key }) => {
    const rest = key.slice(prefix.length).replace(/^\//, '');
    // A prefix that is itself a key, or that ends within a name: the file keeps its name.
    return { bucket, key, name: rest === '' || !(prefix === '' || prefix.endsWith('/') || key[prefix.length] === '/') ? key.slice(prefix.lastIndexOf('/') + 1) : rest };
  });
}

/** Copies what is below a prefix; answers how many objects. */
export async function downloadPrefix(s3: S3Folder, uri: string, folder: string, signal?: AbortSignal): Promise<number> {
  const objects = await objectsBelow(s3, uri);
  for (const { bucket, key, name } of objects) {
    signal?.throwIfAborted();
    await copyTo(s3.pathOf(bucket, key), join(folder, ...pathOfKey(name)));
  }
  return objects.length;
}

/** Removes what is in a folder, if there is one. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) { await rm(join(folder, name), { recursive: true, force: true }); }
}

export async function uploadFolder(s3: S3Folder, folder: string, uri: string): Promise<number> {
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const to = `s3://${bucket}/${key.replace(/\/?$/, '/')}${entry.name}`;
    if (entry.isDirectory()) {
      count += await uploadFolder(s3, path, to);
    } else if (entry.isFile()) {
      await s3.put(bucket, (parseS3Uri(to) as { key: string }).key, createReadStream(path));
      count += 1;
    }
  }
  return count;
}

/** Brings a model's artifact to a folder. */
export async function bringModel(s3: S3Folder, uri: string, compressed: boolean, folder: string): Promise<void> {
  const failed = (why: string) => new JobFailure(`Failed to download model data from URL: "${uri}". ${why}`);
  const missing = failed('Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object.');
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  if (!compressed) {
    if (await downloadPrefix(s3, uri, folder) === 0) { throw missing; }
    return;
  }
  if (!await s3.exists(bucket, key)) { throw missing; }
  await unpackArchive(s3.pathOf(bucket, key), folder).catch((error: Error) => { throw failed(`It can't be unpacked: ${error.message}`); });
}

async function readObject(s3: S3Folder, uri: string): Promise<Buffer> {
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  return s3.get(bucket, key);
}

async function copyTo(file: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(file, to);
}

const nothingFound = (uri: string) => `ClientError: Data download failed: No S3 objects found under S3 URL "${uri}" given in input data source. `
  + 'Please ensure that the bucket exists in the selected region, and that objects exist under that S3 prefix.';
