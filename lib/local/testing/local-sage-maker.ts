/// <reference lib="esnext.disposable" preserve="true" />
import { mkdtempSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, resolve } from 'node:path';
import { Daemon } from '../daemon';
import { lastWill } from '../last-will';
import { MINUTE } from '../pace';
import { parseS3Uri } from '../s3-folder';
import { packFolder } from '../sagemaker/archive';
import { endpointVariables } from '../server-file';
import { Calls } from './calls';
import { controlCommands, play } from './control-commands';
import { deployStacks, type DeployedStack } from './deploy-stacks';
import type { Fault } from './fault';
import { withFaults } from './faulty-calls';
import { OPERATIONS_BY_PATH, operationOfApi, operationOfS3 } from './operation-of';
import { checkOptions, type Call, type ClientConfig, type EndpointState, type JobState, type LocalSageMakerOptions } from './options';
import type { Files, Outcome } from './outcome';
import { Scenario } from './scenario';
import type { ScenarioDocument } from './scenario-document';
import { TestClock } from './test-clock';
import { millisecondsOf } from './time';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const KINDS = ['TrainingJob', 'HyperParameterTuningJob', 'TransformJob', 'ProcessingJob'] as const;
/** How often a job or an endpoint is looked at that somebody waits for, in milliseconds of real time. */
const LOOK = 20;

/**
 * SageMaker, S3, CloudWatch Logs and CloudFormation on this machine, for tests: in this process, behind two ports of 127.0.0.1.
 * Jobs and endpoints really run, but for those that are scripted.
 */
