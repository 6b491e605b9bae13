import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import type { Clock } from '../../../lib/local/clock';
import type { FunctionConfiguration } from '../../../lib/local/lambda/function-process';
import { Functions } from '../../../lib/local/lambda/functions';
import { builtCli } from '../../support/built-cli';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';

/** A function with that code, for as long as the work takes. */
async function withFunction(code: string, work: (functions: Functions, output: string[]) => Promise<void>, configuration: Partial<FunctionConfiguration> = {}, clock: Clock = SYSTEM_CLOCK): Promise<void> {
  const codeFolder = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(codeFolder, 'index.js'), code);
  const output: string[] = [];
  const functions = new Functions({ runner: join(builtCli(), 'local', 'lambda-runner.js'), clock, endpoints: () => ({ AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:1' }), onOutput: (_, text) => output.push(text) });
  try {
    await functions.put({ name: 'f', arn: ARN, codeFolder, handler: 'index.handler', runtime: 'nodejs24.x', timeoutSeconds: 10, memoryMB: 256, environment: { MINE: 'yes' }, ...configuration });
    await work(functions, output);
  } finally {
    await functions.close();
    rmSync(codeFolder, { recursive: true });
  }
}

describe('a function', () => {
  test('gets the event and a context, and stays warm', () => withFunction(
    'let n = 0; exports.handler = async (event, context) => ({ n: ++n, event, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis(), id: context.awsRequestId, pid: process.pid });',
    async (functions) => {
      const first = await functions.invoke(ARN, { a: 1 }) as { left: number; id: string; pid: number };
      expect(first).toMatchObject({ n: 1, event: { a: 1 }, arn: ARN, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(first.left).toBeGreaterThan(5000);
      expect(first.left).toBeLessThanOrEqual(10_000);
      expect(await functions.invoke(ARN, {})).toMatchObject({ n: 2, pid: first.pid });
    },
  ));

  test('has the environment of its template and of the local AWS, and nothing of the host', () => {
    process.env.AWS_PROFILE = 'production';
    process.env.SOME_SECRET = 'x';
    return withFunction('exports.handler = async () => process.env;', async (functions) => {
      const environment = await functions.invoke(ARN, {}) as { [name: string]: string };
      expect(environment).toMatchObject({ MINE: 'yes', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:1', CDK_SAGEMAKER_LOCAL: '1', AWS_ACCESS_KEY_ID: 'local', AWS_LAMBDA_FUNCTION_NAME: 'f' });
      expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']));
      expect(environment.SOME_SECRET ?? environment.HOME).toBeUndefined();
    }).finally(() => { delete process.env.AWS_PROFILE; delete process.env.SOME_SECRET; });
  });

  test('may answer through the callback', () => withFunction(
    'exports.handler = (event, context, callback) => setImmediate(() => callback(null, "late"));',
    async (functions) => expect(await functions.invoke(ARN, {})).toBe('late'),
  ));

  test('may answer with what is no JSON, and can\'t speak to who started it', () => withFunction(
    'exports.handler = async ({ what }) => (what === "speak" ? typeof process.send : what === "function" ? () => 1 : undefined);',
    async (functions) => expect(await Promise.all(['speak', 'function', 'nothing'].map((what) => functions.invoke(ARN, { what })))).toEqual(['undefined', null, null]),
  ));

  test('has its errors told as Lambda tells them', () => withFunction(
    'class Odd extends Error { name = "Odd"; } exports.handler = async () => { throw new Odd("no"); };',
    async (functions) => { await expect(functions.invoke(ARN, {})).rejects.toMatchObject({ body: { errorType: 'Odd', errorMessage: 'no', trace: expect.arrayContaining(['Odd: no']) } }); },
  ));

  test('is ended when its time is over, and starts anew', () => withFunction(
    'let n = 0; exports.handler = (event) => (event.hang ? new Promise(() => {}) : Promise.resolve(++n));',
    async (functions) => {
      expect(await functions.invoke(ARN, {})).toBe(1);
      await expect(functions.invoke(ARN, { hang: true })).rejects.toMatchObject({ body: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds/) } });
      expect(await functions.invoke(ARN, {})).toBe(1);
    }, { timeoutSeconds: 1 },
  ));

  test('fails when its process ends, and starts anew', () => withFunction(
    'exports.handler = async (event) => (event.exit ? process.exit(3) : "here");',
    async (functions) => {
      await expect(functions.invoke(ARN, { exit: true })).rejects.toMatchObject({ body: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') } });
      expect(await functions.invoke(ARN, {})).toBe('here');
    },
  ));

  test('is said not to be there when its handler is not', () => withFunction('', async (functions) => {
    await expect(functions.invoke(ARN, {})).rejects.toMatchObject({ body: { errorType: 'Runtime.HandlerNotFound' } });
  }));

  test('for another language is refused by name', () => withFunction('', async (functions) => {
    await expect(functions.invoke(ARN, {})).rejects.toThrow('runs functions for Node.js only; f is for python3.13');
  }, { runtime: 'python3.13' }));

  test('runs its new code after a change, and its process is gone when it is deleted', () => withFunction(
    'exports.handler = async () => process.pid;',
    async (functions) => {
      const pid = await functions.invoke(ARN, {}) as number;
      await functions.delete(ARN);
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      await expect(functions.invoke(ARN, {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  ));
});

describe('an asynchronous invocation', () => {
  /** Waits take no time. */
  const quick = (pauses: number[]): Clock => ({ ...SYSTEM_CLOCK, sleep: async (milliseconds) => { pauses.push(milliseconds); } });

  test('is delivered twice more after errors', () => {
    const pauses: number[] = [];
    return withFunction('let n = 0; exports.handler = async () => { if (++n < 3) { throw new Error("not yet"); } console.log("n=" + n); };', async (functions, output) => {
      await functions.deliver(ARN, {});
      expect(pauses).toEqual([60_000, 120_000]);
      await functions.invoke(ARN, {});
      expect(output.join('')).toContain('n=3');
    }, {}, quick(pauses));
  });

  test('is lost after the third', () => withFunction('exports.handler = async () => { throw new Error("never"); };', async (functions) => {
    await expect(functions.deliver(ARN, {})).rejects.toThrow('Error: never');
  }, {}, quick([])));
});
