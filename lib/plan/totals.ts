import type { JobPlan, Plan, Usage } from './plan';

/** What all of a plan may use together. */
export interface Totals {
  /** What the deployment launches, each for some time. */
  readonly jobs: Sum & {
    /** What is launched for certain. */
    readonly launched: number;
    /** What may be launched, depending on what only the deployment knows; it is counted in. */
    readonly mayLaunch: number;
  };
  /** What serves when everything is deployed: in a month. */
  readonly endpoints: Sum & { readonly oldHours: number };
  /** That of the price list. */
  readonly currency?: string;
}

export interface Sum {
  /** Of everything that has a bound. */
  readonly hours: number;
  /** What has none, and why. */
  readonly unbounded: readonly { readonly path: string; readonly why: string }[];
  /** With a price list: of everything that it has all prices of. */
  readonly cost?: number;
  /** What it has none of: the cost is of the rest. */
  readonly unpriced: readonly string[];
}

/** Whether a job is launched: for certain, or perhaps. */
export const mayLaunch = ({ verdict }: Pick<JobPlan, 'verdict'>) => ['launches', 'retrains', 'unknown'].includes(verdict);

/** Those of stacks that will not be deployed launch nothing. */
export const launchedJobs = (stacks: Plan['stacks']) => stacks.filter(({ refused }) => refused === undefined).flatMap((stack) => stack.jobs).filter(mayLaunch);

/** @param prices whether there is a price list, and its currency */
export function totalsOf({ stacks }: Plan, prices?: { readonly currency?: string }): Totals {
  const jobs = launchedJobs(stacks);
  const all = stacks.flatMap((stack) => stack.endpoints);
  // What serves stays as it is where the stack does.
  const endpoints = stacks.flatMap((stack) => (stack.refused === undefined && stack.fails === undefined ? stack.endpoints.filter(({ verdict }) => verdict !== 'deletes')
    : stack.endpoints.filter(({ oldUsage }) => oldUsage !== undefined).map((endpoint) => ({ ...endpoint, verdict: 'unchanged' as const, usage: endpoint.oldUsage }))));
  // Of one that stays as it is nobody needs to know more.
  const moving = endpoints.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'blocked');
  const unsure = jobs.filter(({ verdict }) => verdict === 'unknown').length;
  return {
    jobs: { ...sumOf(jobs, prices !== undefined), launched: jobs.length - unsure, mayLaunch: unsure },
    endpoints: { ...sumOf(endpoints, prices !== undefined), unbounded: sumOf(moving, false).unbounded, oldHours: all.reduce((sum, { oldUsage }) => sum + (oldUsage?.hours ?? 0), 0) },
    currency: prices?.currency,
  };
}

const UNKNOWN: Usage = { instances: [], isRunning: false, unbounded: 'what it uses is not known' };

function sumOf(parts: readonly { readonly path: string; readonly usage?: Usage }[], isPriced: boolean): Sum {
  const known = parts.map(({ path, usage = UNKNOWN }) => ({ path, usage }));
  const total = (value: (usage: Usage) => number | undefined) => known.reduce((sum, { usage }) => sum + (value(usage) ?? 0), 0);
  return {
    hours: total(({ hours }) => hours),
    unbounded: known.flatMap(({ path, usage: { unbounded } }) => (unbounded === undefined ? [] : [{ path, why: unbounded }])),
    cost: isPriced ? total(({ cost }) => cost) : undefined,
    unpriced: [...new Set(known.flatMap(({ usage }) => usage.unpriced ?? []))].sort(),
  };
}
