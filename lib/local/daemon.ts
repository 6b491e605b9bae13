import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { Attendance } from './attendance';
import { awsJsonListener } from './aws-json';
import type { PartialListener } from './aws-json';
import { SYSTEM_CLOCK } from './clock';
import { CloudFormation } from './cloudformation/engine';
import { ANSWERS_PATH, cloudFormationListener } from './cloudformation/listener';
import { STACK_TYPE } from './cloudformation/stack-record';
import { FolderStackStore } from './cloudformation/stack-store';
import { StacksApi } from './cloudformation/stacks-api';
import { Containers, type LocalMode } from './containers/containers';
import { controlListener, type ControlCommands } from './control';
import { Idleness } from './idleness';
import { ImageStore } from './images/image-store';
import { JobProgresses } from './job-progress';
import { FunctionError } from './lambda/function-process';
import { Functions } from './lambda/functions';
import { listening } from './listening';
import { pace } from './pace';
import { resourceTypes } from './resources';
import { S3Folder } from './s3-folder';
import { s3Listener } from './s3-server';
import { sageMakerListener } from './sagemaker/listener';
import { LocalSageMaker, type LocalSageMakerOptions } from './sagemaker/local-sagemaker';
import { readServerInfo, writeServerInfo, type ServerInfo } from './server-file';
import { lockOf, lockState, ownersOf } from './state-lock';
import { LocalSns } from './sns/local-sns';
import { bootstrapParameter, LocalSsm } from './ssm/local-ssm';
import { sweep } from './sweep';
import { executionEvent, sageMakerEvent, stackStatusEvent } from './events/aws-event';
import { EventBus } from './events/event-bus';
import { StateError } from './workflows/state-error';
import { StepFunctions } from './workflows/step-functions';
import { StepFunctionsApi } from './workflows/step-functions-api';
import type { TaskService } from './workflows/tasks';

export interface DaemonOptions {
  /** The state folder; everything is kept in it. */
  readonly state: string;
  /** The built bin/lambda-runner. */
  readonly runner: string;
  /** @default auto */
  readonly mode?: LocalMode;
  /** How long it runs for nobody, in milliseconds: with no stack, no job, no endpoint and no request. @default - until it is ended */
  readonly idle?: number;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default - one that is free */
  readonly apiPort?: number;
  /** @default - one that is free */
  readonly s3Port?: number;
  /** What is otherwise for a test. @default nothing */
  readonly test?: TestedDaemon;
}

/** What a test has of its own. */
export interface TestedDaemon extends Required<Pick<LocalSageMakerOptions, 'clock' | 'interference'>>, Pick<LocalSageMakerOptions, 'minute' | 'stopGrace'> {
  /** Puts something before what answers. */
  readonly around: (listener: RequestListener, service: 'api' | 's3') => RequestListener;
  /** Commands of the control API. */
  readonly commands: ControlCommands;
}

/** What has been opened. */
interface Opened {
  readonly s3: S3Folder;
  readonly sageMaker: LocalSageMaker;
  readonly info: ServerInfo;
}

const ACCOUNT = '123456789012';

/** What was published to topics. */
export const messagesFile = (state: string) => join(state, 'messages.jsonl');

/** The local AWS of a state folder: two ports on 127.0.0.1, and the processes behind them. */
export class Daemon {
  private readonly closers: (() => Promise<unknown> | void)[] = [];
  private ended: () => void = () => undefined;
  /** Resolves when it has been closed. */
  public readonly end = new Promise<void>((resolve) => { this.ended = resolve; });
  private closing?: Promise<void>;
  private opened?: Opened;
  private readonly idleness: Idleness;

  private constructor(private readonly options: DaemonOptions) {
    this.idleness = new Idleness(options.idle ?? Infinity);
  }

  /** @throws Error when another one has the state folder */
  static async start(options: DaemonOptions): Promise<Daemon> {
    mkdirSync(options.state, { recursive: true, mode: 0o700 });
    const daemon = new Daemon(options);
    daemon.closers.push(await lockState(options.state));
    try {
      await daemon.open();
    } catch (error) {
      await daemon.close();
      throw error;
    }
    return daemon;
  }

