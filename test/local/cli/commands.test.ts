import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCli, runCli } from '../../support/built-cli';
import { folderWith } from '../../support/folders';

jest.setTimeout(120_000);

const VERSION = (JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
/** Nothing of this machine's own AWS, and nothing in the network. */
const ENV = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };

interface Found {
  readonly name: string;
  readonly args: readonly string[];
  readonly help: string;
  /** How many arguments it must have, and may have; undefined for any number. */
  readonly needs: number;
}

const cwd = folderWith({});
const cli = (...args: string[]) => runCli(cwd, args, { env: ENV });

/** The commands that a help names, with theirs. */
async function commandsOf(path: readonly string[]): Promise<Found[]> {
  const { code, out } = await cli(...path, '--help');
  expect({ path, code }).toEqual({ path, code: 0 });
  const names = [...(/\nCommands:\n([^]*?)(\n\n|$)/.exec(out)?.[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name as string).filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => commandsOf([...path, name])));
  const usage = /^Usage: cdk-sagemaker (.*)$/m.exec(out)?.[1] ?? '';
  return names.length > 0 ? below.flat() : [{ name: path.join(' '), args: path, help: out, needs: [...usage.matchAll(/<[^>]+>/g)].length }];
}

let commands: readonly Found[];
beforeAll(async () => {
  builtCli();
  commands = await commandsOf([]);
});
const each = (work: (command: Found) => Promise<unknown>) => Promise.all(commands.map(work));

test('the commands are found by their help', () => {
  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['local deploy', 'local destroy', 'local invoke', 'logs', 'describe', 'audit', 'invoke']));
});

test.each(['--version', '-V'])('%s prints the version', async (option) => {
  expect(await cli(option)).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
});

test('the help of each command has what it does, a text for each option, its exit codes and examples', () => {
  for (const { name, help } of commands) {
    expect([name, help]).toEqual([name, expect.stringMatching(/^Usage: cdk-sagemaker [^]*\n\n[^\n]+\n[^]*Options:/)]);
    // An option without a text stands alone in its line.
    expect([name, /^ {2}-\S+( -\S+)?( [<[]\S+)?$(?!\n {10})/m.exec(help.split('\nOptions:')[1]!)?.[0]]).toEqual([name, undefined]);
    expect([name, help]).toEqual([name, expect.not.stringContaining('(default: [])')]);
    expect([name, help]).toEqual([name, expect.stringContaining(`\n  cdk-sagemaker ${name}`)]);
    expect([name, help]).toEqual([name, expect.stringMatching(/Exit code: |With --json: /)]);
  }
});

test('an unknown command or option, and an argument too few or too many, is a wrong command line: exit code 2', async () => {
  await each(async ({ name, args, needs }) => {
    expect([name, await cli(...args, '--nonsense')]).toEqual([name, { code: 2, out: '', err: expect.stringContaining('--nonsense') }]);
    if (needs > 0) { expect([name, await cli(...args)]).toEqual([name, { code: 2, out: '', err: expect.stringContaining('missing required argument') }]); }
  });
  expect(await cli('nonsense')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('unknown command') });
  expect(await cli('local', 'nonsense')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('unknown command') });
  expect(await cli()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage: cdk-sagemaker') });
  expect(await cli('local')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage: cdk-sagemaker local') });
  expect(await cli('invoke', 'x', '--data', 'y', '--file', 'z')).toMatchObject({ code: 2, err: '--data and --file both say what to send: give one of them\n' });
  expect(await cli('local', 'deploy', '--mode', 'x')).toMatchObject({ code: 2, err: '--mode must be one of auto, container, process, got x\n' });
  expect(await cli('local', 'deploy', '--parameters', 'x')).toMatchObject({ code: 2, err: '--parameters must be Name=value, got x\n' });
});

test('with --json there is one document on standard output, whatever happens, and the reason on standard error', async () => {
  const withJson = commands.filter(({ help }) => help.includes('--json'));
  expect(withJson.length).toBeGreaterThan(10);
  await Promise.all(withJson.map(async ({ name, args, needs }) => {
    // Nothing is deployed here, there is no app, and no AWS.
    // A server that starts well goes on for ever.
    const given = name === 'local server' ? ['--faults', 'nothing-there.json'] : name === 'from-job' ? ['Nothing/There'] : Array.from({ length: needs }, () => 'Nothing/There');
    const { code, out, err } = await cli(...args, ...given, ...help(name), '--json');
    const document = JSON.parse(out) as { ok?: boolean; message?: string };
    if (code === 0) {
      expect([name, document.ok]).toEqual([name, undefined]);
    } else {
      expect([name, code, document, err]).toEqual([name, 1, { ok: false, message: expect.any(String) }, `${String(document.message)}\n`]);
    }
    const wrong = await cli(...args, ...given, '--nonsense', '--json');
    expect([name, wrong.code, JSON.parse(wrong.out)]).toEqual([name, 2, { ok: false, message: expect.stringContaining('--nonsense') }]);
  }));
});

/** Something to send, where a command would wait for its input. */
const help = (name: string) => (name.endsWith('invoke') ? ['--data', 'x'] : []);

test('there are no colours where the output is no terminal, unless FORCE_COLOR asks for them; NO_COLOR is stronger', async () => {
  const coloured = (env: NodeJS.ProcessEnv) => runCli(cwd, ['local', 'events', 'App'], { env: { ...ENV, ...env } }).then(({ err }) => err.includes('\u001b['));
  expect(await Promise.all([coloured({ NO_COLOR: '' }), coloured({ NO_COLOR: '', FORCE_COLOR: '1' }), coloured({ NO_COLOR: '1', FORCE_COLOR: '1' }), coloured({ NO_COLOR: '', FORCE_COLOR: '0' })])).toEqual([false, true, false, false]);
});

test('whoever reads no further ends a command that tells something, without a word', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${join(builtCli(), 'cli', 'cdk-sagemaker.js')}" local list --json; echo "code $?" >&2`], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  await new Promise((resolve) => { child.once('close', resolve); });
  expect(err).toBe('code 0\n');
});
