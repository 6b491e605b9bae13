import { consolePage, logsPage } from '../limits/partitions';
import type { Clients } from './clients';
import { isDenied } from './faults';
import { ownerOf, regionOf, type FoundJob } from './find-job';
import { hasEnded, type JobKind, type JobView, type Section } from './job-kind';
import { aligned, duration, outcomeLine, savingOf, secondsOf, utc } from './status-lines';

/** Whose the job is, and where it is shown. */
export interface Surroundings {
  /** Nothing where the tags may not be read. */
  readonly owner?: { readonly stackName?: string; readonly logicalId?: string; readonly others: readonly (readonly [string, string])[] };
  /** Its page and its log in the console; nothing for a job of the local AWS. */
  readonly console?: string;
  readonly logs?: string;
}

export async function surroundingsOf({ kind, document }: FoundJob, isLocal: boolean, clients: Clients): Promise<Surroundings> {
  const { arn, name } = kind.view(document);
  const owner = await ownerOf({ arn }, clients).catch((error: unknown) => {
    if (isDenied(error)) { return undefined; }
    throw error;
  });
  return { owner, ...isLocal ? {} : linksOf(kind, arn.split(':')[1] ?? '', await regionOf(clients), name) };
}

/** Where a job at AWS is shown. */
export function linksOf(kind: JobKind, partition: string, region: string, name: string): Pick<Surroundings, 'console' | 'logs'> {
  return { console: consolePage(partition, region, kind.page(name)), logs: logsPage(partition, region, kind.logGroup, kind.logStreams(name)) };
}

/** All that is shown of a job: labels and what belongs to them, without those that have nothing. */
export function description(kind: JobKind, job: JobView, own: readonly Section[], { owner, console, logs }: Surroundings, now: number): Section[] {
  const head: Section[] = [
    { label: kind.noun, rows: [[job.name]] },
    { label: 'status', rows: outcomeLine(job).split('\n').map((line) => [line]) },
    { label: 'history', rows: job.transitions.map(({ status, message, start, end }) => [utc(start), duration((end ?? (hasEnded(job) ? start : now)) - start), status, message]) },
    { label: 'time', rows: timeRows(job, now) },
  ];
  const tail: Section[] = [
    { label: 'stack', rows: owner?.stackName === undefined ? [] : [[`${owner.stackName}, ${owner.logicalId ?? '?'}`]] },
    { label: 'tags', rows: (owner?.others ?? []).map((tag) => [...tag]) },
    { label: 'arn', rows: [[job.arn]] },
    { label: 'logs', rows: [[`${kind.logGroup}, streams ${kind.logStreams(job.name)}*`], ...logs === undefined ? [] : [[logs]]] },
    { label: 'console', rows: console === undefined ? [] : [[console]] },
  ];
  return [...head, ...own, ...tail].filter(({ rows }) => rows.length > 0);
}

function timeRows(job: JobView, now: number): string[][] {
  const { created, ended } = job;
  const { training, billable } = secondsOf(job);
  const saving = savingOf(job);
  const billed = [
    ...training === undefined ? [] : [`training ${training} s`],
    ...billable === undefined ? [] : [`billable ${billable} s`],
    ...saving === undefined ? [] : [`managed spot saved ${saving.toFixed(1)}%`],
  ].join(', ');
  const since = `created ${utc(created)} UTC, ${ended === undefined && !hasEnded(job) ? `${duration(now - created)} ago` : `ended ${utc(ended ?? job.modified)} UTC`}`;
  return [[since], ...billed === '' ? [] : [[billed]]];
}

/** Labels on the left, the rest below each other. */
export function descriptionLines(sections: readonly Section[], paint: (label: string) => string): string[] {
  const width = Math.max(...sections.map(({ label }) => label.length)) + 2;
  return sections.flatMap(({ label, rows }) => aligned(rows).map((line, index) => `${index === 0 ? paint(label) : ''}${' '.repeat(width - (index === 0 ? label.length : 0))}${line}`));
}
