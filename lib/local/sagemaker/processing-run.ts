import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateProcessingJobRequest, ProcessingS3Input, ProcessingS3Output } from '@aws-sdk/client-sagemaker';
import type { Containers } from '../containers/containers';
import { ContinuousUpload } from './continuous-upload';
import { cutAtEnd, LONGEST_REASON } from './failure-reason';
import type { HostLogs } from './host-logs';
import { hostsOfProcessing, resourceConfiguration, shareAmong, type Host } from './hosts';
import { JobContainers, takeOver } from './job-containers';
import type { RunEnd } from './jobs';
import { isAsMade, letRead, readLeft } from './left-files';
import type { Machine } from './machine';
import { emptyFolder, OptMl } from './opt-ml';
import { checkProcessingAsProcess } from './processing-job-rules';
import { finishUpload, noFolder, noteLeftOut } from './output-words';
import { processingProgram } from './processing-program';
import { ProgramRun, type Program } from './program-run';
import { download, uploadFolder } from './s3-source';
import { imageToRun } from './where-to-run';

export interface ProcessingEnd extends RunEnd {
  /** What the program has written to /opt/ml/output/message. */
  readonly exitMessage?: string;
}

/** One execution of a processing job, in containers or as a process. */
export class ProcessingRun extends ProgramRun<ProcessingEnd> {
  private readonly hosts: readonly Host[];
  /** Of each host. */
  private readonly folders: readonly OptMl[];
  private image?: string;
  private containers?: JobContainers;
  private readonly uploads: Array<{ readonly upload: ContinuousUpload; readonly path: string }> = [];

  constructor(
    private readonly name: string,
    private readonly arn: string,
    private readonly request: CreateProcessingJobRequest,
    machine: Machine,
    logs: HostLogs,
    private readonly folder: string,
  ) {
    super(machine, logs);
    this.hosts = hostsOfProcessing(request);
    this.folders = this.hosts.map((host, index) => new OptMl(join(folder, ...index === 0 ? [] : [host.name], 'opt', 'ml')));
  }

  protected async prepare(): Promise<readonly Program[]> {
    const { request, machine, abort: { signal } } = this;
    this.image = await imageToRun({
      machine, signal, whose: 'ClientError: ', imageUri: request.AppSpecification?.ImageUri as string, checkAsProcess: () => checkProcessingAsProcess(request, machine), log: (line) => this.logs.note(line),
    });
    this.containers = this.image === undefined ? undefined : await this.openContainers(this.image);
    await this.takeOver();
    await emptyFolder(this.folder);
    for (const [index, host] of this.hosts.entries()) { await this.bringInputs(host, this.folders[index] as OptMl); }
    signal.throwIfAborted();
    return this.containers === undefined ? [await this.process()] : this.programs(this.containers);
  }

  protected async leave(failure: string | undefined): Promise<ProcessingEnd> {
    const failed: string[] = [];
    const isWhole = failure === undefined && !this.stopped;
    await this.takeOver();
    // What is uploaded all along is there even of a job that did not come to its end.
    for (const { upload, path } of this.uploads) { failed.push(...await finishUpload(upload, path, this.logs)); }
    for (const { S3UploadMode: mode, LocalPath: path, S3Uri: uri } of isWhole ? this.outputs : []) {
      for (const ml of mode === 'Continuous' ? [] : this.folders) { await this.upload(ml, path as string, uri as string).catch((error: Error) => failed.push(ml.inside(error))); }
    }
    const messages = await Promise.all(this.folders.map((ml) => readLeft(ml.here('/opt/ml/output/message'))));
    const message = messages.find((each) => each !== '');
    await rm(this.folder, { recursive: true, force: true });
    return { reason: failure ?? (failed.length === 0 ? undefined : cutAtEnd(`ClientError: Output upload failed: ${failed.join('; ')}`, LONGEST_REASON)), exitMessage: message?.slice(0, LONGEST_MESSAGE) };
  }

  protected override async release(): Promise<void> {
    for (const { upload } of this.uploads) { await upload.stop(); }
    await this.containers?.close();
  }

