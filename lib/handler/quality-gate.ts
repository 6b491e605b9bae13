import type { Gate, OutcomeProperties } from './contract';
import { BadProperties, Refused } from './errors';
import type { Turn } from './events';
import { endedJob, knownMetric, metricOf, type EndedJob, type Looking } from './outcome-data';

/** What of a turn it takes to judge: `plan` judges too. */
interface Judging { readonly memo: Pick<Turn['memo'], 'before'>; readonly world: Looking }

/**
 * What a job that ended well must have reached besides. One that misses it fails the deployment; the job stays, and is
 * adopted once the gate lets it through. Never judged in a rollback: the caller sees to that.
 */
export async function judgeQuality(turn: Judging, properties: OutcomeProperties, ended: EndedJob): Promise<void> {
  const gates = (properties.Gates ?? []).map(bounds);
  const before = gates.some((gate) => gate.mayFallBy !== undefined || gate.mayRiseBy !== undefined) ? await jobBefore(turn, properties, ended) : undefined;
  const missed = gates.flatMap((gate) => misses(gate, ended, before));
  if (missed.length === 0) { return; }
  const { row, job } = ended;
  throw new Refused(`${row.noun} ${job.name} ended well and misses the quality gate: ${missed.join('; ')}. `
    + 'The job is kept: deploy with a gate that it passes, and it is taken as it is, or change what it is made of');
}

const BOUNDS = ['AtLeast', 'AtMost', 'MayFallBy', 'MayRiseBy'] as const;

interface Bounds { readonly metric: string; readonly atLeast?: number; readonly atMost?: number; readonly mayFallBy?: number; readonly mayRiseBy?: number }

/** The numbers of a gate, which CloudFormation has made texts of. */
function bounds(gate: Gate, index: number): Bounds {
  const number = (member: keyof Gate): number | undefined => {
    if (gate[member] === undefined) { return undefined; }
    const value = String(gate[member]).trim() === '' ? Number.NaN : Number(gate[member]);
    if (!Number.isFinite(value)) { throw new BadProperties(`Gates[${index}].${member}: must be a number, got ${JSON.stringify(gate[member])}`); }
    return value;
  };
  if (typeof gate.Metric !== 'string' || gate.Metric === '') { throw new BadProperties(`Gates[${index}].Metric: must be the name of a metric`); }
  if (BOUNDS.every((bound) => gate[bound] === undefined)) { throw new BadProperties(`Gates[${index}]: must have one of ${BOUNDS.join(', ')}`); }
  return { metric: gate.Metric, atLeast: number('AtLeast'), atMost: number('AtMost'), mayFallBy: number('MayFallBy'), mayRiseBy: number('MayRiseBy') };
}

/** Each bound that the metric is beyond, in words. No comparison holds for NaN, which so misses every gate. */
function misses({ metric, atLeast, atMost, mayFallBy, mayRiseBy }: Bounds, ended: EndedJob, before: EndedJob | undefined): string[] {
  const value = metricOf(ended, metric);
  const old = before && knownMetric(before, metric);
  const found: string[] = [];
  const claim = (holds: boolean, words: string) => { if (!holds) { found.push(`${metric} is ${value}, and must be ${words}`); } };
  if (atLeast !== undefined) { claim(value >= atLeast, `at least ${atLeast}`); }
  if (atMost !== undefined) { claim(value <= atMost, `at most ${atMost}`); }
  if (old === undefined || Number.isNaN(old)) { return found; }
  if (mayFallBy !== undefined) { claim(notBelow(value, old - mayFallBy), `at least ${old} - ${mayFallBy}, for ${before!.job.name} has ${old}`); }
  if (mayRiseBy !== undefined) { claim(notBelow(-value, -old - mayRiseBy), `at most ${old} + ${mayRiseBy}, for ${before!.job.name} has ${old}`); }
  return found;
}

/** 0.92 - 0.02 is a little more than 0.9 in binary: a difference that only the arithmetic makes does not count. */
function notBelow(value: number, bound: number): boolean {
  return value >= bound - Math.abs(bound) * 1e-12;
}

/** The job that this outcome has judged before: none at first, and none when it is the same. */
async function jobBefore({ memo, world }: Judging, properties: OutcomeProperties, { row }: EndedJob): Promise<EndedJob | undefined> {
  const name = memo.before?.judged;
  if (name === undefined || name === properties.JobName) { return undefined; }
  const job = await world.jobs.describe(properties.Kind, name);
  if (!job) { throw new Refused(`the record of ${name}, the job before, is gone, so ${properties.JobName} can't be compared with it; deploy once without that comparison`); }
  return endedJob(world, row, job);
}
