import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { awsImage } from '../aws-image';
import { ProcessGroup, startOfProcess, type ProcessEnd } from '../process-group';
import { PythonEnvironmentError, type PythonEnvironment } from '../python-environment';
import { pythonFile } from '../python-files';
import { parseS3Uri } from '../s3-folder';
import { packFolder } from './archive';
import { JobFailure, reasonFromFile, reasonOfEntrypoint, reasonOfScript } from './failure-reason';
import type { JobLog } from './job-log';
import { awsVariables, machineVariables, type Machine } from './machine';
import { downloadPrefix, OptMl, uploadFolder } from './opt-ml';
import { commandOf, programOf } from './script';

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

/** One execution of a training job as a process: inputs, environment, script, outputs. */
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
      const [command, environment] = await this.prepare();
      events.training();
      reason = await this.execute(command, environment, events);
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
    await rm(this.ml.base, { recursive: true, force: true });
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

  private async prepare(): Promise<readonly [readonly string[], NodeJS.ProcessEnv]> {
    const { request, ml } = this;
    await ml.make();
    await ml.writeConfiguration(request);
    if (request.CheckpointConfig !== undefined) { await downloadPrefix(this.machine.s3, request.CheckpointConfig.S3Uri as string, this.checkpointFolder(), this.abort.signal); }
    for (const channel of request.InputDataConfig ?? []) { await ml.downloadChannel(this.machine.s3, channel, this.abort.signal); }
    const script = programOf(request.HyperParameters);
    if (script !== undefined) { await ml.bringCode(this.machine.s3, script); }
    this.abort.signal.throwIfAborted();
    const python = await this.pythonEnvironment();
    const { environment, arguments: args } = await this.trainingEnvironment(python);
    const entrypoint = request.AlgorithmSpecification?.ContainerEntrypoint;
    const command = entrypoint !== undefined
      ? [...entrypoint, ...request.AlgorithmSpecification?.ContainerArguments ?? []].map((part) => ml.here(part))
      : [...commandOf(script?.program as string, await readdir(ml.code), python.python), ...args];
    if (entrypoint === undefined && command[0] === '/bin/sh') { await chmod(join(ml.code, script?.program as string), 0o755); }
    return [command, {
      ...machineVariables(ml.temporary),
      ...python.variables,
      ...environment,
      ...request.EnableNetworkIsolation === true ? { AWS_REGION: this.machine.region } : awsVariables(this.machine),
      TRAINING_JOB_NAME: this.name,
      TRAINING_JOB_ARN: this.arn,
      SAGEMAKER_BASE_DIR: ml.base,
      PYTHONPATH: ml.code,
      ...request.Environment,
    }];
  }

  private pythonEnvironment(): Promise<PythonEnvironment> {
    const image = awsImage(this.request.AlgorithmSpecification?.TrainingImage);
    return this.machine.python.environment({
      packages: image?.packages ?? [],
      expected: image?.expected,
      requirementsFile: join(this.ml.code, 'requirements.txt'),
      mayInstallRequirements: this.request.EnableNetworkIsolation !== true,
      log: (line) => this.log.note(line),
      signal: this.abort.signal,
    });
  }

  private async trainingEnvironment(python: PythonEnvironment): Promise<{ readonly environment: Record<string, string>; readonly arguments: string[] }> {
    const module = awsImage(this.request.AlgorithmSpecification?.TrainingImage)?.frameworkModule ?? '';
    const args = [pythonFile('training_environment.py'), this.ml.base, this.name, this.machine.region, module];
    const { stdout } = await promisify(execFile)(python.python, args, { env: { ...process.env, ...python.variables } });
    return JSON.parse(stdout) as { environment: Record<string, string>; arguments: string[] };
  }

  /** Runs the script to its end; the answer is why it failed, if it did. */
  private async execute(command: readonly string[], env: NodeJS.ProcessEnv, events: RunEvents): Promise<string | undefined> {
    this.abort.signal.throwIfAborted();
    let errors = '';
    const run = new ProcessGroup(command, {
      cwd: this.ml.code,
      env,
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
    return this.stopped || end.code === 0 ? undefined : this.reasonOf(end, command, errors);
  }

  private async reasonOf(end: ProcessEnd, command: readonly string[], errors: string): Promise<string> {
    const own = await readFile(this.ml.failureFile, 'utf8').catch(() => '');
    if (own.trim() !== '') { return reasonFromFile(own, end.code < 0 ? 128 - end.code : end.code); }
    const said = errors.trim() === '' ? this.log.tail() : errors;
    if (this.request.AlgorithmSpecification?.ContainerEntrypoint !== undefined) { return reasonOfEntrypoint(end, said, this.ml.base); }
    return reasonOfScript(end, [basename(command[0] as string), ...command.slice(1)], said, this.ml.base);
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
