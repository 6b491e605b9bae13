import { ListTrainingJobsForHyperParameterTuningJobCommand, type DescribeHyperParameterTuningJobResponse, type HyperParameterTrainingJobSummary, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Chart, Panel, Point } from './chart';
import { numberOrText, type Cell, type Row } from './dataframe';
import { duration } from './status-lines';

export type Summary = HyperParameterTrainingJobSummary;

/** All training jobs of a tuning job, in the order of the service, which is that of their names. */
export async function trainingJobsOf(name: string, client: SageMakerClient): Promise<Summary[]> {
  const summaries: Summary[] = [];
  for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken !== undefined; isFirst = false) {
    const answer = await client.send(new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name, MaxResults: 100, NextToken }));
    summaries.push(...answer.TrainingJobSummaries ?? []);
    NextToken = answer.NextToken;
  }
  return summaries;
}

/** What HyperparameterTuningJobAnalytics of the Python SDK has of a training job, under the same names. */
export function rowOf(job: Summary): Row {
  const { TrainingStartTime: start, TrainingEndTime: end } = job;
  const row: [string, Cell][] = [
    ...Object.entries(job.TunedHyperParameters ?? {}).map(([name, value]): [string, Cell] => [name, numberOrText(value)]),
    ['TrainingJobName', job.TrainingJobName],
    ['TrainingJobStatus', job.TrainingJobStatus],
    ['FinalObjectiveValue', valueOf(job)],
    ['TrainingStartTime', start],
    ['TrainingEndTime', end],
  ];
  if (start !== undefined && end !== undefined) { row.push(['TrainingElapsedTimeSeconds', (end.getTime() - start.getTime()) / 1000]); }
  if (job.TrainingJobDefinitionName !== undefined) { row.push(['TrainingJobDefinitionName', job.TrainingJobDefinitionName]); }
  return new Map(row);
}

/** What is to become as small or as great as possible. */
interface Objective {
  readonly metric: string;
  readonly type: string;
}

/** Each definition of a tuning job may have an objective of its own. */
export class Objectives {
  constructor(private readonly tuning: DescribeHyperParameterTuningJobResponse) {}

  of(job: Summary): Objective {
    const { TrainingJobDefinitions: definitions = [], HyperParameterTuningJobConfig: config } = this.tuning;
    const final = job.FinalHyperParameterTuningJobObjectiveMetric;
    const wanted = definitions.find(({ DefinitionName: name }) => name === job.TrainingJobDefinitionName)?.TuningObjective ?? config?.HyperParameterTuningJobObjective;
    return { metric: final?.MetricName ?? wanted?.MetricName ?? '', type: final?.Type ?? wanted?.Type ?? 'Maximize' };
  }

  /** The best first; those without a value at the end, in the order in which they are. */
  bestFirst(jobs: readonly Summary[]): Summary[] {
    return this.groups(jobs).flatMap(([objective, group]) => [...group].sort((a, b) => better(objective, valueOf(a) as number, valueOf(b) as number)))
      .concat(jobs.filter((job) => !hasValue(job)));
  }

  /** Jobs with a value, by their objectives. */
  groups(jobs: readonly Summary[]): [Objective, Summary[]][] {
    const groups = new Map<string, [Objective, Summary[]]>();
    for (const job of jobs.filter(hasValue)) {
      const objective = this.of(job);
      const key = JSON.stringify(objective);
      groups.set(key, [objective, [...groups.get(key)?.[1] ?? [], job]]);
    }
    return [...groups.values()];
  }
}

const valueOf = (job: Summary) => job.FinalHyperParameterTuningJobObjectiveMetric?.Value;
const hasValue = (job: Summary) => Number.isFinite(valueOf(job));
const better = ({ type }: Objective, a: number, b: number) => (type === 'Minimize' ? a - b : b - a);

/** Each training job's objective when it ended, and the best until then; or why there is nothing to draw. */
export function chartOf(name: string, jobs: readonly Summary[], objectives: Objectives): Chart | string {
  const drawn = jobs.filter((job) => hasValue(job) && job.TrainingEndTime !== undefined);
  if (drawn.length === 0) { return `no training job of ${name} has ended with a value of its objective`; }
  const start = Math.min(...jobs.flatMap(({ TrainingStartTime: time }) => time?.getTime() ?? []), ...drawn.map(({ TrainingEndTime: end }) => (end as Date).getTime()));
  const groups = objectives.groups(drawn);
  const counted = `${drawn.length} of ${jobs.length} training ${jobs.length === 1 ? 'job' : 'jobs'} ended with a value of the objective.`;
  return {
    title: `Tuning job ${name}`,
    description: [counted, ...groups.map(([objective, group]) => bestText(objective, group, start, objectives))].join(' '),
    since: 'since the first training job began',
    legend: { dots: 'a training job, when it ended', line: 'the best until then' },
    panels: groups.map(([objective, group]) => panelOf(objective, group, start)),
  };
}

function bestText({ metric, type }: Objective, group: readonly Summary[], start: number, objectives: Objectives): string {
  const [best] = objectives.bestFirst(group) as [Summary];
  return `The ${type === 'Minimize' ? 'least' : 'greatest'} ${metric} is ${valueOf(best)}, of ${best.TrainingJobName} after ${duration((best.TrainingEndTime as Date).getTime() - start)}.`;
}

function panelOf(objective: Objective, group: readonly Summary[], start: number): Panel {
  const dots = group
    .map((job) => ({ seconds: ((job.TrainingEndTime as Date).getTime() - start) / 1000, value: valueOf(job) as number, name: `${job.TrainingJobName}: ${valueOf(job)}` }))
    .sort((a, b) => a.seconds - b.seconds);
  const steps = dots.reduce<Point[]>((best, dot) => (best.length === 0 || better(objective, dot.value, (best.at(-1) as Point).value) < 0 ? [...best, dot] : best), []);
  return { label: `${objective.metric}, to be ${objective.type === 'Minimize' ? 'minimized' : 'maximized'}`, dots, steps };
}
