import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerModule } from '../support/simulated-cloud';
import { EVENTS, FAULTS, play, scenarios, STATES, violations } from '../support/matrix';
import type { Scenario } from '../support/matrix';
import { TESTED_KINDS, TRAINING, type TestedKind } from '../support/tested-kinds';

const ROOT = join(__dirname, '..', '..');
/** The ways through the code are the same for all kinds: one of them is gone through to the end. */
const placesToBeKilledAt = (kind: TestedKind) => (kind === TRAINING ? 12 : 5);

/** What a file of the handler says, and what it is made to say instead. */
interface Mutation { readonly file: string; readonly from: string; readonly to: string }

/** The handler, bundled, with at most one thing changed. */
function handlerWith(mutation?: Mutation): HandlerModule {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', 'mutant-'));
  try {
    for (const room of ['handler', 'limits']) { cpSync(join(ROOT, 'lib', room), join(folder, room), { recursive: true }); }
    if (mutation) { mutate(join(folder, 'handler', mutation.file), mutation); }
    const outfile = join(folder, 'bundle.js');
    // In a process of its own: esbuild does not work inside jest's sandbox.
    execFileSync(join(ROOT, 'node_modules', '.bin', 'esbuild'), [join(folder, 'handler', 'index.ts'), '--bundle', '--platform=node', '--main-fields=module,main', `--outfile=${outfile}`, '--log-level=error']);
    return require(outfile) as HandlerModule;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mutate(file: string, { from, to }: Mutation): void {
  const source = readFileSync(file, 'utf8');
  if (!source.includes(from)) { throw new Error(`${file} does not say: ${from}`); }
  writeFileSync(file, source.replaceAll(from, to));
}

async function violationsOf(handler: HandlerModule, kind: TestedKind, chosen: Iterable<Scenario>, enough = Number.POSITIVE_INFINITY): Promise<string[]> {
  const found: string[] = [];
  for (const scenario of chosen) {
    for (const sentence of violations(scenario, await play(handler, kind, scenario))) {
      found.push(`${kind.kind} | ${scenario.event} | ${scenario.state} | ${scenario.fault}: ${sentence}`);
    }
    if (found.length >= enough) { break; }
  }
  return found;
}

const handler = handlerWith();

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); jest.spyOn(console, 'warn').mockImplementation(() => {}); });

describe.each(TESTED_KINDS)('Over every event, state of the job and fault: $kind:', (kind) => {
  test.each(EVENTS)('%s: one job for one wish, none left behind, every event answered once and the same', async (event) => {
    const chosen = [...scenarios(placesToBeKilledAt(kind))].filter((scenario) => scenario.event === event);
    expect(chosen.length).toBe(STATES.length * (FAULTS.length + 2 * placesToBeKilledAt(kind)));
    expect(await violationsOf(handler, kind, chosen)).toEqual([]);
  }, 120_000);
});

describe('The matrix notices a handler', () => {
  const tellingScenarios = () => [...scenarios(8)].filter(({ event, state, fault }) => ['no fault', 'throttled', 'name taken by a stranger', 'connection reset after the effect'].includes(fault)
    || (event === 'Create' && state === 'absent' && fault.startsWith('killed after')));

  test.each([
    ['that does not stop on delete', { file: 'sagemaker-jobs.ts', from: 'await send(JOB_KINDS[kind].stop, named(kind, name));', to: '' }],
    ['that never adopts', { file: 'launch.ts', from: "job.state === 'running' || isUsable(run, job)", to: 'false' }],
    ['that forgets a terminal state', { file: 'runs.ts', from: "['completed', 'failed', 'stopped']", to: "['completed', 'failed']" }],
    ['that launches in a rollback', { file: 'launch.ts', from: "status.includes('ROLLBACK')", to: 'false' }],
    ['that does not look who owns a job', { file: 'runs.ts', from: 'tags[OWNER_TAGS.stack] === event.StackId && tags[OWNER_TAGS.logicalId] === event.LogicalResourceId', to: 'true' }],
    ['that does not know its own launch again', { file: 'runs.ts', from: 'tags[OWNER_TAGS.request] === event.RequestId', to: 'false' }],
    ['that takes throttling for a failure', { file: 'errors.ts', from: "return THROTTLING.test(e.name ?? '') || /rate exceeded/i.test(e.message ?? '')", to: 'return false' }],
    ['that answers before the job has stopped', { file: 'removal.ts', from: 'return { wait: LOOK_AGAIN_SECONDS };', to: 'return done;' }],
  ])('%s', async (_what, mutation) => {
    const mutant = handlerWith(mutation);
    expect(await violationsOf(mutant, TRAINING, tellingScenarios(), 1)).not.toEqual([]);
  }, 120_000);
});
