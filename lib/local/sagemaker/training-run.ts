import { createReadStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { ProcessGroup, startOfProcess, type ProcessEnd } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import { parseS3Uri } from '../s3-folder';
import { packFolder } from './archive';
import { JobFailure, reasonFromFile } from './failure-reason';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { downloadPrefix, emptyFolder, OptMl, uploadFolder } from './opt-ml';
import { trainingProgram, type TrainingProgram } from './training-program';

/** How a run came to its end. */
export interface RunEnd {
  /** Why the job failed; nothing when the script ended well or was stopped. */
  readonly reason?: string;
  /** s3 URI of what was uploaded from /opt/ml/model. */
  readonly artifact?: string;
}

export interface RunEvents {
  readonly downloading: () => void;
  readonly training: () => void;
  readonly started: (process: { readonly pid: number; readonly start?: string }) => void;
  readonly uploading: () => void;
}

/** One execution of a training job as a process: inputs, program, outputs. */
export class TrainingRun {
  private readonly ml: OptMl;
  private readonly abort = new AbortController();
  private process?: ProcessGroup;
  private stopped = false;
  private killed = false;

  constructor(
    private readonly name: string,
    private readonly arn: string,
    private readonly request: CreateTrainingJobRequest,
    private readonly machine: Machine,
    private readonly log: JobLog,
    private readonly folder: string,
  ) {
    this.ml = new OptMl(join(folder, 'opt', 'ml'));
  }

  /** Rejects only when something is wrong here, not with the job. */
  public async run(events: RunEvents): Promise<RunEnd> {
    let reason: string | undefined;
    try {
      events.downloading();
      const program = await this.prepare();
      events.training();
      reason = await this.execute(program, events);
    } catch (error) {
      if (this.killed) { return {}; }
      if (error instanceof PythonEnvironmentError) {
        reason = `ClientError: ${error.message}`;
      } else if (error instanceof JobFailure) {
        reason = error.message;
      } else if (!this.stopped) {
        throw error;
      }
    }
    if (this.killed) { return {}; }
    events.uploading();
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

  /** SIGTERM, and SIGKILL after the grace; `run` then goes on to upload what is there. */
  public stop(): void {
    this.stopped = true;
    this.abort.abort();
    void this.process?.stop(this.machine.stopGrace);
  }

  /** Ends the process at once; nothing is uploaded. */
  public async kill(): Promise<void> {
    this.killed = true;
    this.abort.abort();
    this.process?.signal('SIGKILL');
    await this.process?.end;
  }

  /** Whether there is an image to lay out, all over the folder. */
  private get hasImage(): boolean {
    return this.machine.images.find(this.request.AlgorithmSpecification?.TrainingImage) !== undefined;
  }

  private async prepare(): Promise<TrainingProgram> {
    const { request, ml, name, arn, machine, log, folder } = this;
    if (this.hasImage) { await emptyFolder(folder); }
    await ml.make();
    await ml.writeConfiguration(request);
    if (request.CheckpointConfig !== undefined) { await downloadPrefix(machine.s3, request.CheckpointConfig.S3Uri as string, this.checkpointFolder(), this.abort.signal); }
    for (const channel of request.InputDataConfig ?? []) { await ml.downloadChannel(machine.s3, channel, this.abort.signal); }
    this.abort.signal.throwIfAborted();
    return trainingProgram({ name, arn, request, machine, log, folder, ml, signal: this.abort.signal });
  }

  /** Runs the program to its end; the answer is why it failed, if it did. */
  private async execute(program: TrainingProgram, events: RunEvents): Promise<string | undefined> {
    this.abort.signal.throwIfAborted();
    let errors = '';
    const run = new ProcessGroup(program.command, {
      cwd: program.workingFolder,
      env: program.environment,
      onOutput: (chunk, stream) => {
        this.log.append(chunk, stream);
        if (stream === 'stderr') { errors = (errors + chunk.toString()).slice(-64 * 1024); }
      },
    });
    run.input.end();
    this.process = run;
    if (run.pid !== undefined) { events.started({ pid: run.pid, start: startOfProcess(run.pid) }); }
    const end = await run.end;
    this.log.finish();
    return this.stopped || end.code === 0 ? undefined : this.reasonOf(end, program, errors);
  }

  private async reasonOf(end: ProcessEnd, program: TrainingProgram, errors: string): Promise<string> {
    const own = await readFile(this.ml.failureFile, 'utf8').catch(() => '');
    if (own.trim() !== '') { return reasonFromFile(own, end.code < 0 ? 128 - end.code : end.code); }
    return program.reasonOf(end, errors.trim() === '' ? this.log.tail() : errors);
  }

  private async upload(withModel: boolean): Promise<string | undefined> {
    const { request, ml, machine: { s3 } } = this;
    if (request.CheckpointConfig !== undefined) { await uploadFolder(s3, this.checkpointFolder(), request.CheckpointConfig.S3Uri as string); }
    const output = `${(request.OutputDataConfig?.S3OutputPath as string).replace(/\/+$/, '')}/${this.name}/output`;
    const files = await readdir(ml.outputData).catch(() => []);
    if (request.OutputDataConfig?.CompressionType === 'NONE') {
      await uploadFolder(s3, ml.outputData, `${output}/data`);
      if (!withModel) { return undefined; }
      await uploadFolder(s3, ml.model, `${output}/model`);
      return `${output}/model/`;
    }
    if (files.length > 0) { await this.uploadArchive(ml.outputData, `${output}/output.tar.gz`); }
    // A job that was stopped before it had anything leaves no archive.
    if (!withModel || (this.stopped && (await readdir(ml.model).catch(() => [])).length === 0)) { return undefined; }
    await this.uploadArchive(ml.model, `${output}/model.tar.gz`);
    return `${output}/model.tar.gz`;
  }

  private async uploadArchive(folder: string, uri: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
    const archive = join(this.folder, basename(uri));
    await packFolder(folder, archive);
    await this.machine.s3.put(bucket, key, createReadStream(archive), { contentType: 'application/x-tar' });
    await rm(archive, { force: true });
  }

  private checkpointFolder(): string {
    const path = this.request.CheckpointConfig?.LocalPath;
    return path === undefined ? this.ml.checkpoints : this.ml.here(path);
  }
}
