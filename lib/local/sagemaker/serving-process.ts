import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { awsImage } from '../aws-image';
import { ProcessGroup, type ProcessOptions } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import { pythonFile } from '../python-files';
import type { AnswerSink, Invocation } from '../sagemaker-api';
import { CannotStart, Container, imageFiles, localImage, type LocalImage } from './container';
import { cutAtStart, JobFailure, lastError, LONGEST_REASON } from './failure-reason';
import type { JobLog } from './job-log';
import { awsVariables, machineVariables, type Machine } from './machine';
import { bringModel, OptMl } from './opt-ml';
import { servingScriptOf } from './script';

/** What a serving process answers. */
export interface ServingAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** What the container says in a header of its own. */
  readonly customAttributes?: string;
}

/** What a model is served for. */
export interface ServedFor {
  /** In sentences. */
  readonly name: string;
  readonly startupSeconds?: number;
}

/** A container of a model, as messages name it: `primary`, `container-2` or its host name. */
export interface ServedContainer {
  readonly name: string;
  readonly definition: ContainerDefinition;
  readonly isIsolated: boolean;
}

/** What serves a container. */
export interface ContainerServer {
  readonly isRunning: boolean;
  /** @throws JobFailure with the reason why the model can't be served */
  start(): Promise<void>;
  invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer>;
  executionParameters(): Promise<Buffer | undefined>;
  stop(drainMilliseconds: number): Promise<void>;
}

/** A model server: a process with the model loaded, behind a port of this machine. */
export class ServingProcess implements ContainerServer {
  private readonly ml: OptMl;
  private readonly abort = new AbortController();
  private process?: ProcessGroup;
  /** Of an image that serves by a program of its own. */
  private container?: Container;
  private port = 0;
  private loading?: Promise<void>;
  private underway = 0;
  private idle: () => void = () => undefined;

  constructor(
    private readonly servedFor: ServedFor,
    private readonly served: ServedContainer,
    private readonly machine: Machine,
    private readonly log: JobLog,
    private readonly folder: string,
  ) {
    this.ml = new OptMl(join(folder, 'opt', 'ml'));
  }

  /** @throws JobFailure with the reason why the model can't be served */
  public async start(): Promise<void> {
    try {
      await (this.loading = this.load());
    } catch (error) {
      await this.stop(0);
      throw error instanceof PythonEnvironmentError ? new JobFailure(error.message) : error;
    }
  }

  public get isRunning(): boolean {
    return this.process !== undefined && !this.process.hasEnded;
  }

  /** How the container wants to be asked by a batch transform, if it says so. */
  public async executionParameters(): Promise<Buffer | undefined> {
    const answer = await this.send('GET', '/execution-parameters', Buffer.alloc(0), {}).catch(() => undefined);
    return answer?.status === 200 ? answer.body : undefined;
  }

  /** Sends one request to the model. */
  public async invoke({ body, contentType, accept, customAttributes, sink }: Invocation, timeout?: number): Promise<ServingAnswer> {
    this.underway += 1;
    try {
      return await this.send('POST', '/invocations', body, {
        ...contentType !== undefined && { 'Content-Type': contentType }, ...accept !== undefined && { Accept: accept }, ...customAttributes !== undefined && { [CUSTOM_ATTRIBUTES]: customAttributes },
      }, timeout, sink);
    } finally {
      this.underway -= 1;
      if (this.underway === 0) { this.idle(); }
    }
  }

