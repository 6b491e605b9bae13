import type { EndpointVerdict, JobVerdict, MemberChange, Usage } from './plan';
import type { Sum, Totals } from './totals';

/** What people read of a value, at most. */
const LONGEST_VALUE = 80;
/** Of a model: what it is made of, and runs in. */
const LONGEST_MODEL = 200;
/** How much is left of what two long values begin with, where they differ behind that. */
const BEFORE_DIFFERENCE = 16;

export const verdictWord = (verdict: JobVerdict | EndpointVerdict) => (verdict === 'in-place' ? 'in place' : verdict);

/** In one line, and not too long. */
export function shortened(value: string, from = 0, longest = LONGEST_VALUE): string {
  const line = value.replace(/\s+/g, ' ');
  const start = from > 0 ? `…${line.slice(from)}` : line;
  return start.length <= longest ? start : `${start.slice(0, longest - 1)}…`;
}

/** The two values of a change. Long ones that begin alike are shown from shortly before they differ. */
export function valuesOf({ old, new: wanted }: Pick<MemberChange, 'old' | 'new'>): { readonly old?: string; readonly new?: string } {
  if (old === undefined || wanted === undefined) { return { old: old === undefined ? undefined : shortened(old), new: wanted === undefined ? undefined : shortened(wanted) }; }
  const from = shortened(old) === shortened(wanted) ? Math.max(0, firstDifference(old.replace(/\s+/g, ' '), wanted.replace(/\s+/g, ' ')) - BEFORE_DIFFERENCE) : 0;
  return { old: shortened(old, from), new: shortened(wanted, from) };
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) { index++; }
  return index;
}

/** The model of a variant before and after; what both run in is left out. */
export function modelsOf({ old, new: wanted }: { readonly old?: string; readonly new?: string }): readonly [before: string, after: string] {
  const [was, will] = [old, wanted].map((text) => / in ([^ ]+)$/.exec(text ?? ''));
  const isSame = was != null && will != null && was[0] === will[0];
  const [before, after] = [old, wanted].map((text) => (text === undefined ? 'none' : shortened(isSame ? text.slice(0, -was[0].length) : text, 0, LONGEST_MODEL)));
  return [before as string, after as string];
}

/** Rounded up: it is a bound. */
export function amount(value: number): string {
  return String(Math.ceil(Math.round(value * 1e6) / 1e4) / 100);
}

export const money = (value: number, currency: string | undefined) => `${(Math.ceil(Math.round(value * 1e6) / 1e4) / 100).toFixed(2)}${currency === undefined ? '' : ` ${currency}`}`;

/** `at most 3 instance-hours of ml.m5.large, 0.35 USD` */
export function usageText(usage: Usage, currency?: string): string {
  const { instances, hours = 0, unbounded, cost, unpriced = [], isRunning } = usage;
  if (unbounded !== undefined) { return `no bound: ${unbounded}`; }
  if (instances.length === 0) { return 'no instances of its own'; }
  const types = instances.map(({ instanceType }) => instanceType).join(', ');
  const price = cost !== undefined ? `, ${money(cost, currency)}` : unpriced.length > 0 ? `, no price of ${unpriced.join(', ')}` : '';
  return `at most ${amount(hours)} instance-hours${isRunning ? ' a month' : ''} of ${types}${price}`;
}

/** What all of it may use, in one or two sentences; nothing where nothing does. */
export function totalsText({ jobs, endpoints, currency }: Totals): string[] {
  const count = jobs.launched + jobs.mayLaunch;
  const perhaps = jobs.mayLaunch === 0 ? '' : jobs.launched === 0 ? ', which hang on what only the deployment knows' : `, ${jobs.mayLaunch} of them perhaps`;
  const isOther = endpoints.oldHours !== endpoints.hours || endpoints.unbounded.length > 0;
  return [
    count === 0 ? 'No job is launched.' : `${count} ${count === 1 ? 'job is' : 'jobs are'} launched${perhaps}: ${sumText(jobs, currency)}.`,
    ...(isOther ? [`Endpoints, in a month: ${sumText(endpoints, currency)} (before: ${amount(endpoints.oldHours)}).`] : []),
  ];
}

function sumText({ hours, unbounded, cost, unpriced }: Sum, currency: string | undefined): string {
  const without = unbounded.map(({ path, why }) => `${path} has no bound (${why})`);
  return [
    ...(hours > 0 || without.length === 0 ? [`at most ${amount(hours)} instance-hours`] : []), ...without,
    ...(cost === undefined ? [] : [costText(cost, unpriced, without.length > 0, currency)]),
  ].join(', ');
}

/** A sum that lacks something says so, and is never nothing. */
function costText(cost: number, unpriced: readonly string[], lacksMore: boolean, currency: string | undefined): string {
  const lacks = unpriced.length > 0 ? `the price list has no price of ${unpriced.join(', ')}` : lacksMore ? 'what has no bound has no price' : undefined;
  if (lacks === undefined) { return money(cost, currency); }
  return cost === 0 ? `the cost is not known: ${lacks}` : `${money(cost, currency)}, which is incomplete: ${lacks}`;
}
