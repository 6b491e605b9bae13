import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { localMode } from '../containers/containers';
import type { LocalSageMaker, ScenarioDocument } from '../testing';
import { CommandError, UsageError, type Output } from './output';

export interface TestServerOptions {
  readonly port?: string;
  readonly s3Port?: string;
  readonly state?: string;
  readonly faults?: string;
  readonly clock: string;
  readonly mode: string;
  readonly region: string;
}

/** Starts a local SageMaker for tests, says where it is, and waits until it is told to end. */
export async function testServer(options: TestServerOptions, start: typeof LocalSageMaker.start, output: Output): Promise<void> {
  const { state, faults, region } = options;
  if (region === '') { throw new UsageError('--region must not be empty'); }
  const document = faults === undefined ? undefined : scenarioOf(faults);
  const aws = await start({
    region, folder: state === undefined ? undefined : resolve(state), port: portOf('--port', options.port), s3Port: portOf('--s3-port', options.s3Port),
    clock: oneOf('--clock', options.clock, ['real', 'virtual'] as const), mode: localMode(options.mode, (rule) => new UsageError(`--mode ${rule} ${options.mode}`)),
  });
  try {
    if (document !== undefined) { aws.play(document); }
    const environment = { ...aws.environment, CDK_SAGEMAKER_LOCAL_ENDPOINT: aws.endpoint, CDK_SAGEMAKER_LOCAL_TOKEN: aws.token };
    Object.entries(environment).forEach(([name, value]) => output.result(`${name}=${value}`));
    output.json({ endpoint: aws.endpoint, s3Endpoint: aws.s3Endpoint, token: aws.token, folder: aws.folder, environment });
    output.progress(output.paint('grey', 'Ctrl-C ends it'));
    await Promise.race([aws.ended, ...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => new Promise((told) => { process.once(signal, told); }))]);
  } finally {
    await aws.stop();
  }
}

function scenarioOf(file: string): ScenarioDocument {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ScenarioDocument;
  } catch (error) {
    throw new CommandError(`--faults ${file} can't be read: ${(error as Error).message}`);
  }
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) { return undefined; }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) { throw new UsageError(`${name} must be a port, got ${text}`); }
  return port;
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found === undefined) { throw new UsageError(`${name} must be one of ${known.join(', ')}, got ${text}`); }
  return found;
}