export class LocalSageMaker {
  /** @throws Error for options that are wrong, and when another one has the folder */
  public static async start(options: LocalSageMakerOptions = {}): Promise<LocalSageMaker> {
    checkOptions(options);
    const { clock: kind = 'real', startTime, mode = 'process', region = 'us-east-1', stopGrace = 120 } = options;
    const clock = new TestClock(kind === 'virtual', startTime?.getTime());
    const scenario = new Scenario(clock, () => operationsOf(daemon));
    const calls = new Calls(clock);
    const isTemporary = options.folder === undefined;
    const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'local-sagemaker-')));
    const forget = isTemporary ? lastWill('sleep 1; rm -rf -- "$1"', [folder]) : () => undefined;
    const cleanUp = async () => {
      forget();
      if (isTemporary) { await rm(folder, { recursive: true, force: true, maxRetries: 5 }); }
    };
    let daemon: Daemon | undefined;
    try {
      daemon = await Daemon.start({
        state: folder, mode, region, runner: join(__dirname, 'lambda-runner.js'), apiPort: options.port, s3Port: options.s3Port,
        test: {
          clock, interference: scenario, stopGrace: millisecondsOf(stopGrace, 'stopGrace'), commands: controlCommands(scenario, clock),
          // Where time can be let pass, a minute is one.
          minute: kind === 'virtual' ? 60_000 : MINUTE,
          around: (listener, service) => withFaults(listener, scenario, service === 's3' ? operationOfS3 : operationOfApi, calls),
        },
      });
    } catch (error) {
      await cleanUp();
      throw error;
    }
    return new LocalSageMaker(folder, region, daemon, clock, scenario, calls, cleanUp);
  }

  /** Where it keeps everything; with `log` for what is wrong with it rather than with a job. */
  public readonly folder: string;
  public readonly region: string;
  /** The time of jobs, alarms and deployments. */
  public readonly clock: TestClock;
  private stopping?: Promise<void>;

  private constructor(folder: string, region: string, private readonly daemon: Daemon, clock: TestClock, private readonly scenario: Scenario, private readonly received: Calls, private readonly cleanUp: () => Promise<void>) {
    this.folder = folder;
    this.region = region;
    this.clock = clock;
  }

  /** The URL of SageMaker, its runtime, CloudWatch Logs and CloudWatch. */
  public get endpoint(): string { return `http://127.0.0.1:${this.daemon.parts.info.apiPort}`; }

  public get s3Endpoint(): string { return `http://127.0.0.1:${this.daemon.parts.info.s3Port}`; }

  /** What another process finds it by: SDKs of any language, the AWS CLI. */
  public get environment(): { readonly [name: string]: string } {
    return {
      ...endpointVariables(this.daemon.parts.info), AWS_REGION: this.region, AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    };
  }

  /** For a client of SageMaker, its runtime, CloudWatch Logs or CloudWatch. */
  public get clientConfig(): ClientConfig { return { endpoint: this.endpoint, region: this.region, credentials: CREDENTIALS }; }

  /** For a client of S3. */
  public get s3ClientConfig(): ClientConfig & { readonly forcePathStyle: true } { return { ...this.clientConfig, endpoint: this.s3Endpoint, forcePathStyle: true }; }

  /** What another process needs to send faults: `POST <endpoint>/control/faults`, with `Authorization: Bearer <token>`. */
  public get token(): string { return this.daemon.parts.info.token; }

  /**
   * What becomes of jobs that are created from now on, in place of running their programs. The last script of a name counts.
   *
   * @param jobs a name, in which * stands for anything; of the training jobs of a tuning job too, whose names begin with its name
   * @param outcomes the nth such job has the nth one, further jobs the last one
   */
  public script(jobs: string, ...outcomes: Outcome[]): void { this.scenario.script(jobs, outcomes); }

  /** From now on these go wrong. Of those for the same calls, the first happens first. @throws Error for an operation that is not known */
  public inject(...faults: Fault[]): void { faults.forEach((fault) => this.scenario.inject(fault)); }

  /** Scripts and faults as JSON has them. @throws Error that names what is wrong with it */
  public play(document: ScenarioDocument): void { play(document, this.scenario); }

  /** Faults that have not happened yet, or not as often as they were to. */
  public get pendingFaults(): Fault[] { return this.scenario.pending; }

  /** Forgets scripts, faults and calls. Jobs that have begun go on as they were to. */
  public clear(): void {
    this.scenario.clear();
    this.received.clear();
  }

  /** The calls that have come in, the last ten thousand. @param operation only those of this one */
  public calls(operation?: string): Call[] { return this.received.list().filter((call) => operation === undefined || call.operation === operation); }

  public async createBucket(bucket: string): Promise<void> { await this.daemon.parts.s3.createBucket(bucket); }

  /** Makes its bucket too, where there is none. @param uri s3://bucket/key */
  public async putObject(uri: string, content: string | Uint8Array): Promise<void> {
    const { bucket, key } = placeOf(uri);
    await this.daemon.parts.s3.createBucket(bucket);
    await this.daemon.parts.s3.put(bucket, key, Buffer.from(content));
  }

  /** Files as a .tar.gz: the source of a script, a model. */
  public async putArchive(uri: string, files: Files): Promise<void> {
    const scratch = await mkdtemp(join(this.folder, 'archive-'));
    try {
      for (const [path, content] of Object.entries(files)) {
        const file = join(scratch, 'files', normalize(`/${path}`));             // never above the folder
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
      await mkdir(join(scratch, 'files'), { recursive: true });
      await packFolder(join(scratch, 'files'), join(scratch, 'archive.tar.gz'));
      await this.putObject(uri, await readFile(join(scratch, 'archive.tar.gz')));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** @throws Error NoSuchKey, NoSuchBucket */
  public async getObject(uri: string): Promise<Uint8Array> {
    const { bucket, key } = placeOf(uri);
    return this.daemon.parts.s3.get(bucket, key);
  }

  /** An object that is a text. */
  public async getText(uri: string): Promise<string> { return Buffer.from(await this.getObject(uri)).toString(); }

  /** The URIs of the objects whose URI begins so. @param uri s3://bucket/prefix, or the name of a bucket for all that is in it */
  public async listObjects(uri: string): Promise<string[]> {
    const place = parseS3Uri(/^[a-z0-9][a-z0-9.-]+$/.test(uri) ? `s3://${uri}/` : uri);
    if (place === undefined) { throw new Error(`objects are listed by s3://bucket/prefix, or by the name of a bucket; got ${uri}`); }
    const { bucket, key } = place;
    return (await this.daemon.parts.s3.list(bucket, key)).map((object) => `s3://${bucket}/${object.key}`);
  }

  /** The lines of a job's log. */
  public logs(jobName: string): string[] {
    return KINDS.map((kind) => this.daemon.parts.sageMaker.logLines(jobName, 0, kind).lines).find((lines) => lines.length > 0) ?? [];
  }

  /** A job of any kind at the moment. @throws Error when there is none */
  public async job(name: string): Promise<JobState> {
    for (const kind of KINDS) {
      const job = await this.daemon.parts.sageMaker.call(`Describe${kind}`, { [`${kind}Name`]: name }).catch(() => undefined);
      if (job === undefined) { continue; }
      const { SecondaryStatus: secondaryStatus, FailureReason: failureReason, ModelArtifacts: model } = job as { SecondaryStatus?: string; FailureReason?: string; ModelArtifacts?: { S3ModelArtifacts?: string } };
      return { name, kind, status: String(job[`${kind}Status`]), secondaryStatus, failureReason, artifact: model?.S3ModelArtifacts || undefined };
    }
    throw new Error(`there is no job ${name}`);
  }

  /**
   * Waits, in real time, for a job to come to a status, or to its end.
   *
   * @param until a status or a secondary status. @default - its end
   */
  public async waitForJob(name: string, until?: string): Promise<JobState> {
    for (;;) {
      const job = await this.job(name);
      if (job.status === until || job.secondaryStatus === until || /^(Completed|Failed|Stopped)$/.test(job.status)) { return job; }
      await this.look();
    }
  }

  /** Waits, in real time, until an endpoint is neither being made nor being changed. @throws Error when there is none */
  public async waitForEndpoint(name: string): Promise<EndpointState> {
    for (;;) {
      const { EndpointStatus: status, FailureReason: failureReason } = await this.daemon.parts.sageMaker.call('DescribeEndpoint', { EndpointName: name }) as { EndpointStatus: string; FailureReason?: string };
      if (!/ing$/.test(status)) { return { name, status, failureReason }; }
      await this.look();
    }
  }

  /** Deploys stacks of a cloud assembly, as `cdk-sagemaker local deploy` does. @param stacks names or paths. @default - all. @throws Error with the reasons, when one fails */
  public async deploy(assembly: string, ...stacks: string[]): Promise<DeployedStack[]> { return deployStacks(this.folder, assembly, stacks); }

  /** Resolves when it has been stopped, by whoever. */
  public get ended(): Promise<void> { return this.daemon.end; }

  /** Ends everything, and takes the temporary folder away. */
  public stop(): Promise<void> {
    this.stopping ??= (async () => {
      this.scenario.end();
      const closed = this.daemon.close();
      this.clock.end();
      await closed;
      await this.cleanUp();
    })();
    return this.stopping;
  }

  public [Symbol.asyncDispose](): Promise<void> { return this.stop(); }

  private async look(): Promise<void> {
    if (this.stopping !== undefined) { throw new Error('the local SageMaker has been stopped'); }
    await new Promise((done) => { setTimeout(done, LOOK); });
  }
}

function operationsOf(daemon: Daemon | undefined): string[] {
  const { sageMaker } = (daemon as Daemon).parts;
  return [...sageMaker.operationNames, ...sageMaker.logs.operationNames, ...sageMaker.cloudWatch.operationNames, 'StartExecution', ...OPERATIONS_BY_PATH];
}

/** @throws Error for what is no URI of an object */
function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const place = parseS3Uri(uri);
  if (place === undefined || place.key === '') { throw new Error(`an object is named by its URI, s3://bucket/key; got ${uri}`); }
  return place;
}
