import { randomBytes } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-sagemaker';
import { ServiceError } from '../service-error';
import { hasEnded, type JobRun, type RunEnd } from './jobs';
import { gridPoint, gridSize, randomPoint } from './search-space';
import type { TuningChild, TuningJobRecord } from './state-file';
import type { TrainingJobs } from './training-jobs';
import { definitionsOf, leftOutOfTuning, mostJobs, trainingRequest } from './tuning-job-rules';
import { isComplete, whyNothing } from './tuning-results';

/** What a tuning job goes on with. */
export interface TuningToRun {
  readonly name: string;
  readonly record: TuningJobRecord;
  readonly training: TrainingJobs;
  /** Those of the tuning job by now. */
  readonly tags: () => readonly Tag[];
  readonly save: () => void;
}

/** A tuning job under way: launches training jobs side by side until there are enough. */
export class TuningRun implements JobRun {
  private readonly running = new Map<string, Promise<void>>();
  private ending = false;
  private killed = false;

  constructor(private readonly tuning: TuningToRun) {}

  public async run(): Promise<RunEnd> {
    const { record, training } = this.tuning;
    // After a restart: those that run again.
    for (const { name } of record.children) { this.watch(name); }
    let reason: string | undefined;
    for (;;) {
      reason ??= this.launchMore();
      if (reason !== undefined) { this.stop(); }
      if (this.running.size === 0) { break; }
      await Promise.race(this.running.values());
      if (this.killed) { return {}; }
      reason ??= whyNothing(record, training, false);
      if (reason !== undefined || isComplete(record, training)) { this.stop(); }
    }
    return { reason: reason ?? whyNothing(record, training, true) };
  }

  /** No more training jobs, and an end for those that run. */
  public stop(): void {
    this.ending = true;
    for (const name of this.running.keys()) {
      if (this.tuning.training.record(name)?.status === 'InProgress') { this.tuning.training.stop(name); }
    }
  }

  /** Its training jobs are ended with all others. */
  public async kill(): Promise<void> {
    this.killed = true;
    await Promise.all(this.running.values());
  }

  private launchMore(): string | undefined {
    const parallel = this.tuning.record.request.HyperParameterTuningJobConfig?.ResourceLimits?.MaxParallelTrainingJobs as number;
    try {
      while (!this.ending && !this.killed && this.running.size < parallel) {
        const next = this.next();
        if (next === undefined) { return undefined; }
        this.launch(next);
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) { throw error; }
      return `ClientError: ${error.message}`;
    }
  }

  private launch({ definition, tuned }: Omit<TuningChild, 'name'>): void {
    const { record, training, tags, save } = this.tuning;
    const name = `${this.tuning.name}-${String(record.children.length + 1).padStart(3, '0')}-${randomBytes(4).toString('hex')}`;
    const request = trainingRequest(definitionsOf(record.request)[definition]!, name, tuned);
    training.create({ ...request, Tags: [...tags()] }, { tuningJob: record.arn, notes: leftOutOfTuning(record.request) });
    record.children.push({ name, definition, tuned });
    save();
    this.watch(name);
  }

  private watch(name: string): void {
    const child = this.tuning.training.record(name);
    if (child === undefined || hasEnded(child)) { return; }
    this.running.set(name, this.tuning.training.ended(name).finally(() => this.running.delete(name)));
  }

  /** What to try next; nothing when all has been tried that may be. */
  private next(): Omit<TuningChild, 'name'> | undefined {
    const { record } = this.tuning;
    const definitions = definitionsOf(record.request);
    if (record.request.HyperParameterTuningJobConfig?.Strategy !== 'Grid') {
      if (record.children.length >= mostJobs(record.request)) { return undefined; }
      const nth = record.taken++;
      const definition = nth % definitions.length;
      return { definition, tuned: randomPoint(definitions[definition]!.ranges, record.seed, nth) };
    }
    for (;;) {
      let nth = record.taken;
      const definition = definitions.findIndex(({ ranges }) => nth < gridSize(ranges) || ((nth -= gridSize(ranges)), false));
      if (definition < 0) { return undefined; }
      record.taken += 1;
      const tuned = gridPoint(definitions[definition]!.ranges, nth);
      if (!(record.inherited ?? []).some((each) => same(each.tuned, tuned))) { return { definition, tuned }; }
    }
  }
}

type Values = TuningChild['tuned'];
const same = (a: Values, b: Values) => Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);