  private async upload(ml: OptMl, path: string, uri: string): Promise<void> {
    const folder = ml.here(path);
    if (!await isAsMade(folder, ml.base)) { this.logs.note(noFolder(path)); return; }
    noteLeftOut(this.logs, path, await uploadFolder(this.machine.s3, folder, uri));
  }

  private async bringInputs(host: Host, ml: OptMl): Promise<void> {
    const { request, machine: { s3 }, hosts, abort: { signal } } = this;
    await ml.make([ml.here('/opt/ml/processing'), ml.here('/opt/ml/config'), ml.here('/opt/ml/output')]);
    await this.writeConfiguration(host, ml);
    for (const { S3Input: input } of request.ProcessingInputs ?? []) {
      const share = input?.S3DataDistributionType === 'ShardedByS3Key' ? shareAmong(host, hosts) : undefined;
      await download(s3, input as ProcessingS3Input, ml.here(input?.LocalPath as string), signal, share);
    }
    for (const { LocalPath: path, S3Uri: uri, S3UploadMode: mode } of this.outputs) {
      const folder = ml.here(path as string);
      await mkdir(folder, { recursive: true });
      if (mode === 'Continuous') { this.uploads.push({ upload: await ContinuousUpload.start({ s3, folder, uri: uri as string }), path: path as string }); }
    }
  }

  private process(): Promise<Program> {
    const { request, machine, folder, abort: { signal } } = this;
    return processingProgram({ request, machine, log: this.logs.host((this.hosts[0] as Host).name), folder, ml: this.folders[0] as OptMl, signal });
  }

  private openContainers(image: string): Promise<JobContainers> {
    const { request, machine, name, hosts, logs } = this;
    const { ImageUri: imageUri, ContainerEntrypoint: entrypoint, ContainerArguments: args } = request.AppSpecification ?? {};
    return JobContainers.open({
      containers: machine.containers as Containers, machine, logs, jobName: name, image, imageUri: imageUri as string, hosts, entrypoint, args, isIsolated: request.NetworkConfig?.EnableNetworkIsolation === true,
    });
  }

  private async programs(containers: JobContainers): Promise<Program[]> {
    const paths = [...(this.request.ProcessingInputs ?? []).map(({ S3Input }) => S3Input?.LocalPath as string), ...this.outputs.map(({ LocalPath }) => LocalPath as string), '/opt/ml/config', '/opt/ml/output'];
    for (const ml of this.folders) {
      await letRead(ml.base);
      // The image's user need not be root.
      for (const path of [...this.outputs.map(({ LocalPath }) => LocalPath as string), '/opt/ml/output']) { await chmod(ml.here(path), 0o777); }
    }
    return this.hosts.map((host, index) => containers.program(host, {
      environment: { ...this.request.Environment },
      mounts: paths.map((path) => ({ from: (this.folders[index] as OptMl).here(path), to: path })),
    }));
  }

  private get outputs(): ProcessingS3Output[] {
    return (this.request.ProcessingOutputConfig?.Outputs ?? []).map(({ S3Output }) => S3Output as ProcessingS3Output);
  }

  /** The two files by which SageMaker tells a processing container what it is. */
  private async writeConfiguration(host: Host, ml: OptMl): Promise<void> {
    const files: Readonly<Record<string, unknown>> = {
      'processingjobconfig.json': { ProcessingJobArn: this.arn, ...this.request },
      'resourceconfig.json': resourceConfiguration(host, this.hosts, this.containers?.interfaceName ?? 'eth0'),
    };
    for (const [name, content] of Object.entries(files)) { await writeFile(join(ml.here('/opt/ml/config'), name), JSON.stringify(content)); }
  }

  private async takeOver(): Promise<void> {
    const { image, folder, machine: { containers } } = this;
    if (image !== undefined && containers !== undefined) { await takeOver({ engine: containers.engine, label: containers.label, image, folder, log: (line) => this.logs.note(line) }); }
  }
}

/** SageMaker keeps a kilobyte. */
const LONGEST_MESSAGE = 1024;
