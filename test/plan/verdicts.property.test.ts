import fc from 'fast-check';
import type { JobPlan, JobVerdict } from '../../lib/plan/plan';
import { define, WANTED } from './random-stack';
import { PlanBench } from './support';

const RUNS = Number(process.env.PLAN_RUNS ?? 12);

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); }, 120_000);
afterAll(() => bench.close());

const of = (jobs: readonly JobPlan[], ...verdicts: JobVerdict[]) => jobs.filter(({ verdict }) => verdicts.includes(verdict));

const lineOf = ({ path, verdict, oldJob, newJob, changes, hangsOn, reason }: JobPlan) =>
  `${path}: ${verdict} ${oldJob ?? ''} -> ${newJob ?? '?'} ${reason ?? ''} ${changes.map(({ path: member, counts, old, new: wanted }) => `${counts ? '' : '('}${member} ${old ?? ''} -> ${wanted ?? ''}${counts ? '' : ')'}`).join('; ')} ${hangsOn.join(', ')}`;

describe('A plan', () => {
  test('says of random stacks, three states of each, what the deployment then does', async () => {
    const seen = new Map<JobVerdict, number>();
    let stacks = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ wanted: WANTED, looseFails: fc.boolean() }), { minLength: 3, maxLength: 3 }), fc.boolean(), async (states, comesBack) => {
      const name = `S${stacks++}`;
      for (const { wanted, looseFails } of comesBack ? [...states.slice(0, 2), states[0]!] : states) {
        bench.aws.script(`${name.toLowerCase()}-loose-*`, looseFails ? bench.Outcome.fails('AlgorithmError: no') : bench.Outcome.completesAfter(0));
        const stack = bench.stack(define(wanted), name);
        const { jobs } = await bench.plan(stack);
        bench.aws.clear();
        bench.aws.script('*', bench.Outcome.completesAfter(0, { metrics: { accuracy: 0.9 } }));
        bench.aws.script(`${name.toLowerCase()}-loose-*`, looseFails ? bench.Outcome.fails('AlgorithmError: no') : bench.Outcome.completesAfter(0));
        const launched = await bench.deploy(stack);
        jobs.forEach(({ verdict }) => seen.set(verdict, (seen.get(verdict) ?? 0) + 1));
        const told = ['AddTags', 'DeleteTags'].flatMap((operation) => bench.aws.calls(operation)).length;
        const [sure, open] = [of(jobs, 'launches', 'retrains'), of(jobs, 'unknown')];
        const known = sure.flatMap(({ newJob }) => newJob ?? []);
        const text = `${name} launched ${launched.join(', ')}; told ${told} times; of\n${jobs.map(lineOf).join('\n')}`;
        if (!known.every((job) => launched.includes(job))) { throw new Error(`not launched: ${text}`); }
        if (launched.length < sure.length || launched.length > sure.length + open.length) { throw new Error(`as many as were not planned: ${text}`); }
        if (open.some(({ hangsOn }) => hangsOn.length === 0)) { throw new Error(`hangs on nothing: ${text}`); }
        if (of(jobs, 'in-place').length > 0 !== told > 0 && of(jobs, 'adopts', 'unknown').length === 0) { throw new Error(`told: ${text}`); }
        const { jobs: after } = await bench.plan(stack);
        if (of(after, 'unchanged').length !== after.length) { throw new Error(`not at rest: ${after.map(lineOf).join('\n')}`); }
        const there = new Set(after.map(({ oldJob }) => oldJob));
        const lost = of(jobs, 'adopts', 'in-place', 'unchanged').filter(({ newJob }) => !there.has(newJob));
        if (lost.length > 0) { throw new Error(`another job is there than ${lost.map(lineOf).join('\n')}: ${text}\n${after.map(lineOf).join('\n')}`); }
      }
    }), { numRuns: RUNS, seed: Number(process.env.PLAN_SEED ?? 1), endOnFailure: true });
    for (const verdict of ['launches', 'retrains', 'adopts', 'in-place', 'unchanged', 'leaves', 'unknown'] as const) { expect(`${verdict} ${(seen.get(verdict) ?? 0) > 0}`).toBe(`${verdict} true`); }
  }, 600_000);
});
