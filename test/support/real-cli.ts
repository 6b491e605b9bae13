import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canLookAtProcesses, listeningAddresses, processesOf } from './processes';

const ROOT = join(__dirname, '..', '..');
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** How a command ended, and all that it printed. */
export interface Ended { readonly code: number | null; readonly output: string }

/** An event of a stack: what happens to which physical resource. */
export interface StackEvent { readonly type: string; readonly status: string; readonly physicalId: string }

/** What an operation on a stack begins with; a rollback is part of the operation that failed. */
const BEGINNINGS = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'];

/** The CDK's own command line against ministack, in front of the local SageMaker. All of it on 127.0.0.1 and in one temporary folder. */
export class RealCli {
  public static async start(python: string): Promise<RealCli> {
    const cli = new RealCli(mkdtempSync(join(tmpdir(), 'cdk-e2e-')), await freePort());
    try {
      await cli.startServers(python);
      return cli;
    } catch (error) {
      await cli.dispose();
      throw error;
    }
  }

  /** The local SageMaker's port. */
  public apiPort = 0;
  /** Servers that ended by themselves, with their last words. */
  public readonly deaths: string[] = [];
  private s3Port = 0;
  private isStopping = false;
  private readonly children: ChildProcess[] = [];

  private constructor(public readonly folder: string, private readonly port: number) {}

