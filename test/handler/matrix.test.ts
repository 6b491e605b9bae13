import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerModule } from '../support/simulated-cloud';
import { EVENTS, FAULTS, play, scenarios, STATES, violations } from '../support/matrix';
import type { Scenario } from '../support/matrix';

const ROOT = join(__dirname, '..', '..');
const PLACES_TO_BE_KILLED_AT = 12;

/** What the bundle says, and what it is made to say instead. */
interface Mutation { readonly from: string; readonly to: string }

/** The handler, bundled as it is deployed, with one thing changed. */
function handlerWith(mutation?: Mutation): HandlerModule {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', 'mutant-'));
  try {
    const outfile = join(folder, 'index.js');
    // In a process of its own: esbuild does not work inside jest's sandbox.
    execFileSync(join(ROOT, 'node_modules', '.bin', 'esbuild'), ['lib/handler/index.ts', '--bundle', '--platform=node', '--main-fields=module,main', `--outfile=${outfile}`, '--log-level=error'], { cwd: ROOT });
    if (mutation) { mutate(outfile, mutation); }
    return require(outfile) as HandlerModule;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mutate(outfile: string, { from, to }: Mutation): void {
  const bundle = readFileSync(outfile, 'utf8');
  if (!bundle.includes(from)) { throw new Error(`the bundle has no: ${from}`); }
  writeFileSync(outfile, bundle.replaceAll(from, to));
}

async function violationsOf(handler: HandlerModule, chosen: Iterable<Scenario>): Promise<string[]> {
  const found: string[] = [];
  for (const scenario of chosen) {
    for (const sentence of violations(scenario, await play(handler, scenario))) {
      found.push(`${scenario.event} | ${scenario.state} | ${scenario.fault}: ${sentence}`);
    }
  }
  return found;
}

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); jest.spyOn(console, 'warn').mockImplementation(() => {}); });

describe('Over every event, state of the job and fault', () => {
  const handler = handlerWith();

  test.each(EVENTS)('%s: one job for one wish, none left behind, every event answered once and the same', async (event) => {
    const chosen = [...scenarios(PLACES_TO_BE_KILLED_AT)].filter((scenario) => scenario.event === event);
    expect(chosen.length).toBe(STATES.length * (FAULTS.length + 2 * PLACES_TO_BE_KILLED_AT));
    expect(await violationsOf(handler, chosen)).toEqual([]);
  }, 120_000);
});

describe('The matrix notices a handler', () => {
  const withoutKills = () => [...scenarios(2)].filter(({ fault }) => ['no fault', 'throttled', 'name taken by a stranger', 'connection reset after the effect', 'killed after await 2'].includes(fault));

  test.each([
    ['that does not stop on delete', { from: 'await send(JOB_KINDS[kind].stop, named(kind, name));', to: ';' }],
    ['that never adopts', { from: 'job.state === "running" || isUsable(run, job)', to: 'false' }],
    ['that forgets a terminal state', { from: '["completed", "failed", "stopped"]', to: '["completed", "failed"]' }],
    ['that launches in a rollback', { from: 'status.includes("ROLLBACK")', to: 'false' }],
    ['that does not look who owns a job', { from: 'tags[OWNER_TAGS.stack] === event.StackId && tags[OWNER_TAGS.logicalId] === event.LogicalResourceId', to: 'true' }],
    ['that does not know its own launch again', { from: 'tags[OWNER_TAGS.request] === event.RequestId', to: 'false' }],
    ['that takes throttling for a failure', { from: 'return THROTTLING.test(e.name ?? "")', to: 'return false && THROTTLING.test(e.name ?? "")' }],
  ])('%s', async (_what, mutation) => {
    const mutant = handlerWith(mutation);
    expect(await violationsOf(mutant, withoutKills())).not.toEqual([]);
  }, 120_000);
});