  /** Ends every process and both ports. What was under way is gone on with, or said to have failed, by the next one. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      if (readServerInfo(this.options.state)?.pid === process.pid) { rmSync(join(this.options.state, 'server.json'), { force: true }); }
      // Each of them, whatever becomes of the others: the folder itself may be gone.
      for (const closer of [...this.closers].reverse()) { await Promise.resolve().then(closer).catch(() => undefined); }
      this.ended();
    })();
    return this.closing;
  }

  /** An error that nobody has caught: what it belongs to is not known, so nothing goes on. Said in server.log, and everything ended in order. */
  fail(error: unknown): Promise<void> {
    const { state } = this.options;
    // The folder itself may be gone.
    try { this.log(`ends, since it has a bug: ${error instanceof Error ? error.stack : String(error)}`); } catch { console.error(`the log of ${state} can't be written`); }
    return this.close();
  }

  get parts(): Opened {
    if (this.opened === undefined) { throw new Error('the local AWS is not ready'); }
    return this.opened;
  }

  private async open(): Promise<void> {
    const { state, runner, region, test } = this.options;
    const around = test?.around ?? ((listener: RequestListener) => listener);
    sweep(state);
    const log = (line: string) => this.log(line);
    const s3 = new S3Folder(join(state, 's3'));
    const s3Port = await this.listen(around(s3Listener({ s3, uploadsFolder: join(state, 's3-uploads'), region, log }), 's3'), this.options.s3Port);

    // The port has to be known before there is anything to answer.
    let listeners: PartialListener[] = [];
    const apiPort = await this.listen(around((request, response) => {
      if (!listeners.some((listener) => listener(request, response))) { response.writeHead(404).end(); }
    }, 'api'), this.options.apiPort);
    const api = `http://127.0.0.1:${apiPort}`;
    const s3Endpoint = `http://127.0.0.1:${s3Port}`;

    const images = new ImageStore(join(state, 'images'));
    const { containers, said } = await Containers.open({ mode: this.options.mode ?? 'auto', folder: state, images });
    log(said);
    let isEmpty = () => false;
    this.closers.push(async () => {
      await containers?.close();
      // With the last stack: while there is one, its images are wanted again.
      if (isEmpty()) { await containers?.removeImages(); }
    });
    const place = { region: region ?? 'us-east-1', account: ACCOUNT };
    // What it tells is there below: nothing happens before a rule or a schedule is.
    const sns = new LocalSns(messagesFile(state), SYSTEM_CLOCK);
    const events: EventBus = new EventBus({
      ...place, clock: SYSTEM_CLOCK, log,
      startExecution: (stateMachineArn, input) => { stepFunctions.startExecution({ stateMachineArn, input }); },
      publish: (TopicArn, Message) => sns.call('Publish', { TopicArn, Message }),
      invoke: (arn, payload) => functions.deliver(arn, payload),
    });
    s3.onCreated = (object) => events.objectCreated(object);
    const sageMaker = new LocalSageMaker({ onChange: (change) => events.emit(sageMakerEvent(change)), folder: join(state, 'sagemaker'), s3, s3Endpoint, images, containers, region, log, clock: test?.clock, minute: test?.minute, stopGrace: test?.stopGrace, interference: test?.interference });
    this.closers.push(() => sageMaker.close());
    const functions = new Functions({
      runner, clock: SYSTEM_CLOCK,
      endpoints: () => ({ AWS_ENDPOINT_URL_SAGEMAKER: api, AWS_ENDPOINT_URL_SFN: api, AWS_ENDPOINT_URL_SSM: api, AWS_ENDPOINT_URL_CLOUDFORMATION: api, AWS_ENDPOINT_URL_S3: s3Endpoint }),
      onOutput: (name, text) => log(`${name}: ${text.trimEnd()}`),
    });
    this.closers.push(() => functions.close());
    const ssm = new LocalSsm({
      file: join(state, 'ssm.json'), clock: SYSTEM_CLOCK, region: place.region, accountId: place.account,
      given: bootstrapParameter,
    });
    // CloudFormation makes state machines, and they call it.
    const services: { [service: string]: TaskService } = { sagemaker: sageMaker, ssm, sns };
    const stepFunctions = new StepFunctions({ clock: SYSTEM_CLOCK, pace, folder: join(state, 'executions'), services, onStatus: (execution) => events.emit(executionEvent(execution)), invoke: (arn, payload) => functions.invoke(arn, payload).catch(asStateError) }, (name, error) => {
      if (error !== undefined) { log(`execution ${name} has failed: ${error.message}`); }
    });
    services.sfn = new StepFunctionsApi(stepFunctions);
    this.closers.push(() => stepFunctions.close(), () => events.close());

    const cloudFormation = new CloudFormation({
      clock: SYSTEM_CLOCK,
      store: new FolderStackStore(join(state, 'stacks')),
      types: resourceTypes({ sageMaker, cloudWatch: sageMaker.cloudWatch, s3, functions, events, ssm, stepFunctions, codeFolder: join(state, 'functions') }),
      onTrouble: log,
      onEvent: (record, event) => { if (event.type === STACK_TYPE) { events.emit(stackStatusEvent(record, event)); } },
      isLost: ({ type, physical }) => physical !== undefined && sageMaker.isLost(type.replace(/^Custom::SageMaker/, ''), physical.physicalId),
      answersUrl: () => `${api}${ANSWERS_PATH}`,
      // When everything ends, so do functions: that is no answer, and no reason to roll back.
      deliver: (arn, event) => functions.deliver(arn, event).catch((error: Error) => (this.closing === undefined ? Promise.reject(error) : new Promise<void>(() => undefined))),
      ssmParameter: (name) => ssm.value(name),
    });
    const stacks = services.cloudformation = new StacksApi(cloudFormation, log);
    await cloudFormation.restore();
    isEmpty = () => cloudFormation.list().length === 0;

    const token = randomBytes(24).toString('hex');
    listeners = [
      sageMakerListener(sageMaker, log),
      awsJsonListener('Logs_20140328', (operation, input) => sageMaker.logs.call(operation, input), log),
      awsJsonListener('GraniteServiceVersion20100801', (operation, input) => sageMaker.cloudWatch.call(operation, input), log),
      ...Object.entries({ AWSStepFunctions: services.sfn, AmazonSSM: ssm }).map(([prefix, service]) => awsJsonListener(prefix, (operation, input) => service.call(operation, input), log)),
      cloudFormationListener(cloudFormation, stacks, log),
      controlListener({
        token, cloudFormation, s3, images, jobs: new JobProgresses(sageMaker), attendance: new Attendance(), mode: this.options.mode ?? 'auto', runsIn: said,
        buildsImages: containers !== undefined, hasJobs: () => sageMaker.hasJobs || !stepFunctions.isAtRest, isAlone: () => this.idleness.isAlone, stop: () => void this.close(), log,
      }, test?.commands),
    ];
    cloudFormation.goOn();
    this.endWhenUnneeded(() => cloudFormation.list().length === 0 && sageMaker.isAtRest, log);
    const info = { pid: process.pid, apiPort, s3Port, token };
    this.opened = { s3, sageMaker, info };
    writeServerInfo(state, info);
    log(`ready: API on port ${apiPort}, S3 on port ${s3Port}`);
  }

