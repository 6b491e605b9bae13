import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtCli, runLocal } from '../../support/built-cli';

jest.setTimeout(60_000);
const folder = mkdtempSync(join(tmpdir(), 'server-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started { readonly endpoint: string; readonly token: string; readonly folder: string; readonly environment: { readonly [name: string]: string } }

/** Starts `local server --json`, and waits until it has said where it is. */
async function started(...args: string[]): Promise<{ readonly child: ChildProcess; readonly aws: Started }> {
  const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', 'server', '--json', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(child.stdout, 'data') as [Buffer];
  return { child, aws: JSON.parse(chunk.toString()) as Started };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [code] = await once(child, 'exit') as [number | null];
  return code;
}

const control = (aws: Started, command: string, input: object, token = aws.token) => fetch(`${aws.endpoint}/control/${command}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(input) });
const call = (aws: Started, operation: string) => fetch(aws.endpoint, { method: 'POST', headers: { 'x-amz-target': `SageMaker.${operation}`, 'content-type': 'application/x-amz-json-1.1' }, body: '{}' });

describe('cdk-sagemaker local server', () => {
  test('says where it is, does what its file of faults says, and ends with Ctrl-C, with all it has made', async () => {
    writeFileSync(join(folder, 'faults.json'), JSON.stringify({ faults: [{ throttle: { operation: 'ListModels' } }] }));
    const { child, aws } = await started('--faults', 'faults.json', '--clock', 'virtual');
    expect(aws.environment).toMatchObject({ AWS_ENDPOINT_URL_SAGEMAKER: aws.endpoint, CDK_SAGEMAKER_LOCAL_TOKEN: aws.token, AWS_REGION: 'us-east-1' });
    expect([(await call(aws, 'ListModels')).status, (await call(aws, 'ListModels')).status]).toEqual([400, 200]);
    expect(await ended(child, 'SIGINT')).toBe(0);
    expect(existsSync(aws.folder)).toBe(false);
    await expect(call(aws, 'ListModels')).rejects.toThrow('fetch failed');
  });

  test('takes faults from another process, which has to have its token', async () => {
    const { child, aws } = await started('--clock', 'virtual', '--region', 'eu-west-1');
    expect((await control(aws, 'faults', { faults: [] }, 'guessed')).status).toBe(403);
    const fault = { serverError: { operation: 'ListModels', lasts: 60 } };
    expect(await (await control(aws, 'faults', { faults: [fault] })).json()).toEqual({ pending: [fault] });
    expect((await call(aws, 'ListModels')).status).toBe(500);
    await control(aws, 'advance', { by: { minutes: 1 } });
    expect((await call(aws, 'ListModels')).status).toBe(200);
    const refused = await control(aws, 'faults', { faults: [{ throttle: { operation: 'Nothing' } }] });
    expect([refused.status, await refused.json()]).toEqual([400, { name: 'ValidationError', message: expect.stringContaining('throttle: there is no operation Nothing') }]);
    expect((await control(aws, 'advance', { by: -1 })).status).toBe(400);
    expect(await (await control(aws, 'pending', {})).json()).toEqual({ pending: [] });
    const headers = { authorization: `Bearer ${aws.token}` };
    const plain = async (path: string, init: object) => { const answer = await fetch(`${aws.endpoint}${path}`, { headers, ...init }); return [answer.status, await answer.json()]; };
    expect(await plain('/control/faults', { method: 'POST', body: 'no' })).toEqual([400, { name: 'ValidationError', message: 'the body must be a JSON object' }]);
    expect(await plain('/control/faults', {})).toEqual([405, { name: 'MethodNotAllowed', message: '/control/faults takes POST, got GET' }]);
    expect(await plain('/control/nothing', {})).toEqual([404, { name: 'UnknownCommand', message: 'there is no /control/nothing' }]);
    expect(await ended(child, 'SIGTERM')).toBe(0);
  });

  test.each([
    [['--port', 'x'], 2, '--port must be a port, got x'],
    [['--clock', 'fast'], 2, '--clock must be one of real, virtual, got fast'],
    [['--region', ''], 2, '--region must not be empty'],
    [['--faults', 'missing.json'], 1, "--faults missing.json can't be read"],
    [['--faults', 'wrong.json'], 1, 'throttle needs "operation"'],
  ])('refuses %j', async (args, code, message) => {
    writeFileSync(join(folder, 'wrong.json'), '{"faults": [{"throttle": {}}]}');
    expect(await runLocal(folder, ['server', ...args])).toEqual({ code, out: '', err: expect.stringContaining(message) });
  });
});
