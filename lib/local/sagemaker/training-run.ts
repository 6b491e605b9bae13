import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { Containers } from '../containers/containers';
import type { Running } from '../running';
import { uploadArchive } from './archive-upload';
import { ContinuousUpload } from './continuous-upload';
import { cutAtEnd, JobFailure, LONGEST_REASON } from './failure-reason';
import type { HostLogs } from './host-logs';
import { hostsOfTraining, type Host } from './hosts';
import { JobContainers, takeOver } from './job-containers';
import type { RunEnd } from './jobs';
import { isAsMade } from './left-files';
import type { Machine } from './machine';
import { addFolder, emptyFolder, OptMl } from './opt-ml';
import { finishUpload, noFolder, noteLeftOut } from './output-words';
import { feedPipes, inputModeOf } from './pipe-channels';
import { ProgramRun, type Program } from './program-run';
import { downloadPrefix, uploadFolder } from './s3-source';
import type { TrainingAttempt } from './spot-run';
import { checkpointPath, trainingContainers } from './training-containers';
import { checkTrainingAsProcess } from './training-job-rules';
import { trainingProgram } from './training-program';
import { imageToRun } from './where-to-run';

export interface TrainingEnd extends RunEnd {
  /** s3 URI of what was uploaded from /opt/ml/model. */
  readonly artifact?: string;
  /** Where the log does not say them. */
  readonly metrics?: { readonly [name: string]: number };
}

/** One execution of a training job, in containers or as a process. */
export class TrainingRun extends ProgramRun<TrainingEnd> implements TrainingAttempt {
  private readonly hosts: readonly Host[];
  /** Of each host. What they share is in that of the first. */
  private readonly folders: readonly OptMl[];
  private readonly shared: OptMl;
  private interrupted = false;
  private image?: string;
  private containers?: JobContainers;
  private checkpoints?: ContinuousUpload;
  private readonly feeders: Running[] = [];

  constructor(
    private readonly name: string,
    private readonly arn: string,
    private readonly request: CreateTrainingJobRequest,
    machine: Machine,
    logs: HostLogs,
    private readonly folder: string,
  ) {
    super(machine, logs);
    this.hosts = hostsOfTraining(request);
    this.folders = this.hosts.map((host, index) => new OptMl(join(folder, ...index === 0 ? [] : [host.name], 'opt', 'ml')));
    this.shared = this.folders[0] as OptMl;
  }

  /** Takes it away from its instance: it leaves its checkpoints, and nothing else. */
  public interrupt(): void {
    this.interrupted = true;
    this.stop();
  }

  protected async prepare(): Promise<Program[]> {
    const { request, machine, abort: { signal } } = this;
    this.image = await imageToRun({
      machine, signal, whose: 'ClientError: ', imageUri: request.AlgorithmSpecification?.TrainingImage as string, checkAsProcess: () => checkTrainingAsProcess(request, machine), log: (line) => this.logs.note(line),
    });
    await this.empty();
    for (const ml of this.folders) { await ml.make(); }
    if (request.CheckpointConfig !== undefined) {
      const uri = request.CheckpointConfig.S3Uri as string;
      await mkdir(this.checkpointFolder, { recursive: true });
      await downloadPrefix(machine.s3, uri, this.checkpointFolder, signal);
      this.checkpoints = await ContinuousUpload.start({ s3: machine.s3, folder: this.checkpointFolder, uri });
    }
    const programs = this.image === undefined ? [await this.process()] : await this.inContainers(this.image);
    for (const [index, host] of this.hosts.entries()) { this.feeders.push(...await feedPipes(machine, request, host, this.hosts, this.folders[index] as OptMl)); }
    return programs;
  }

  protected async leave(failure: string | undefined): Promise<TrainingEnd> {
    const failed: string[] = [];
    const attempt = <T>(work: () => Promise<T>) => work().catch((error: Error) => { failed.push(this.shared.inside(error)); return undefined; });
    await this.endFeeders();
    await this.takeOver();
    // First what can't be had again: a checkpoint that can't be uploaded takes neither outputs nor the model along.
    if (!this.interrupted) { await attempt(() => this.uploadOutput()); }
    // What a failed job has in its model folder is nobody's model.
    const artifact = this.interrupted || failure !== undefined ? undefined : await attempt(() => this.uploadModel());
    if (this.checkpoints !== undefined) { failed.push(...await finishUpload(this.checkpoints, checkpointPath(this.request), this.logs)); }
    await this.empty();
    return { artifact, reason: failure ?? (failed.length === 0 ? undefined : cutAtEnd(`ClientError: Artifact upload failed: ${failed.join('; ')}`, LONGEST_REASON)) };
  }

  protected override async release(): Promise<void> {
    await this.endFeeders();
    await this.checkpoints?.stop();
    await this.containers?.close();
  }

