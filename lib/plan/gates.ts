import { UsageError } from '../local/cli/output';
import type { EndpointVerdict, JobVerdict, Plan } from './plan';
import { launchedJobs, type Sum, type Totals } from './totals';
import { amount, money } from './words';

/** What must not be, or be at most. */
export interface Gates {
  readonly failOn: readonly Word[];
  readonly maxInstanceHours?: number;
  readonly maxCost?: number;
}

/** What `--fail-on` may say: the verdicts that it means. */
const WORDS = {
  'launch': ['launches'],
  'retrain': ['retrains'],
  'adopt': ['adopts'],
  'in-place': ['in-place'],
  'stop': ['stops'],
  'unknown': ['unknown'],
  'fail': ['fails'],
  'replace': ['replaces'],
  'delete': ['deletes'],
} as const satisfies { readonly [word: string]: readonly (JobVerdict | EndpointVerdict)[] };
type Word = keyof typeof WORDS;
export const GATE_WORDS = Object.keys(WORDS) as readonly Word[];

/** As a command line has them. @throws UsageError */
export function gatesOf({ failOn, maxInstanceHours, maxCost, prices }: { readonly failOn: readonly string[]; readonly maxInstanceHours?: string; readonly maxCost?: string; readonly prices?: string }): Gates {
  const words = failOn.flatMap((list) => list.split(',')).map((word) => word.trim());
  const unknown = words.find((word) => !Object.hasOwn(WORDS, word));
  if (unknown !== undefined) { throw new UsageError(`--fail-on must be of ${GATE_WORDS.join(', ')}, got ${unknown === '' ? 'nothing' : unknown}`); }
  if (maxCost !== undefined && prices === undefined) { throw new UsageError('--max-cost needs a price list: --prices prices.json'); }
  return { failOn: words as Word[], maxInstanceHours: numberOf('--max-instance-hours', maxInstanceHours), maxCost: numberOf('--max-cost', maxCost) };
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,12}(\.\d{1,6})?$/.test(text)) { throw new UsageError(`${option} must be a number, got ${text}`); }
  return text === undefined ? undefined : Number(text);
}

/** Which gates a plan misses, and what of it does: sentences. */
export function missedGates({ stacks }: Plan, { jobs, currency }: Totals, { failOn, maxInstanceHours, maxCost }: Gates): string[] {
  const parts = stacks.flatMap((stack) => [...stack.jobs, ...stack.endpoints]);
  const verdicts = [...new Set(failOn)].flatMap((word) => {
    const failing = word === 'fail' ? stacks.filter(({ refused, fails }) => refused !== undefined || fails !== undefined) : [];
    const found = [...failing, ...parts.filter(({ verdict }) => (WORDS[word] as readonly string[]).includes(verdict))].map(({ path }) => path);
    return found.length > 0 ? [`--fail-on ${word}: ${found.join(', ')}`] : [];
  });
  const launched = launchedJobs(stacks);
  const most = (value: (job: (typeof launched)[number]) => number | undefined, text: (value: number) => string) => launched
    .map((job) => ({ path: job.path, value: value(job) ?? 0 })).filter((each) => each.value > 0).sort((a, b) => b.value - a.value).map((each) => `${each.path} ${text(each.value)}`).join(', ');
  const hours = maxInstanceHours !== undefined && jobs.hours > maxInstanceHours
    ? [`--max-instance-hours ${maxInstanceHours}: it may be ${amount(jobs.hours)}: ${most(({ usage }) => usage?.hours, amount)}`] : [];
  const asMoney = (value: number) => money(value, currency);
  const cost = maxCost !== undefined && jobs.cost !== undefined && jobs.cost > maxCost
    ? [`--max-cost ${maxCost}: it may be ${asMoney(jobs.cost)}: ${most(({ usage }) => usage?.cost, asMoney)}`] : [];
  return [
    ...verdicts, ...hours, ...(maxInstanceHours === undefined ? [] : withoutBound('--max-instance-hours', maxInstanceHours, jobs)),
    ...cost, ...(maxCost === undefined ? [] : [...withoutBound('--max-cost', maxCost, jobs), ...jobs.unpriced.map((what) => `--max-cost ${maxCost}: the price list has no price of ${what}`)]),
  ];
}

/** What has no bound is within none. */
const withoutBound = (option: string, most: number, { unbounded }: Sum) => unbounded.map(({ path, why }) => `${option} ${most}: ${path} has no bound: ${why}`);
