import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServerInfo } from '../../../lib/local/server-file';
import { builtCli } from '../../support/built-cli';
import { until } from '../support/sagemaker-bench';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'uncaught-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A local AWS with a bug, of which the signal makes use. */
async function failed(bug: string): Promise<{ code: unknown; log: string; hasFile: boolean }> {
  const state = join(folder, bug.length.toString());
  writeFileSync(join(folder, 'bug.js'), `process.on('SIGUSR2', () => { ${bug} });`);
  const server = spawn(process.execPath, ['--require', join(folder, 'bug.js'), join(builtCli(), 'local', 'local-server.js'), state], { stdio: 'ignore', env: { ...process.env, CDK_SAGEMAKER_LOCAL_MODE: 'process' } });
  const end = once(server, 'exit');
  try {
    await until(() => Promise.resolve(readServerInfo(state)), (info) => info?.pid === server.pid);
    server.kill('SIGUSR2');
    const [code] = await end;
    return { code, log: readFileSync(join(state, 'server.log'), 'utf8'), hasFile: existsSync(join(state, 'server.json')) };
  } finally {
    server.kill('SIGKILL');
  }
}

describe('An error in the local AWS that nobody catches', () => {
  test.each(['throw new Error("odd thing")', 'void Promise.reject(new Error("odd thing"))', 'new (require("node:events"))().emit("error", new Error("odd thing"))'])('is in its log, and ends it in order: %s', async (bug) => {
    expect(await failed(bug)).toEqual({ code: 1, log: expect.stringMatching(/ ends, since it has a bug: Error: odd thing\n +at .*bug\.js/), hasFile: false });
  });
});
