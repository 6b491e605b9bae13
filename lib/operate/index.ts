import { description, descriptionLines, linksOf, surroundingsOf } from './describe';
import { usageError } from './faults';
import { regionOf, type FoundJob } from './find-job';
import { AWS_PACE, Follower, LOCAL_PACE } from './follow';
import { JobLog } from './job-log';
import { sinceTime } from './log-lines';
import { metricPick } from './metrics';
import type { Screen } from './screen';
import { exitCodeOf } from './status-lines';
import { PROCESS, withJob, type JobOptions } from './with-job';

export { analytics } from './analytics';
export { metrics } from './job-metrics';
export { pinModel } from './pin-model';

export interface LogsOptions extends JobOptions {
  readonly follow: boolean;
  readonly since?: string;
  readonly tail?: string;
  /** How the same command is given again, for the message of Ctrl-C. */
  readonly again: string;
}

const INTERRUPTED = 130;

/** `cdk-sagemaker logs`. @returns the job's exit code @throws CommandError */
export function logs(options: LogsOptions, surface = PROCESS): Promise<number> {
  return withJob(options, surface, async (found, clients, screen) => {
    const { clock } = surface;
    const since = timeOf(options.since, clock.now());
    const job = found.kind.view(found.document);
    const follower = new Follower(job, {
      describe: async () => found.kind.view(await found.kind.describe(clients.sageMaker, found.name)),
      log: JobLog.of(found.kind, job.name, clients.logs, Math.max(job.created, since ?? 0)),
      pick: metricPick(job.metricDefinitions, (metric, why) => screen.say('yellow', `metric ${metric} is not picked out: ${why}`)),
      pace: options.localEndpoint === undefined ? AWS_PACE : LOCAL_PACE,
      tail: countOf(options.tail), screen, clock,
    });
    const page = options.localEndpoint === undefined ? linksOf(found.kind, job.arn.split(':')[1] ?? '', await regionOf(clients), job.name).console : undefined;
    if (job.name !== options.job || page !== undefined) { screen.say('grey', `${found.kind.noun} ${job.name}${page === undefined ? '' : `: ${page}`}`); }
    const forget = options.follow ? onInterrupt(screen, found, options) : () => undefined;
    try {
      const end = options.follow ? await follower.untilEnded() : await follower.now();
      await screen.end(end, follower.metrics.all());
      return exitCodeOf(end);
    } finally {
      forget();
      screen.clearProgress();
    }
  });
}

/** `cdk-sagemaker describe`. @returns the exit code @throws CommandError */
export function describe(options: JobOptions, surface = PROCESS): Promise<number> {
  return withJob(options, surface, async (found, clients, screen) => {
    if (options.json) {
      await screen.result(JSON.stringify(found.document, undefined, 2));
      return 0;
    }
    const { kind, document } = found;
    const surroundings = await surroundingsOf(found, options.localEndpoint !== undefined, clients);
    const sections = description(kind, kind.view(document), kind.sections(document), surroundings, surface.clock.now());
    for (const line of descriptionLines(sections, (label) => screen.paint('bold', label))) { await screen.result(line); }
    return 0;
  });
}

/** Ctrl-C leaves the command, not the job. */
function onInterrupt(screen: Screen, { kind, name }: FoundJob, { again }: LogsOptions): () => void {
  const leave = (): void => {
    screen.say('yellow', `the ${kind.noun} ${name} goes on. Follow it again with \`${again}\``);
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', leave);
  return () => process.removeListener('SIGINT', leave);
}

function timeOf(since: string | undefined, now: number): number | undefined {
  const time = since === undefined ? undefined : sinceTime(since, now);
  if (since !== undefined && time === undefined) { throw usageError(`--since must be a time (2026-01-31T12:00:00Z) or how long ago (30s, 10m, 2h, 1d), got ${since}`); }
  return time;
}

function countOf(tail: string | undefined): number | undefined {
  if (tail !== undefined && !/^\d{1,9}$/.test(tail)) { throw usageError(`--tail must be a number of lines, got ${tail}`); }
  return tail === undefined ? undefined : Number(tail);
}
