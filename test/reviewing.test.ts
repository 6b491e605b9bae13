import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payments } from './plan/pull-request';
import { runCli } from './support/built-cli';
import { ROOT } from './support/packed';

const PAGE = readFileSync(join(ROOT, 'docs', 'reviewing.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'reviewing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => { payments(folder, false); payments(folder, true); });

/** A block of the page, after the command that prints it. */
const shownAfter = (command: string) => PAGE.slice(PAGE.indexOf(command)).match(/```text\n([\s\S]*?)```/)?.[1];

test('docs/reviewing.md shows what `cdk diff` says of its pull request', () => {
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', 'cdk'), ['diff', 'Payments', '--app', 'head', '--template', 'base/Payments.template.json', '--no-color'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' } });
  const said = `${stdout}${stderr}`.split('\n').map((line) => line.trimEnd());
  for (const line of shownAfter('npx cdk diff')!.trimEnd().split('\n')) { expect(said).toContain(line.trimEnd()); }
});

test('and what `plan` says of it', async () => {
  const { out, code } = await runCli(folder, ['plan', 'Payments', '--app', 'head', '--against', 'base']);
  expect({ code, out: out.replaceAll(folder, '') }).toEqual({ code: 0, out: shownAfter('npx cdk-sagemaker plan') });
});
