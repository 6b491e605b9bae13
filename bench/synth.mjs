// Synth of training jobs by the library, against an L1 app that writes the same resources: `node bench/synth.mjs [rounds]`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, figure, root, run, show } from './harness.mjs';

const rounds = Number(process.argv[2] ?? 9);
const app = join(root, 'bench', 'synth-app.mjs');
const PER_STACK = 200;

/** The provider's resources as the library writes them. */
function provider() {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-provider-'));
  run(app, ['library', 1, 1, outdir], { CDK_VALIDATION: 'false' });
  const { Resources } = JSON.parse(readFileSync(join(outdir, 'Bench0.template.json'), 'utf8'));
  rmSync(outdir, { recursive: true, force: true });
  return JSON.stringify(Object.fromEntries(Object.entries(Resources).filter(([id]) => id.startsWith('SageMakerJob'))));
}

const BENCH_PROVIDER = provider();
const cases = (jobs, validation) => Object.fromEntries(['library', 'raw'].map((kind) => [kind, () => run(app, [kind, jobs, PER_STACK], { CDK_VALIDATION: validation, BENCH_PROVIDER })]));

const [one, other] = Object.values(cases(100, 'false')).map((measure) => measure());
if (one.essence !== other.essence) { throw new Error('the two apps do not write the same jobs'); }

const off = alternate(cases(100, 'false'), rounds);
const on = alternate(cases(100, 'true'), Math.min(rounds, 5));
const growth = alternate({ some: cases(400, 'false').library, many: cases(1600, 'false').library, rawSome: cases(400, 'false').raw, rawMany: cases(1600, 'false').raw, one: cases(1, 'false').library }, Math.min(rounds, 5));
const perJob = (less, more, from, to) => growth.difference(more, less, 'cpu') / (to - from);
const slope = perJob('some', 'many', 400, 1600) / perJob('one', 'some', 1, 400);
const wall = off.ratio('library', 'raw', 'wall');
const wallOn = on.ratio('library', 'raw', 'wall');

show('Synth of 100 training jobs, against an L1 app that writes the same resources', [
  figure('wall time, validation off', wall.toFixed(2), 'at most 1.25 x', wall <= 1.25, ' x'),
  figure('processor time, validation off', off.ratio('library', 'raw', 'cpu').toFixed(2), '', undefined, ' x'),
  figure('wall time, validation on', wallOn.toFixed(2), 'at most 1.10 x', wallOn <= 1.1, ' x'),
  figure('library, validation off', off.median('library', 'wall').toFixed(0), '', undefined, ' ms'),
  figure('L1 app, validation off', off.median('raw', 'wall').toFixed(0), '', undefined, ' ms'),
  figure('library, validation on', on.median('library', 'wall').toFixed(0), '', undefined, ' ms'),
  figure('growth: processor time of a job between 400 and 1,600 jobs over that between 1 and 400', slope.toFixed(2), 'linear: at most 1.3 x', slope <= 1.3, ' x'),
  figure('a further job', perJob('some', 'many', 400, 1600).toFixed(2), '', undefined, ' ms of processor time'),
  figure('a further job of the L1 app', perJob('rawSome', 'rawMany', 400, 1600).toFixed(2), '', undefined, ' ms of processor time'),
], [`${rounds} rounds, ${PER_STACK} jobs a stack; each run is a process of its own, module loading included`]);
