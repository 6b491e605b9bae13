import { cp, lstat, mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { parseS3Uri, type S3Folder } from '../s3-folder';
import { unpackArchive } from './archive';
import { JobFailure } from './failure-reason';
import { channelsOf, resourceConfiguration, shareOf, type Host } from './hosts';
import type { Machine } from './machine';
import { inputModeOf } from './pipe-channels';
import { download, downloadPrefix, type S3Source } from './s3-source';
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

  /** What went wrong with a file, in a sentence for those who know the container's paths only. */
  public inside(error: Error): string {
    const { path } = error as NodeJS.ErrnoException;
    const text = error.message.replaceAll(this.base, '/opt/ml');
    // Node says `ENOSPC: no space left on device, write '/some/path'`.
    return path === undefined || path.startsWith(`${this.base}/`) ? text : text.replace(/, \w+ '.*$/s, '');
  }

  public channel(name: string): string {
    return join(this.base, 'input', 'data', name);
  }

  /** Empty folders, as a new container has them. */
  public async make(folders: readonly string[] = [this.code, this.model, this.outputData, this.checkpoints, join(this.base, 'input', 'config'), join(this.base, 'input', 'data')]): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
    for (const folder of [...folders, this.temporary]) { await mkdir(folder, { recursive: true }); }
  }

  /** Puts a folder of this machine at a path of the container, as it is; of a file, a folder with that file. */
  public async link(path: string, from: string): Promise<void> {
    const at = this.here(path);
    if (at === path) { throw new JobFailure(`ClientError: ${path} is not below /opt/ml: a process has no other folder of its own`); }
    await rm(at, { recursive: true, force: true });
    const isFile = (await stat(from)).isFile();
    await mkdir(isFile ? at : dirname(at), { recursive: true });
    await symlink(from, isFile ? join(at, basename(from)) : at);
  }

  /** The three files by which SageMaker tells a training container what it is to do. */
  public async writeConfiguration(request: CreateTrainingJobRequest, host: Host, hosts: readonly Host[], networkInterface = 'eth0'): Promise<void> {
    const files: Readonly<Record<string, unknown>> = {
      'hyperparameters.json': request.HyperParameters ?? {},
      'resourceconfig.json': resourceConfiguration(host, hosts, networkInterface),
      'inputdataconfig.json': Object.fromEntries(channelsOf(request, host).map((channel) => [channel.ChannelName, {
        ContentType: channel.ContentType,
        TrainingInputMode: inputModeOf(request, channel),
        S3DistributionType: channel.DataSource?.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
        RecordWrapperType: channel.RecordWrapperType ?? 'None',
      }])),
    };
    for (const [name, content] of Object.entries(files)) { await writeFile(join(this.base, 'input', 'config', name), JSON.stringify(content)); }
  }

  /**
   * Copies the objects of a host's channels into their folders, but of those that are pipes.
   *
   * @param machine whose own folders need not be copied
   * @throws JobFailure when there are none
   */
  public async downloadChannels({ s3, volumes }: Pick<Machine, 's3' | 'volumes'>, request: CreateTrainingJobRequest, host: Host, hosts: readonly Host[], signal: AbortSignal): Promise<void> {
    for (const channel of channelsOf(request, host).filter((each) => inputModeOf(request, each) !== 'Pipe')) {
      if (volumes?.has(`/opt/ml/input/data/${channel.ChannelName}`) === true) { continue; }
      await download(s3, channel.DataSource?.S3DataSource as S3Source, this.channel(channel.ChannelName as string), signal, shareOf(channel, host, hosts));
    }
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
      if (local !== this.code) { await cp(local, this.code, { recursive: true, verbatimSymlinks: true }); }
    } else {
      await unpackArchive(archive, this.code).catch((error: Error) => { throw new JobFailure(`ClientError: The source code archive ${from} can't be unpacked: ${error.message}`); });
    }
    if (await stat(join(this.code, script.program)).then((file) => file.isFile(), () => false)) { return; }
    throw new JobFailure(`ClientError: The source code ${from} has no file ${script.program}; it has ${(await readdir(this.code)).join(', ') || 'nothing'}`);
  }
}

/** Removes what is in a folder, if there is one. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) { await rm(join(folder, name), { recursive: true, force: true }); }
}

/** Moves what is in a folder to another, links as they are; what that has already stays. */
export async function addFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const there = await lstat(join(to, entry.name)).catch(() => undefined);
    if (there === undefined) { await rename(join(from, entry.name), join(to, entry.name)); } else if (there.isDirectory() && entry.isDirectory()) { await addFolder(join(from, entry.name), join(to, entry.name)); }
  }
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
