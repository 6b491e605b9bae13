import type { JobKindName } from '../limits/job-kinds';
import type { OutcomeProperties } from './contract';
import { attributeText } from './derived-data';
import { BadProperties, Refused } from './errors';
import type { JobRules, Tree } from './job-kind';
import type { Job, Jobs } from './world';

/** A job, and where it has launched jobs by itself, the best of them. */
export interface EndedJob {
  readonly row: JobRules;
  readonly job: Job;
  readonly best?: Tree;
}

type Data = { [attribute: string]: string };

/** What jobs are looked up with. */
export interface Looking { readonly jobs: Pick<Jobs, 'describe'> }

export async function endedJob(world: Looking, row: JobRules, job: Job): Promise<EndedJob> {
  const name = row.best?.(job.details);
  const best = name === undefined ? undefined : await world.jobs.describe(row.launches as JobKindName, name);
  return { row, job, best: best?.details };
}

/** Every attribute that the template reads, or an error that names the one that is not there. */
export function dataOf(properties: OutcomeProperties, ended: EndedJob): Data {
  const { row, job, best } = ended;
  const data: Data = {};
  for (const attribute of properties.Attributes ?? []) {
    if (!Object.hasOwn(row.attributes, attribute)) { throw new BadProperties(`Attributes: ${attribute} is none of ${Object.keys(row.attributes).join(', ')}`); }
    const known = row.attributes[attribute](job.details, best);
    if (known === undefined && row.best && !best) { throw new Refused(`${row.noun} ${job.name} has no ${attribute}: ${noBest(ended)}`); }
    data[attribute] = attributeText(properties, row, attribute, known);
  }
  for (const [attribute, metric] of Object.entries(properties.Metrics ?? {})) { data[attribute] = String(metricOf(ended, metric)); }
  for (const [attribute, name] of Object.entries(properties.Hyperparameters ?? {})) { data[attribute] = hyperparameterOf(ended, name); }
  return data;
}

/** The final value of a metric, or an error that says which there are. */
export function metricOf(ended: EndedJob, metric: string): number {
  const { row, job } = ended;
  const value = knownMetric(ended, metric);
  if (value !== undefined) { return value; }
  if (row.best && !ended.best) { throw new Refused(`${row.noun} ${job.name} has no value of the metric '${metric}': ${noBest(ended)}`); }
  const seen = [...new Set(metricsOf(ended).map(({ MetricName }) => MetricName))].join(', ') || 'no metric';
  throw new Refused(`${row.noun} ${job.name} has reported no value of the metric '${metric}' (it reported ${seen}); does its regular expression match a line of the log?`);
}

export const knownMetric = (ended: EndedJob, metric: string) => metricsOf(ended).find((value) => value.MetricName === metric)?.Value;
const metricsOf = ({ row, job, best }: EndedJob) => row.metrics?.(job.details, best) ?? [];

/** One that the definition of the best job does not have is empty: definitions may have different ones. */
function hyperparameterOf(ended: EndedJob, name: string): string {
  const { row, job, best } = ended;
  if (!best) { throw new Refused(`${row.noun} ${job.name} has found no value of the hyperparameter '${name}': ${noBest(ended)}`); }
  const found = row.hyperparameters?.(job.details) ?? {};
  return Object.hasOwn(found, name) ? String(found[name]) : '';
}

function noBest({ row, job }: EndedJob): string {
  const name = row.best?.(job.details);
  return name === undefined ? 'none of its training jobs has ended well and reported a value of the objective' : `the record of its best training job ${name} is gone`;
}
