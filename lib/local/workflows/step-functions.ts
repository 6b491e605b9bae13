import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../service-error';
import { definitionOf, type Definition } from './definition';
import { Closing, Execution, type ExecutionWorld } from './execution';
import { ExecutionLog, type ExecutionHead, type ExecutionStatus } from './execution-log';
import { StateError } from './state-error';
import { Tasks, type TaskWorld } from './tasks';

/** A state machine, as it is described. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly text: string;
  readonly roleArn: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

interface KnownMachine extends Machine {
  readonly definition: Definition;
  /** By name. They are remembered after the end, for 90 days at AWS and here for as long as the machine lives. */
  readonly executions: Map<string, ExecutionLog>;
}

interface Running {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export interface StartExecutionInput {
  readonly stateMachineArn: string;
  /** @default - a new one */
  readonly name?: string;
  /** @default {} */
  readonly input?: string;
}

export interface StepFunctionsWorld extends Omit<ExecutionWorld, 'perform'>, Omit<TaskWorld, 'clock' | 'services'>, Partial<Pick<TaskWorld, 'services'>> {
  /** Where executions are kept. @default - in memory */
  readonly folder?: string;
  /** An execution is in another state. */
  onStatus?(log: ExecutionLog): void;
}

/** How an execution ended, for the log. */
export type ExecutionEnd = (name: string, error: Error | undefined) => void;

/** Someone has stopped it, or it has taken too long. */
class Ended extends Error {
  constructor(public readonly type: 'ExecutionAborted' | 'ExecutionTimedOut', public readonly details: Readonly<Record<string, unknown>>) { super(type); }
}

/** What an execution says of itself that ran when everything ended. Not gone on with: its jobs have ended with the local AWS. */
const INTERRUPTED = { error: 'LocalAws.Stopped', cause: 'The local AWS was stopped while the execution ran' };

/** Step Functions, for Standard state machines. */
export class StepFunctions {
  private readonly known = new Map<string, KnownMachine>();
  private readonly running = new Map<ExecutionLog, Running>();
  private readonly tasks: Tasks;

  constructor(private readonly world: StepFunctionsWorld, private readonly onEnd: ExecutionEnd = () => undefined) {
    this.tasks = new Tasks({ ...world, services: world.services ?? {} });
  }

  /** Makes a state machine or changes it. Executions that run go on with the definition that they began with. @throws ServiceError InvalidDefinition */
  put(arn: string, text: string, roleArn = ''): void {
    const known = this.known.get(arn);
    const definition = definitionOf(text, (resource) => this.tasks.refuses(resource));
    const executions = known?.executions ?? this.kept(arn);
    this.known.set(arn, { arn, name: nameIn(arn), text, roleArn, definition, executions, created: known?.created ?? this.world.clock.now() });
  }

  /** Executions that run are ended, at AWS with their next state. */
  delete(arn: string): void {
    for (const log of this.known.get(arn)?.executions.values() ?? []) { this.running.get(log)?.controller.abort(new Ended('ExecutionAborted', {})); }
    this.known.delete(arn);
    const folder = this.folderOf(arn);
    if (folder !== undefined) { rmSync(folder, { recursive: true, force: true }); }
  }

  get machines(): readonly Machine[] { return [...this.known.values()]; }

  /** @throws ServiceError StateMachineDoesNotExist */
  machine(arn: string): Machine { return this.require(arn); }

  /** The newest first. @throws ServiceError StateMachineDoesNotExist */
  executions(arn: string, status?: ExecutionStatus): ExecutionLog[] {
    return [...this.require(arn).executions.values()].reverse().filter((log) => status === undefined || log.status === status);
  }