  /** `cdk <args>`, from a folder with an app. */
  public async cdk(cwd: string, ...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--no-version-reporting', '--ci'], {
      cwd, env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'],
    });
    const result = await ended(child);
    appendFileSync(join(this.folder, 'cdk.log'), `$ cdk ${args.join(' ')}\n${result.output}exit code ${result.code}\n\n`);
    return result;
  }

  public async sageMaker(operation: string, input: object = {}): Promise<any> {
    const response = await fetch(`http://127.0.0.1:${this.apiPort}/`, {
      method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` }, body: JSON.stringify(input),
    });
    const body = await response.json() as { [member: string]: unknown };
    if (!response.ok) { throw new Error(`${operation}: ${JSON.stringify(body)}`); }
    return body;
  }

  public async invoke(endpointName: string, rows: unknown): Promise<any> {
    return this.ask(endpointName, JSON.stringify(rows), 'application/json');
  }

  public async ask(endpointName: string, body: string, contentType: string): Promise<any> {
    const response = await fetch(`http://127.0.0.1:${this.apiPort}/endpoints/${endpointName}/invocations`, {
      method: 'POST', headers: { 'content-type': contentType, 'accept': 'application/json' }, body,
    });
    if (!response.ok) { throw new Error(`${response.status}: ${await response.text()}`); }
    return response.json();
  }

  /** Where applications find the local SageMaker and the local S3 server. */
  public get runtime() {
    return { endpointUrl: `http://127.0.0.1:${this.apiPort}`, s3EndpointUrl: `http://127.0.0.1:${this.s3Port}`, region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  }

  /** Names of all training jobs, oldest first. */
  public async jobs(): Promise<string[]> {
    const { TrainingJobSummaries } = await this.sageMaker('ListTrainingJobs', { MaxResults: 100, SortBy: 'CreationTime', SortOrder: 'Ascending' });
    return TrainingJobSummaries.map((job: { TrainingJobName: string }) => job.TrainingJobName);
  }

  /** Whether the local S3 server has the object. */
  public async hasObject(s3Uri: string): Promise<boolean> {
    return (await fetch(this.urlOf(s3Uri), { method: 'HEAD' })).ok;
  }

  /** The text of an object of the local S3 server. */
  public async object(s3Uri: string): Promise<string> {
    const response = await fetch(this.urlOf(s3Uri));
    if (!response.ok) { throw new Error(`${s3Uri}: ${response.status}`); }
    return response.text();
  }

  /** `StackStatus`; undefined when there is no such stack. */
  public async stackStatus(name: string): Promise<string | undefined> {
    return text(await this.cloudFormation('DescribeStacks', name), 'StackStatus');
  }

  /** What the last operation on a stack did, oldest first, from the stack's own first event. */
  public async lastOperation(name: string): Promise<StackEvent[]> {
    const xml = await this.cloudFormation('DescribeStackEvents', name);
    const latestFirst: StackEvent[] = [...xml.matchAll(/<member>([\s\S]*?)<\/member>/g)].map(([, member = '']) => ({
      type: text(member, 'ResourceType') ?? '', status: text(member, 'ResourceStatus') ?? '', physicalId: text(member, 'PhysicalResourceId') ?? '',
    }));
    const begin = latestFirst.findIndex(({ type, status }) => type === 'AWS::CloudFormation::Stack' && BEGINNINGS.includes(status));
    return latestFirst.slice(0, begin + 1).reverse();
  }

  /** What the CDK's command line has asked of `docker`, in order. There is none: what it pushes are folders, which the local SageMaker follows. */
  public dockerCommands(): string[] {
    const file = join(this.folder, 'state', 'images', 'docker.log');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Addresses that anything listens at which was started here, or by what was started here. */
  public listeners(): string[] { return canLookAtProcesses ? processesOf(this.folder).flatMap(listeningAddresses) : []; }

  /** Ends everything. */
  public async stop(): Promise<void> {
    this.isStopping = true;
    for (const child of [...this.children].reverse()) { await endGroup(child); }
  }

  /** What should be gone after `stop`: ports that still listen, processes that still run. */
  public async left(): Promise<{ readonly ports: number[]; readonly processes: number[] }> {
    const ports: number[] = [];
    for (const port of [this.port, this.apiPort, this.s3Port].filter((each) => each !== 0)) { if (await isListening(port)) { ports.push(port); } }
    return { ports, processes: canLookAtProcesses ? processesOf(this.folder) : [] };
  }

  /** Stops, and deletes the folder with all logs unless CDK_SAGEMAKER_E2E_KEEP is set. */
  public async dispose(): Promise<void> {
    await this.stop();
    if (!process.env.CDK_SAGEMAKER_E2E_KEEP) { rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 }); }
  }

  private urlOf(s3Uri: string): string { return s3Uri.replace(/^s3:\//, `http://127.0.0.1:${this.s3Port}`); }

  private async cloudFormation(action: string, stackName: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/`, {
      method: 'POST', body: new URLSearchParams({ Action: action, StackName: stackName, Version: '2010-05-15' }),
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${REGION}/cloudformation/aws4_request, SignedHeaders=host, Signature=none` },
    });
    return response.text();
  }

  private async startServers(python: string): Promise<void> {
    const state = join(this.folder, 'state');
    const docker = [join(ROOT, 'node_modules', '.bin', 'tsx'), join(__dirname, 'fake-docker.ts'), join(state, 'images')];
    writeFileSync(join(this.folder, 'docker'), `#!/bin/sh\nexec ${docker.map((part) => `'${part}'`).join(' ')} "$@"\n`, { mode: 0o755 });
    this.start('local-server', process.execPath, [join(ROOT, 'dist', 'local', 'local-server.js'), state], process.env);
    await until('the local SageMaker listens', () => existsSync(join(state, 'server.json')));
    const { apiPort, s3Port } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8')) as { apiPort: number; s3Port: number };
    this.apiPort = apiPort;
    this.s3Port = s3Port;
    this.start('ministack', python, [join(ROOT, 'e2e', 'ministack_launcher.py')], {
      ...this.environment(),
      // IoT and SFTP open ports of their own; waits of half a minute take a quarter of a second
      GATEWAY_PORT: String(this.port), BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0', SFN_WAIT_SCALE: '0.01',
      PYTHONDONTWRITEBYTECODE: '1', TMPDIR: this.folder, CDK_SAGEMAKER_LOCAL: '1',
    });
    await until('ministack listens', () => isListening(this.port));
  }

  private start(name: string, command: string, args: string[], env: NodeJS.ProcessEnv): void {
    const file = join(this.folder, `${name}.log`);
    const log = openSync(file, 'a');
    const child = spawn(command, args, { env, stdio: ['ignore', log, log], detached: true, cwd: this.folder });
    child.once('exit', (code, signal) => {
      if (!this.isStopping) { this.deaths.push(`${name} ended by itself: ${code ?? signal}\n${readFileSync(file, 'utf8').slice(-2000)}`); }
    });
    this.children.push(child);
  }

  private environment(): NodeJS.ProcessEnv {
    const api = `http://127.0.0.1:${this.port}`;
    const sageMaker = `http://127.0.0.1:${this.apiPort}`;
    return {
      PATH: process.env.PATH, HOME: this.folder, LANG: 'C.UTF-8', CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: '1', CDK_VALIDATION: 'false', NO_COLOR: '1', CDK_DOCKER: join(this.folder, 'docker'),
      // the key's id is the account to ministack
      AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: api, AWS_ENDPOINT_URL_CLOUDFORMATION: api, AWS_ENDPOINT_URL_SFN: api, AWS_ENDPOINT_URL_SAGEMAKER: sageMaker, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.s3Port}`,
    };
  }
}

const text = (xml: string, element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) { stream?.on('data', (chunk) => { output += String(chunk); }); }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Asked to end, and made to after ten seconds; with all its children. */
async function endGroup(child: ChildProcess): Promise<void> {
  const group = -(child.pid as number);
  const isAlive = () => { try { process.kill(group, 0); return true; } catch { return false; } };
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive()) { return; }
    process.kill(group, signal);
    for (let tries = 0; isAlive() && tries < 100; tries++) { await sleep(100); }
  }
}

export const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) { return; }
    await sleep(100);
  }
  throw new Error(`waited a minute until ${what}`);
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => { const { port } = server.address() as AddressInfo; server.close(() => resolve(port)); });
  });
}
