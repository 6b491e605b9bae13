import { execute } from './execution';
import type { ExecutionWorld } from './execution';
import { ServiceError } from './service-error';
import { definitionOf } from './states-language';
import type { Definition } from './states-language';

interface Execution {
  readonly input: string;
  readonly started: number;
  isRunning: boolean;
}

interface Machine {
  definition: Definition;
  /** Names are remembered after the end, for 90 days at AWS and here for as long as the machine lives. */
  readonly executions: Map<string, Execution>;
}

export interface StartExecutionInput {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
}

/** How an execution ended, for the log. */
export type ExecutionEnd = (name: string, error: Error | undefined) => void;

/** Step Functions, for Standard state machines. */
export class StepFunctions {
  private readonly machines = new Map<string, Machine>();
  private readonly controller = new AbortController();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly world: ExecutionWorld, private readonly onEnd: ExecutionEnd = () => undefined) {}

  /** Makes a state machine or changes it. Executions that run go on with the definition that they began with. @throws ServiceError InvalidDefinition */
  put(arn: string, definition: string): void {
    const known = this.machines.get(arn);
    const read = definitionOf(definition);
    if (known === undefined) { this.machines.set(arn, { definition: read, executions: new Map() }); } else { known.definition = read; }
  }

  /** Executions that run go on. */
  delete(arn: string): void { this.machines.delete(arn); }

  /**
   * Starts an execution; once more with the same input while it runs is the same execution.
   *
   * @throws ServiceError StateMachineDoesNotExist, ExecutionAlreadyExists, InvalidExecutionInput, InvalidName
   */
  startExecution({ stateMachineArn: arn, name, input }: StartExecutionInput): { executionArn: string; startDate: Date } {
    const machine = this.machines.get(arn);
    if (machine === undefined) { throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`); }
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) { throw new ServiceError('InvalidName', `Invalid Name: '${name}'`); }
    let document: unknown;
    try { document = JSON.parse(input); } catch { throw new ServiceError('InvalidExecutionInput', 'Invalid State Machine Execution Input'); }
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = machine.executions.get(name);
    if (known !== undefined) {
      if (!known.isRunning || known.input !== input) { throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`); }
      return { executionArn, startDate: new Date(known.started) };
    }
    const execution: Execution = { input, started: this.world.clock.now(), isRunning: true };
    machine.executions.set(name, execution);
    const work: Promise<void> = execute(machine.definition, document, { ...this.world, signal: this.controller.signal })
      .then(() => undefined, (error: Error) => error)
      .then((error) => {
        execution.isRunning = false;
        this.running.delete(work);
        if (!this.controller.signal.aborted) { this.onEnd(name, error); }
      });
    this.running.add(work);
    return { executionArn, startDate: new Date(execution.started) };
  }

  /** Until no execution runs. */
  async atRest(): Promise<void> { while (this.running.size > 0) { await Promise.all(this.running); } }

  /** Every execution ends at its next state. */
  close(): void { this.controller.abort(); }
}