  /** Lets requests under way come to their end, for a while, then ends the process. */
  public async stop(drainMilliseconds: number): Promise<void> {
    this.abort.abort();
    if (this.underway > 0 && drainMilliseconds > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([new Promise<void>((resolve) => { this.idle = resolve; }), new Promise((resolve) => { timer = setTimeout(resolve, drainMilliseconds); })]);
      clearTimeout(timer);
    }
    await this.process?.stop(GRACE);
    await this.loading?.catch(() => undefined);          // from here on nobody writes to the folder
    this.log.finish();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async load(): Promise<void> {
    const container = this.served.definition;
    await this.ml.make();
    const source = container.ModelDataSource?.S3DataSource;
    const uri = container.ModelDataUrl ?? source?.S3Uri;
    if (uri !== undefined) { await bringModel(this.machine.s3, uri, source?.CompressionType !== 'None', this.ml.model); }
    const image = localImage(this.machine, container.Image);
    let errors = '';
    const onOutput = (chunk: Buffer, stream: 'stdout' | 'stderr') => {
      this.log.append(chunk, stream);
      if (stream === 'stderr') { errors = (errors + chunk.toString()).slice(-64 * 1024); }
    };
    const program = image !== undefined && !image.runsScripts ? await this.startImage(image, onOutput) : await this.startScript(image, onOutput);
    await this.waitUntilHealthy(program, () => errors);
  }

  /** The image's own program, with the argument `serve`. It says itself when it is ready, by /ping. */
  private async startImage(image: LocalImage, onOutput: ProcessOptions['onOutput']): Promise<ProcessGroup> {
    const container = await Container.create(image, imageFiles(image, this.folder), this.machine, this.log, { signal: this.abort.signal });
    this.container = container;
    this.abort.signal.throwIfAborted();
    let command: string[];
    try {
      command = container.command(undefined, ['serve']);
    } catch (error) {
      throw error instanceof CannotStart ? new JobFailure(`CannotStartContainerError. The container of ${this.servedFor.name} does not start with "docker run <image> serve": ${error.message}`) : error;
    }
    this.port = await freePort();
    const environment = this.served.definition.Environment;
    this.process = new ProcessGroup([container.python.python, pythonFile('supervise.py'), ...command], {
      cwd: container.workingFolder,
      // Several endpoints on one machine can't all have 8080: where SageMaker runs several containers on one, it names the port so.
      env: { ...container.environment(), ...this.awsVariables(), SAGEMAKER_BIND_TO_PORT: String(this.port), ...environment },
      onOutput,
    });
    return this.process;
  }

  private async startScript(image: LocalImage | undefined, onOutput: ProcessOptions['onOutput']): Promise<ProcessGroup> {
    const files = image && imageFiles(image, this.folder);
    const [module, folder] = await this.bringScript();
    const needs = {
      requirementsFile: join(folder, 'requirements.txt'), mayInstallRequirements: !this.served.isIsolated, log: (line: string) => this.log.note(line), signal: this.abort.signal,
    };
    const container = image && files && await Container.create(image, files, this.machine, this.log, needs);
    const aws = awsImage(this.served.definition.Image);
    const python = container?.python ?? await this.machine.python.environment({ packages: aws?.packages ?? [], expected: aws?.expected, ...needs });
    this.abort.signal.throwIfAborted();
    const served = new ProcessGroup([python.python, pythonFile('serve.py'), module, this.ml.model], {
      cwd: folder,
      env: {
        ...machineVariables(this.ml.temporary),
        ...python.variables,
        ...container?.environment(),
        ...this.awsVariables(),
        SM_MODEL_DIR: this.ml.model,
        SAGEMAKER_BASE_DIR: this.ml.base,
        PYTHONPATH: folder,
        ...this.served.definition.Environment,
      },
      reportPipe: true,
      onOutput,
    });
    this.process = served;
    return served;
  }

  private awsVariables(): Record<string, string> {
    return this.served.isIsolated ? { AWS_REGION: this.machine.region } : awsVariables(this.machine);
  }

  /** The module to import and the folder it is in. */
  private async bringScript(): Promise<readonly [string, string]> {
    const script = servingScriptOf(this.served.definition.Environment);
    if (script?.directory !== undefined && script.directory !== '') {
      await this.ml.bringCode(this.machine.s3, script);
      return [moduleOf(script.program), this.ml.code];
    }
    // Where the framework images look in an artifact.
    const folder = join(this.ml.model, 'code');
    const program = script?.program ?? 'inference.py';
    if (!await stat(join(folder, program)).then((info) => info.isFile(), () => false)) {
      throw new JobFailure(`The model's data has no inference script code/${program}, and the container's environment names none `
        + '(SAGEMAKER_PROGRAM, SAGEMAKER_SUBMIT_DIRECTORY); without a script the image needs a container.');
    }
    return [moduleOf(program), folder];
  }

  private async waitUntilHealthy(served: ProcessGroup, errors: () => string): Promise<void> {
    const limit = (this.servedFor.startupSeconds ?? DEFAULT_STARTUP_SECONDS) * 1000;
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const tooLate = new Promise<undefined>((resolve) => { timer = setTimeout(() => { isLate = true; resolve(undefined); }, limit); });
    const goneOrLate = Promise.race([served.end.then(() => undefined), tooLate]);
    try {
      if (this.container === undefined) { this.port = await Promise.race([reportedPort(served), goneOrLate]) ?? 0; }
      // A script's server reports its port when it is ready; an image's own is asked until it answers, as SageMaker asks.
      while (this.port !== 0 && !served.hasEnded && !isLate && !this.abort.signal.aborted) {
        const ping = await Promise.race([this.send('GET', '/ping', Buffer.alloc(0), {}).catch(() => undefined), goneOrLate]);
        if (ping?.status === 200) { return; }
        if (this.container === undefined) { break; }
        await Promise.race([new Promise((resolve) => { setTimeout(resolve, PING_INTERVAL); }), goneOrLate]);
      }
    } finally {
      clearTimeout(timer);
    }
    this.abort.signal.throwIfAborted();
    const head = `The ${this.served.name} container for ${this.servedFor.name} did not pass the ping health check. `;
    const said = this.container?.asInside(errors()) ?? errors();
    throw new JobFailure(head + cutAtStart(served.hasEnded ? lastError(said, this.ml.base) || (await endOf(served)) : this.whyLate(limit), LONGEST_REASON - head.length));
  }

  private whyLate(limit: number): string {
    const late = `It did not answer within ${limit / 1000} seconds.`;
    return this.container === undefined ? late : `${late} Here it must listen at the port that SAGEMAKER_BIND_TO_PORT names (${this.port}); without that variable, at 8080.`;
  }

  private async send(method: string, path: string, body: Buffer, headers: Record<string, string>, timeout = INVOCATION_TIMEOUT, sink?: AnswerSink): Promise<ServingAnswer> {
    const outgoing = httpRequest({
      host: '127.0.0.1', port: this.port, method, path, agent: false, timeout, headers: { ...headers, 'Content-Length': body.length },
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('Your invocation timed out while waiting for a response from the container.')));
    outgoing.end(body);
    const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
    const { statusCode: status = 500, headers: { 'content-type': contentType = 'application/octet-stream' } } = incoming;
    const isStreamed = sink !== undefined && status < 300;
    if (isStreamed) { sink.begin(contentType); }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      if (isStreamed) { sink.part(chunk as Buffer); }
      chunks.push(chunk as Buffer);
    }
    return { status, contentType, body: Buffer.concat(chunks), customAttributes: incoming.headers[CUSTOM_ATTRIBUTES.toLowerCase()] as string | undefined };
  }
}

async function endOf(served: ProcessGroup): Promise<string> {
  const { code, error } = await served.end;
  return error ?? `It ended with exit code ${code}.`;
}

const reportedPort = (served: ProcessGroup) => once(served.report, 'data').then(([chunk]) => (JSON.parse(String(chunk)) as { port: number }).port, () => undefined);

/** One that nothing listens at just now; asked for, because a container is told its port before it listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const moduleOf = (program: string) => program.replace(/\.py$/, '').replaceAll('/', '.');
const CUSTOM_ATTRIBUTES = 'X-Amzn-SageMaker-Custom-Attributes';
/** A model server has nothing to save. */
const GRACE = 5000;
const DEFAULT_STARTUP_SECONDS = 600;
const PING_INTERVAL = 100;
/** What the runtime API gives a container. */
const INVOCATION_TIMEOUT = 60_000;
