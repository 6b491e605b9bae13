import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Channel, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { uploadArchive } from './archive-upload';
import type { JobLog } from './job-log';
import type { RunEnd } from './jobs';
import type { Machine } from './machine';
import { emptyFolder, OptMl } from './opt-ml';
import { ProgramRun, type Program } from './program-run';
import { downloadPrefix, uploadFolder } from './s3-source';
import type { TrainingAttempt } from './spot-run';
import { trainingProgram } from './training-program';

export interface TrainingEnd extends RunEnd {
  /** s3 URI of what was uploaded from /opt/ml/model. */
  readonly artifact?: string;
  /** Where the log does not say them. */
  readonly metrics?: { readonly [name: string]: number };
}

/** One execution of a training job as a process. */
export class TrainingRun extends ProgramRun<TrainingEnd> implements TrainingAttempt {
  private readonly ml: OptMl;
  private interrupted = false;

  constructor(
    private readonly name: string,
    private readonly arn: string,
    private readonly request: CreateTrainingJobRequest,
    machine: Machine,
    log: JobLog,
    private readonly folder: string,
  ) {
    const ml = new OptMl(join(folder, 'opt', 'ml'));
    super(machine, log, ml.failureFile);
    this.ml = ml;
  }

  /** Takes it away from its instance: it leaves its checkpoints, and nothing else. */
  public interrupt(): void {
    this.interrupted = true;
    this.stop();
  }

  protected async prepare(): Promise<Program> {
    const { request, ml, name, arn, machine, log, folder } = this;
    if (this.hasImage) { await emptyFolder(folder); }
    await ml.make();
    await ml.writeConfiguration(request);
    if (request.CheckpointConfig !== undefined) { await downloadPrefix(machine.s3, request.CheckpointConfig.S3Uri as string, this.checkpointFolder(), this.abort.signal); }
    for (const [path, from] of machine.volumes ?? []) { await ml.link(path, from); }
    const isLinked = ({ ChannelName: name }: Channel) => machine.volumes?.has(`/opt/ml/input/data/${name}`) === true;
    for (const channel of (request.InputDataConfig ?? []).filter((each) => !isLinked(each))) { await ml.downloadChannel(machine.s3, channel, this.abort.signal); }
    this.abort.signal.throwIfAborted();
    return trainingProgram({ name, arn, request, machine, log, folder, ml, signal: this.abort.signal });
  }

  protected async leave(failure: string | undefined): Promise<TrainingEnd> {
    let reason = failure;
    let artifact: string | undefined;
    try {
      // What a failed job has in its model folder is nobody's model.
      artifact = await this.upload(reason === undefined);
    } catch (error) {
      reason ??= `ClientError: Artifact upload failed: ${(error as Error).message}`;
    }
    await (this.hasImage ? emptyFolder(this.folder) : rm(this.ml.base, { recursive: true, force: true }));
    return { reason, artifact };
  }

  /** Whether there is an image to lay out, all over the folder. */
  private get hasImage(): boolean {
    return this.machine.images.find(this.request.AlgorithmSpecification?.TrainingImage) !== undefined;
  }

  private async upload(withModel: boolean): Promise<string | undefined> {
    const { request, ml, machine: { s3 } } = this;
    if (request.CheckpointConfig !== undefined) { await uploadFolder(s3, this.checkpointFolder(), request.CheckpointConfig.S3Uri as string); }
    if (this.interrupted) { return undefined; }
    const output = `${(request.OutputDataConfig?.S3OutputPath as string).replace(/\/+$/, '')}/${this.name}/output`;
    const files = await readdir(ml.outputData).catch(() => []);
    if (request.OutputDataConfig?.CompressionType === 'NONE') {
      await uploadFolder(s3, ml.outputData, `${output}/data`);
      if (!withModel) { return undefined; }
      await uploadFolder(s3, ml.model, `${output}/model`);
      return `${output}/model/`;
    }
    if (files.length > 0) { await uploadArchive(s3, ml.outputData, `${output}/output.tar.gz`, this.folder); }
    // A job that was stopped before it had anything leaves no archive.
    if (!withModel || (this.stopped && (await readdir(ml.model).catch(() => [])).length === 0)) { return undefined; }
    await uploadArchive(s3, ml.model, `${output}/model.tar.gz`, this.folder);
    return `${output}/model.tar.gz`;
  }

  private checkpointFolder(): string {
    const path = this.request.CheckpointConfig?.LocalPath;
    return path === undefined ? this.ml.checkpoints : this.ml.here(path);
  }
}
