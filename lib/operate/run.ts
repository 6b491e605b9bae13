import type { DescribeHyperParameterTuningJobResponse } from '@aws-sdk/client-sagemaker';
import type { Chart } from './chart';
import { clientsFor, SYSTEM_CLOCK, type Clients } from './clients';
import { frameOf, textOf, type Frame } from './dataframe';
import { CommandError, inWords } from './faults';
import { Follower, LOCAL_PACE, type Pace } from './follow';
import type { JobKind, JobView } from './job-kind';
import { JobLog } from './job-log';
import { chartOf as chartOfMetrics, COLUMNS, fromLog, rowsOf } from './job-metrics';
import { metricPick } from './metrics';
import { destinationOf, draw } from './results';
import { Screen, type Terminal } from './screen';
import { textChart } from './text-chart';
import { trainingJob } from './training-job-kind';
import { transformJob } from './transform-job-kind';
import { chartOf as chartOfTuning, Objectives, rowOf, trainingJobsOf } from './tuning-analytics';
import { tuningJob } from './tuning-job-kind';
import { PROCESS, type Surface } from './with-job';

/** A job that runs for whoever looks at it: nobody else asks its service. */
const RUN_PACE: Pace = { ...LOCAL_PACE, log: 100, describe: 100 };
const KINDS = { TrainingJob: trainingJob, HyperParameterTuningJob: tuningJob, TransformJob: transformJob } as const;

export interface RunToFollow {
  readonly kind: keyof typeof KINDS;
  readonly name: string;
  /** Of the SageMaker that runs it. */
  readonly endpoint: string;
  readonly color: boolean;
  /** A file to draw it to. */
  readonly picture?: string;
  /** Draws, and says nothing. */
  readonly isQuiet?: boolean;
}

const NOWHERE = { write: () => true, once: () => undefined };

/** @throws CommandError for a file that is no picture */
export const checkPicture = (picture: string | undefined) => void destinationOf({ json: false, picture });

/** Shows a job as `logs --follow` does until it has ended, then its metrics or training jobs. @throws CommandError */
export async function followRun({ kind: member, name, endpoint, color, picture, isQuiet }: RunToFollow, given: Surface = PROCESS): Promise<void> {
  const surface = isQuiet === true ? { ...given, out: NOWHERE, err: NOWHERE } : given;
  const kind: JobKind = KINDS[member];
  const screen = new Screen({ ...surface, json: false, color });
  const clients = surface.clients ?? clientsFor({ localEndpoint: endpoint });
  const describe = () => kind.describe(clients.sageMaker, name);
  try {
    const job = kind.view(await describe());
    const follower = new Follower(job, {
      describe: async () => kind.view(await describe()),
      log: JobLog.of(kind, name, clients.logs, job.created),
      pick: metricPick(job.metricDefinitions, (metric, why) => screen.say('yellow', `metric ${metric} is not picked out: ${why}`)),
      pace: RUN_PACE, clock: surface.clock, screen,
    });
    const end = await follower.untilEnded();
    const results = await resultsOf(member, end, clients, screen);
    if (results !== undefined && typeof results.chart !== 'string') {
      for (const line of textChart(results.chart, (surface.err as Terminal).columns ?? 80)) { screen.say(undefined, line); }
    }
    if (member === 'HyperParameterTuningJob' && results !== undefined) { for (const line of textOf(results.table, 'table').trimEnd().split('\n')) { screen.say(undefined, line); } }
    await screen.end(end, follower.metrics.all());
    if (picture !== undefined) { draw(results ?? { chart: `the job has no metrics`, table: frameOf([]) }, picture, screen); }
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(inWords(error));
  } finally {
    screen.clearProgress();
    clients.sageMaker.destroy();
    clients.logs.destroy();
  }
}

/** What there is to draw of a job. */
async function resultsOf(kind: RunToFollow['kind'], job: JobView, clients: Clients, screen: Screen): Promise<{ readonly chart: Chart | string; readonly table: Frame } | undefined> {
  if (kind === 'HyperParameterTuningJob') {
    const jobs = await trainingJobsOf(job.name, clients.sageMaker);
    const objectives = new Objectives(await tuningJob.describe(clients.sageMaker, job.name) as unknown as DescribeHyperParameterTuningJobResponse);
    return jobs.length === 0 ? undefined : { chart: chartOfTuning(job.name, jobs, objectives), table: frameOf(objectives.bestFirst(jobs).map(rowOf), frameOf(jobs.map(rowOf)).columns) };
  }
  if (kind !== 'TrainingJob' || job.metricDefinitions.length === 0) { return undefined; }
  const names = job.metricDefinitions.flatMap(({ Name: metric }) => metric ?? []);
  const values = await fromLog(job, names, undefined, clients, screen);
  const hasAny = [...values.values()].some((each) => each.length > 0);
  return { chart: hasAny ? chartOfMetrics(job, values) : 'the log has no values of its metrics', table: frameOf(rowsOf(values), COLUMNS) };
}

/** Prints what comes of the log of something that serves, until it is told to end. */
export async function tailLog({ endpoint, group, color }: { readonly endpoint: string; readonly group: string; readonly color: boolean }, ended: () => boolean, surface: Surface = PROCESS): Promise<void> {
  const screen = new Screen({ ...surface, json: false, color });
  const clients = surface.clients ?? clientsFor({ localEndpoint: endpoint });
  const log = new JobLog(clients.logs, group, '', 0);
  const read = async () => {
    for await (const lines of log.news()) {
      const several = log.streams.length > 1 ? [...log.streams].sort() : undefined;
      for (const line of lines) { await screen.line(line, [], several); }
    }
  };
  try {
    while (!ended()) {
      await read();
      await SYSTEM_CLOCK.sleep(RUN_PACE.log);
    }
    await read();
  } finally {
    clients.sageMaker.destroy();
    clients.logs.destroy();
  }
}