  private async endFeeders(): Promise<void> {
    this.feeders.forEach((feeder) => feeder.kill());
    await Promise.all(this.feeders.map(({ end }) => end));
  }

  private async process(): Promise<Program> {
    const { request, machine, name, arn, folder, shared: ml, hosts, abort: { signal } } = this;
    const [host] = hosts as [Host];
    await ml.writeConfiguration(request, host, hosts);
    for (const [path, from] of machine.volumes ?? []) { await ml.link(path, from); }
    await ml.downloadChannels(machine, request, host, hosts, signal);
    signal.throwIfAborted();
    return trainingProgram({ name, arn, request, machine, log: this.logs.host(host.name), folder, ml, signal });
  }

  private async inContainers(image: string): Promise<Program[]> {
    const { request, machine, name, arn, folders, hosts, abort: { signal } } = this;
    const { TrainingImage: imageUri, ContainerEntrypoint: entrypoint, ContainerArguments: args } = request.AlgorithmSpecification ?? {};
    if (!(machine.containers as Containers).engine.sharesHostNetwork && (request.InputDataConfig ?? []).some((channel) => inputModeOf(request, channel) === 'Pipe')) {
      throw new JobFailure('ClientError: Pipe mode is not supported by the local AWS where containers run in a virtual machine; use File or FastFile');
    }
    const containers = this.containers = await JobContainers.open({
      containers: machine.containers as Containers, machine, logs: this.logs, jobName: name, image, imageUri: imageUri as string, hosts,
      entrypoint, args: args ?? (entrypoint === undefined ? ['train'] : []), isIsolated: request.EnableNetworkIsolation === true,
    });
    return trainingContainers({ name, arn, request, machine, hosts, folders, containers, checkpoints: this.checkpointFolder, signal });
  }

  /** What all hosts have left; of two files of one name, the first host's. */
  private async uploadOutput(): Promise<void> {
    const { shared, output, machine: { s3 } } = this;
    if (!await isAsMade(shared.outputData, shared.base)) {
      this.logs.note(noFolder('/opt/ml/output/data'));
      return;
    }
    for (const ml of this.folders.slice(1)) {
      if (await isAsMade(ml.outputData, ml.base)) { await addFolder(ml.outputData, shared.outputData); }
    }
    if (!this.isCompressed) { return noteLeftOut(this.logs, '/opt/ml/output/data', await uploadFolder(s3, shared.outputData, `${output}/data`)); }
    if ((await readdir(shared.outputData)).length > 0) { await uploadArchive(s3, shared.outputData, `${output}/output.tar.gz`, this.folder); }
  }

  private async uploadModel(): Promise<string | undefined> {
    const { shared, output, machine: { s3 } } = this;
    // A container can't remove it, and leaves nothing in it.
    const folder = await isAsMade(shared.model, shared.base) ? shared.model : undefined;
    if (folder === undefined) { this.logs.note(noFolder('/opt/ml/model')); }
    if (!this.isCompressed) {
      if (folder !== undefined) { noteLeftOut(this.logs, '/opt/ml/model', await uploadFolder(s3, folder, `${output}/model`)); }
      return `${output}/model/`;
    }
    // A job that was stopped before it had anything leaves no archive.
    if (this.stopped && (folder === undefined || (await readdir(folder)).length === 0)) { return undefined; }
    await uploadArchive(s3, folder, `${output}/model.tar.gz`, this.folder);
    return `${output}/model.tar.gz`;
  }

  private get isCompressed(): boolean {
    return this.request.OutputDataConfig?.CompressionType !== 'NONE';
  }

  private get output(): string {
    return `${(this.request.OutputDataConfig?.S3OutputPath as string).replace(/\/+$/, '')}/${this.name}/output`;
  }

  /** On this machine. A container may have it anywhere; only below /opt/ml can it be in another folder of the job. */
  private get checkpointFolder(): string {
    const path = checkpointPath(this.request);
    return path.startsWith('/opt/ml/') ? this.shared.here(path) : this.shared.checkpoints;
  }

  /** Files of an image, or of a container, are all over the folder. */
  private async empty(): Promise<void> {
    const isAllOver = this.image !== undefined || this.machine.images.find(this.request.AlgorithmSpecification?.TrainingImage) !== undefined;
    await this.takeOver();
    await (isAllOver ? emptyFolder(this.folder) : rm(this.shared.base, { recursive: true, force: true }));
  }

  private async takeOver(): Promise<void> {
    const { image, folder, machine: { containers } } = this;
    if (image !== undefined && containers !== undefined) { await takeOver({ engine: containers.engine, label: containers.label, image, folder, log: (line) => this.logs.note(line) }); }
  }
}
