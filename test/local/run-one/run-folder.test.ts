import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblyFolder, lastRun, RunFolder } from '../../../lib/local/run-one/run-folder';

const folder = mkdtempSync(join(tmpdir(), 'runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const state = () => mkdtempSync(join(folder, 'state-'));

/** A run as an earlier process has left it. */
function ended(at: string, minute: number, record?: object): string {
  const run = RunFolder.create(at, 'App/Train', new Date(Date.UTC(2026, 0, 1, 0, minute)));
  writeFileSync(run.at('owner.json'), JSON.stringify({ pid: 1, start: 'another' }));
  if (record !== undefined) { run.write({ path: 'App/Train', kind: 'TrainingJob', job: `job-${minute}`, ...record }); }
  return run.folder;
}

describe('the folders of runs', () => {
  test('keep the last three that ended before of a construct, those that run, and the last that was completed', () => {
    const at = state();
    const completed = ended(at, 1, { status: 'Completed' });
    const running = RunFolder.create(at, 'App/Train', new Date(Date.UTC(2026, 0, 1, 0, 2))).folder;
    const failed = [3, 4, 5, 6].map((minute) => ended(at, minute, { status: 'Failed' }));
    ended(at, 7);
    expect([completed, running, ...failed].map((each) => existsSync(each))).toEqual([true, true, false, true, true, true]);
    expect(readdirSync(join(at, 'runs', 'App-Train'))).toHaveLength(6);
  });

  test('tell the newest result that is still there', () => {
    const at = state();
    const model = join(at, 'model.tar.gz');
    mkdirSync(at, { recursive: true });
    writeFileSync(model, '');
    ended(at, 1, { status: 'Completed', model });
    ended(at, 2, { status: 'Completed', model: join(at, 'gone.tar.gz') });
    ended(at, 3, { status: 'Failed', model });
    expect(lastRun(at, 'App/Train', (record) => record.model)).toBe(model);
    expect(lastRun(at, 'App/Train', (record) => record.output)).toBeUndefined();
    expect(lastRun(at, 'App/Other', (record) => record.model)).toBeUndefined();
  });

  test('are gone after a run without a job, and without what only the run needed after one with', () => {
    const at = state();
    const [nothing, some] = [RunFolder.create(at, 'A/B'), RunFolder.create(at, 'A/C')];
    some.write({ path: 'A/C', kind: 'TrainingJob', job: 'x', status: 'Completed' });
    for (const name of ['s3', 'output']) { mkdirSync(some.at(name)); }
    nothing.tidy();
    some.tidy();
    expect(existsSync(nothing.folder)).toBe(false);
    expect(readdirSync(some.folder).sort()).toEqual(['output', 'owner.json', 'run.json']);
  });

  test('of assemblies are removed when their process has gone', () => {
    const at = state();
    mkdirSync(join(at, 'runs', '.app-999999999-abcd'), { recursive: true });
    mkdirSync(assemblyFolder(at));
    expect(readdirSync(join(at, 'runs'))).toEqual([expect.stringMatching(`^\\.app-${process.pid}-`)]);
  });
});