  /** @throws ServiceError ExecutionDoesNotExist */
  execution(executionArn: string): ExecutionLog {
    const [, machine = '', name = ''] = /^(.*):([^:]*)$/.exec(executionArn) ?? [];
    const log = this.known.get(machine.replace(':execution:', ':stateMachine:'))?.executions.get(name);
    if (log === undefined) { throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`); }
    return log;
  }

  /**
   * Starts an execution; once more with the same input while it runs is the same execution.
   *
   * @throws ServiceError StateMachineDoesNotExist, ExecutionAlreadyExists, InvalidExecutionInput, InvalidName
   */
  startExecution({ stateMachineArn: arn, name = randomUUID(), input = '{}' }: StartExecutionInput): { executionArn: string; startDate: Date } {
    const machine = this.require(arn);
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) { throw new ServiceError('InvalidName', `Invalid Name: '${name}'`); }
    let document: unknown;
    try { document = JSON.parse(input); } catch { throw new ServiceError('InvalidExecutionInput', 'Invalid State Machine Execution Input'); }
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = machine.executions.get(name);
    if (known !== undefined) {
      if (known.status !== 'RUNNING' || known.head.input !== input) { throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`); }
      return { executionArn, startDate: new Date(known.head.started) };
    }
    const head: ExecutionHead = { executionArn, stateMachineArn: arn, name, input, started: this.world.clock.now() };
    const log = ExecutionLog.begin(head, this.folderOf(arn));
    machine.executions.set(name, log);
    this.begin(log, machine, document);
    return { executionArn, startDate: new Date(head.started) };
  }

  /** Ends an execution, and the jobs that it waits for. @throws ServiceError ExecutionDoesNotExist */
  stopExecution(executionArn: string, details: { readonly error?: string; readonly cause?: string } = {}): Date {
    const log = this.execution(executionArn);
    this.running.get(log)?.controller.abort(new Ended('ExecutionAborted', details));
    return new Date(log.end?.time ?? this.world.clock.now());
  }

  get isAtRest(): boolean { return this.running.size === 0; }

  /** Until no execution runs. */
  async atRest(): Promise<void> { while (this.running.size > 0) { await Promise.all([...this.running.values()].map(({ done }) => done)); } }

  /** Every execution ends. The next one on this folder says that they were aborted. */
  close(): void {
    for (const { controller } of this.running.values()) { controller.abort(new Closing('The local AWS ends')); }
  }

  private begin(log: ExecutionLog, machine: KnownMachine, input: unknown): void {
    const { clock } = this.world;
    const controller = new AbortController();
    const say = (type: string, details: Readonly<Record<string, unknown>>) => { if (!controller.signal.aborted) { log.add(type, clock.now(), details); } };
    say('ExecutionStarted', { input: log.head.input, roleArn: machine.roleArn });
    const seconds = machine.definition.TimeoutSeconds;
    const forget = seconds === undefined ? () => undefined : clock.after(seconds * 1000, () => controller.abort(new Ended('ExecutionTimedOut', {})));
    const perform = this.tasks.perform.bind(this.tasks);
    const context = {
      Execution: { Id: log.head.executionArn, Name: log.head.name, Input: input, StartTime: new Date(log.head.started).toISOString(), RoleArn: machine.roleArn, RedriveCount: 0 },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    const run = new Execution({ ...this.world, perform }, context, controller.signal, say).run(machine.definition, input);
    const done = run
      .then((output): [string, object] => ['ExecutionSucceeded', { output: JSON.stringify(output) }], (error: Error): [string, object] => endOf(error))
      .then(([type, details]) => {
        forget();
        this.running.delete(log);
        if (controller.signal.reason instanceof Closing) { return; }
        // A machine that was deleted has taken its files along.
        if (this.known.has(machine.arn)) { log.add(type, clock.now(), details as Record<string, unknown>); }
        this.world.onStatus?.(log);
        const { error = type, cause = '' } = details as { error?: string; cause?: string };
        this.onEnd(log.head.name, type === 'ExecutionSucceeded' ? undefined : new StateError(error, cause));
      });
    this.running.set(log, { controller, done });
    this.world.onStatus?.(log);
  }

  private kept(arn: string): Map<string, ExecutionLog> {
    const folder = this.folderOf(arn);
    const logs = folder === undefined ? [] : ExecutionLog.all(folder);
    for (const log of logs) { if (log.status === 'RUNNING') { log.add('ExecutionAborted', this.world.clock.now(), INTERRUPTED); } }
    return new Map(logs.map((log) => [log.head.name, log]));
  }

  private require(arn: string): KnownMachine {
    const machine = this.known.get(arn);
    if (machine === undefined) { throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`); }
    return machine;
  }

  private folderOf(arn: string): string | undefined {
    return this.world.folder === undefined ? undefined : join(this.world.folder, encodeURIComponent(nameIn(arn)));
  }
}

const nameIn = (arn: string) => arn.split(':').at(-1) as string;

function endOf(error: Error): [string, object] {
  if (error instanceof Ended) { return [error.type, error.details]; }
  const { error: name, cause } = error instanceof StateError ? error : new StateError('States.Runtime', error.message);
  return ['ExecutionFailed', { error: name, cause }];
}