  private log(line: string): void {
    appendFileSync(join(this.options.state, 'server.log'), `${new Date().toISOString()} ${line}\n`);
  }

  /** A command that has started it may be gone before it asked for anything, and somebody may delete the folder of a running one. */
  private endWhenUnneeded(isEmpty: () => boolean, log: (line: string) => void): void {
    const { state, idle = Infinity } = this.options;
    const timer = setInterval(() => {
      if (!ownersOf(lockOf(state)).includes(process.pid)) { void this.close(); }
      if (!this.idleness.isIdle || !isEmpty()) { return; }
      log('nobody needs it: no stack, no job, no endpoint, no request');
      void this.close();
    }, Math.min(idle, 1000));
    timer.unref();
    this.closers.push(() => clearInterval(timer));
  }

  private async listen(listener: RequestListener, port = 0): Promise<number> {
    const opened = await listening((request, response) => {
      this.idleness.count(response);
      listener(request, response);
    }, port);
    this.closers.push(() => opened.close());
    return opened.port;
  }
}

/** A function's error as a state machine sees it. */
function asStateError(error: Error): never {
  if (error instanceof FunctionError) { throw new StateError(error.body.errorType, JSON.stringify(error.body)); }
  throw new StateError(`Lambda.${error.name}`, error.message);
}
