import type { EndpointPlan, JobPlan, MemberChange, Plan, StackPlan } from './plan';
import type { Totals } from './totals';
import { modelsOf, totalsText, usageText, valuesOf, verdictWord } from './words';

type Paint = (colour: 'red' | 'green' | 'yellow' | 'grey' | 'bold', text: string) => string;

/** More than that of one job nobody reads; `--json` has all. */
const MOST_CHANGES = 12;
const COLOURS: { readonly [verdict: string]: Parameters<Paint>[0] } = {
  launches: 'yellow', retrains: 'yellow', adopts: 'green', stops: 'red', fails: 'red', unknown: 'yellow', creates: 'green', updates: 'yellow', replaces: 'red', deletes: 'red',
};

/** A plan for reading on a terminal: a line for each job and endpoint that something becomes of, and below it why. */
export function linesOf({ stacks }: Plan, totals: Totals, paint: Paint): string[] {
  return [...stacks.flatMap((stack) => [...stackLines(stack, paint, totals.currency), '']), ...totalsText(totals)];
}

function stackLines(stack: StackPlan, paint: Paint, currency: string | undefined): string[] {
  const parts = [...stack.jobs, ...stack.endpoints];
  const unchanged = parts.filter(({ verdict }) => verdict === 'unchanged').length;
  const shown = [
    ...stack.jobs.filter(({ verdict }) => verdict !== 'unchanged').flatMap((job) => jobLines(job, paint, currency)),
    ...stack.endpoints.filter(({ verdict }) => verdict !== 'unchanged').flatMap((endpoint) => endpointLines(endpoint, paint, currency)),
  ];
  return [
    `${paint('bold', stack.path)}  ${stack.isDeployed ? 'compared with' : 'not yet deployed at'} ${stack.comparedWith}`,
    ...(stack.refused === undefined ? [] : [`  ${paint('red', 'refused')}    ${stack.refused}`]),
    ...(stack.fails === undefined ? [] : [`  ${paint('red', 'fails')}      ${stack.fails}`]),
    ...shown,
    ...(parts.length === 0 ? ['  neither jobs nor endpoints'] : unchanged > 0 ? [`  ${unchanged} unchanged`] : []),
  ];
}

function jobLines(job: JobPlan, paint: Paint, currency: string | undefined): string[] {
  const { verdict, path, newJob, oldJob, changes, hangsOn, reason, usage } = job;
  const what = verdict === 'adopts' ? newJob : verdict === 'stops' || verdict === 'leaves' ? oldJob : undefined;
  return [
    `${head(verdict, path, paint)}${what === undefined ? '' : `  ${what}`}${usage === undefined ? '' : `  ${usageText(usage, currency)}`}`,
    ...(reason === undefined ? [] : [`      ${reason}`]),
    ...detailLines(hangsOn, changes, paint),
  ];
}

function endpointLines({ verdict, path, how, models, changes, hangsOn, usage }: EndpointPlan, paint: Paint, currency: string | undefined): string[] {
  const moved = models.filter((model) => model.old !== model.new);
  return [
    `${head(verdict, path, paint)}${how === undefined ? '' : `  ${how}`}${usage === undefined ? '' : `  ${usageText(usage, currency)}`}`,
    ...moved.map((model) => `      ${model.variant}: ${modelsOf(model).join(' -> ')}`),
    ...detailLines(hangsOn, changes, paint),
  ];
}

const head = (verdict: JobPlan['verdict'] | EndpointPlan['verdict'], path: string, paint: Paint) => `  ${paint(COLOURS[verdict] ?? 'grey', verdictWord(verdict).padEnd(9))}  ${path}`;

function detailLines(hangsOn: readonly string[], changes: readonly MemberChange[], paint: Paint): string[] {
  return [
    ...hangsOn.map((what) => `      hangs on ${what}`),
    ...changes.slice(0, MOST_CHANGES).map((change) => `      ${changeText(change)}${change.counts ? '' : paint('grey', ' (no other result)')}`),
    ...(changes.length > MOST_CHANGES ? [`      and ${changes.length - MOST_CHANGES} more members, which --json has`] : []),
  ];
}

function changeText(change: MemberChange): string {
  const { old = '(none)', new: wanted = '(none)' } = valuesOf(change);
  return `${change.path}: ${old} -> ${wanted}`;
}
