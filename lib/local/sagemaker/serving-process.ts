import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateModelInput, ProductionVariant } from '@aws-sdk/client-sagemaker';
import { awsImage } from '../aws-image';
import { ProcessGroup } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import { pythonFile } from '../python-files';
import { cutAtStart, JobFailure, lastError, LONGEST_REASON } from './failure-reason';
import type { JobLog } from './job-log';
import { awsVariables, machineVariables, type Machine } from './machine';
import { containerOf } from './models';
import { bringModel, OptMl } from './opt-ml';
import { servingScriptOf } from './script';

/** What a serving process answers. */
export interface ServingAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The model server of one variant: a process with the model loaded, behind a port of this machine. */
export class ServingProcess {
  private readonly ml: OptMl;
  private readonly abort = new AbortController();
  private process?: ProcessGroup;
  private port = 0;
  private underway = 0;
  private idle: () => void = () => undefined;

  constructor(
    private readonly variant: ProductionVariant,
    private readonly model: CreateModelInput,
    private readonly machine: Machine,
    private readonly log: JobLog,
    private readonly folder: string,
  ) {
    this.ml = new OptMl(join(folder, 'opt', 'ml'));
  }

  /** @throws JobFailure with the reason why the model can't be served */
  public async start(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      await this.stop(0);
      throw error instanceof PythonEnvironmentError ? new JobFailure(error.message) : error;
    }
  }

  public get isRunning(): boolean {
    return this.process !== undefined && !this.process.hasEnded;
  }

  /** Sends one request to the model. */
  public async invoke(body: Buffer, contentType: string | undefined, accept: string | undefined): Promise<ServingAnswer> {
    this.underway += 1;
    try {
      return await this.send('POST', '/invocations', body, { ...contentType !== undefined && { 'Content-Type': contentType }, ...accept !== undefined && { Accept: accept } });
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
    this.log.finish();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async load(): Promise<void> {
    const container = containerOf(this.model);
    await this.ml.make();
    const source = container.ModelDataSource?.S3DataSource;
    const uri = container.ModelDataUrl ?? source?.S3Uri;
    if (uri !== undefined) { await bringModel(this.machine.s3, uri, source?.CompressionType !== 'None', this.ml.model); }
    const [module, folder] = await this.bringScript();
    const image = awsImage(container.Image);
    const python = await this.machine.python.environment({
      packages: image?.packages ?? [],
      expected: image?.expected,
      requirementsFile: join(folder, 'requirements.txt'),
      mayInstallRequirements: this.model.EnableNetworkIsolation !== true,
      log: (line) => this.log.note(line),
      signal: this.abort.signal,
    });
    this.abort.signal.throwIfAborted();
    let errors = '';
    const served = new ProcessGroup([python.python, pythonFile('serve.py'), module, this.ml.model], {
      cwd: folder,
      env: {
        ...machineVariables(this.ml.temporary),
        ...python.variables,
        ...this.model.EnableNetworkIsolation === true ? { AWS_REGION: this.machine.region } : awsVariables(this.machine),
        SM_MODEL_DIR: this.ml.model,
        SAGEMAKER_BASE_DIR: this.ml.base,
        PYTHONPATH: folder,
        ...container.Environment,
      },
      reportPipe: true,
      onOutput: (chunk, stream) => {
        this.log.append(chunk, stream);
        if (stream === 'stderr') { errors = (errors + chunk.toString()).slice(-64 * 1024); }
      },
    });
    this.process = served;
    await this.waitUntilHealthy(served, () => errors);
  }

  /** The module to import and the folder it is in. */
  private async bringScript(): Promise<readonly [string, string]> {
    const script = servingScriptOf(containerOf(this.model).Environment);
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
    const limit = (this.variant.ContainerStartupHealthCheckTimeoutInSeconds ?? DEFAULT_STARTUP_SECONDS) * 1000;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), limit); });
    const report = once(served.report, 'data').then(([chunk]) => (JSON.parse(String(chunk)) as { port: number }).port);
    report.catch(() => undefined);
    try {
      const port = await Promise.race([report, served.end.then(() => undefined), tooLate]);
      if (port !== undefined) {
        this.port = port;
        const ping = await this.send('GET', '/ping', Buffer.alloc(0), {}).catch(() => undefined);
        if (ping?.status === 200) { return; }
      }
    } finally {
      clearTimeout(timer);
    }
    this.abort.signal.throwIfAborted();
    const head = `The primary container for production variant ${this.variant.VariantName} did not pass the ping health check. `;
    throw new JobFailure(head + cutAtStart(served.hasEnded ? lastError(errors(), this.ml.base) : `It did not answer within ${limit / 1000} seconds.`, LONGEST_REASON - head.length));
  }

  private async send(method: string, path: string, body: Buffer, headers: Record<string, string>): Promise<ServingAnswer> {
    const outgoing = httpRequest({
      host: '127.0.0.1', port: this.port, method, path, agent: false, timeout: INVOCATION_TIMEOUT, headers: { ...headers, 'Content-Length': body.length },
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('Your invocation timed out while waiting for a response from the container.')));
    outgoing.end(body);
    const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) { chunks.push(chunk as Buffer); }
    return { status: incoming.statusCode ?? 500, contentType: incoming.headers['content-type'] ?? 'application/octet-stream', body: Buffer.concat(chunks) };
  }
}

const moduleOf = (program: string) => program.replace(/\.py$/, '').replaceAll('/', '.');
/** A model server has nothing to save. */
const GRACE = 5000;
const DEFAULT_STARTUP_SECONDS = 600;
/** What the runtime API gives a container. */
const INVOCATION_TIMEOUT = 60_000;
