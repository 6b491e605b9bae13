import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { parseS3Uri } from '../s3-folder';
import { uploadArchive } from './archive-upload';
import type { Interference, ScriptedOutcome } from './interference';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import type { RunEvents } from './program-run';
import { uploadFolder } from './s3-source';
import type { TrainingAttempt } from './spot-run';
import type { TrainingEnd } from './training-run';

/** Parts of a job's time, as far as it is not spent on the program. */
const DOWNLOADING = 0.1;
const UPLOADING = 0.1;

/** A job whose program is not run: it goes through its states in the time it is given, and ends as it is told. Its log says so. */
export class ScriptedRun implements TrainingAttempt {
  private over = false;
  private wake: () => void = () => undefined;

  /** @param training of a training job, which leaves a model */
  constructor(
    private readonly outcome: ScriptedOutcome,
    private readonly machine: Machine,
    private readonly log: JobLog,
    private readonly folder: string,
    private readonly training?: { readonly name: string; readonly request: CreateTrainingJobRequest },
  ) {}

  public async run(events: Partial<RunEvents> = {}): Promise<TrainingEnd> {
    const { after, starting = 0, reason, log = [], metrics = {} } = this.outcome;
    const rest = after - starting;
    this.log.note(this.outcome.note);
    await this.pass(this.outcome.neverStarts === true ? after : starting);
    if (this.outcome.neverStarts === true || this.over) { return { reason }; }
    events.preparing?.();
    await this.pass(rest * DOWNLOADING);
    if (!this.over) {
      events.running?.();
      log.forEach((line) => this.log.append(Buffer.from(`${line}\n`), 'stdout'));
      Object.entries(metrics).forEach(([name, value]) => this.log.note(`${name} = ${value}`));
      await this.pass(rest * (reason === undefined ? 1 - DOWNLOADING - UPLOADING : 1 - DOWNLOADING));
    }
    events.leaving?.();
    if (this.over || reason !== undefined) { return { reason }; }
    await this.pass(rest * UPLOADING);
    return this.over ? {} : (this.machine.interference as Interference).whileBusy(this.leave());
  }

  public stop(): void {
    this.over = true;
    this.wake();
  }

  public interrupt(): void {
    this.stop();
  }

  public async kill(): Promise<void> {
    this.stop();
  }

  private async pass(milliseconds: number): Promise<void> {
    if (this.over || milliseconds <= 0) { return; }
    let forget: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      forget = this.machine.clock.after(milliseconds, resolve);
    });
    forget();
  }

  private async leave(): Promise<TrainingEnd> {
    const { objects = {}, metrics } = this.outcome;
    try {
      for (const [uri, content] of Object.entries(objects)) {
        const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
        await this.machine.s3.put(bucket, key, Buffer.from(content));
      }
      return { artifact: await this.leaveModel(), metrics };
    } catch (error) {
      return { reason: `ClientError: Artifact upload failed: ${(error as Error).message}` };
    }
  }

  private async leaveModel(): Promise<string | undefined> {
    if (this.training === undefined) { return undefined; }
    const { training: { name, request: { OutputDataConfig: to } }, machine: { s3 }, outcome: { artifact = {} } } = this;
    const output = `${(to?.S3OutputPath as string).replace(/\/+$/, '')}/${name}/output`;
    const archive = `${output}/model.tar.gz`;
    if (artifact instanceof Uint8Array) {
      const { bucket, key } = parseS3Uri(archive) as { bucket: string; key: string };
      await s3.put(bucket, key, Buffer.from(artifact), { contentType: 'application/x-tar' });
      return archive;
    }
    const model = join(this.folder, 'model');
    await mkdir(model, { recursive: true });
    for (const [path, content] of Object.entries(artifact)) {
      const file = join(model, normalize(`/${path}`));                          // never above the folder
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    if (to?.CompressionType === 'NONE') {
      await uploadFolder(s3, model, `${output}/model`);
    } else {
      await uploadArchive(s3, model, archive, this.folder);
    }
    await rm(this.folder, { recursive: true, force: true });
    return to?.CompressionType === 'NONE' ? `${output}/model/` : archive;
  }
}
