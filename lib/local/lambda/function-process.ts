import { randomUUID } from 'node:crypto';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../clock';
import { Mark } from '../mark';
import type { FunctionErrorBody, InvokeMessage, ResultMessage } from './messages';

/** A function as its template has it. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** Folder of the code. */
  readonly codeFolder: string;
  /** `index.handler` */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMB: number;
  readonly environment: { readonly [name: string]: string };
}

/** What the function threw, or what became of its process. */
export class FunctionError extends Error {
  constructor(public readonly body: FunctionErrorBody) {
    super(`${body.errorType}: ${body.errorMessage}`);
  }
}

interface Waiting {
  readonly child: ChildProcess;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: FunctionError) => void;
}

export interface FunctionProcessOptions {
  readonly configuration: FunctionConfiguration;
  /** The built bin/lambda-runner. */
  readonly runner: string;
  /** All that the process gets, besides what Lambda itself sets. */
  readonly environment: { readonly [name: string]: string };
  readonly clock: Clock;
  /** What the function prints. */
  readonly onOutput: (text: string) => void;
}

/** The warm process of a function: started with the first invocation, several of which may be under way. */
export class FunctionProcess {
  private child?: ChildProcess;
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly options: FunctionProcessOptions) {}

  /** @throws FunctionError with the function's error, `Sandbox.Timedout` or `Runtime.ExitError` */
  async invoke(event: unknown): Promise<unknown> {
    const { configuration: { name, arn, timeoutSeconds, memoryMB }, clock } = this.options;
    const id = randomUUID();
    const child = this.child ??= this.start();
    const milliseconds = timeoutSeconds * 1000;
    const message: InvokeMessage = { id, event, functionName: name, functionArn: arn, memoryMB, deadline: Date.now() + milliseconds };
    let forget: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.waiting.set(id, { child, resolve, reject });
        forget = clock.after(milliseconds, () => {
          reject(new FunctionError({ errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${id} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds` }));
          // Code that has run out of time can't be stopped in any other way; what comes next gets a new process.
          this.child = undefined;
          child.kill('SIGKILL');
        });
        child.send(message, (error) => { if (error !== null) { reject(exited(id, error.message)); } });
      });
    } finally {
      this.waiting.delete(id);
      forget();
    }
  }

  /** Ends the process. What is under way fails. */
  async close(): Promise<void> {
    const { child } = this;
    if (child === undefined) { return; }
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await ended;
  }

  private start(): ChildProcess {
    const { configuration, runner, environment, onOutput } = this.options;
    const mark = new Mark();
    const child = fork(runner, [], {
      cwd: configuration.codeFolder,
      env: {
        ...environment, ...configuration.environment,
        LAMBDA_TASK_ROOT: configuration.codeFolder, _HANDLER: configuration.handler,
        AWS_LAMBDA_FUNCTION_NAME: configuration.name, AWS_LAMBDA_FUNCTION_VERSION: '$LATEST', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMB),
        AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
        ...mark.variables,
      },
      // Not those of the process that starts it: an inspector or a loader would be started with every function.
      execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    // It hears of the end of this process itself, unless it is busy.
    const forget = child.pid === undefined ? () => undefined : mark.endWithThis(child.pid);
    child.once('exit', () => {
      mark.end();
      forget();
    });
    child.stdout?.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    child.on('message', (message: ResultMessage) => {
      const waiting = this.waiting.get(message.id);
      if ('error' in message) { waiting?.reject(new FunctionError(message.error)); } else { waiting?.resolve(JSON.parse(message.result)); }
    });
    child.on('error', (error) => this.lose(child, error.message));
    child.on('exit', (code, signal) => this.lose(child, `exit status ${code ?? signal ?? ''}`));
    return child;
  }

  private lose(child: ChildProcess, how: string): void {
    if (this.child === child) { this.child = undefined; }
    for (const [id, { reject }] of [...this.waiting].filter(([, waiting]) => waiting.child === child)) { reject(exited(id, how)); }
  }
}

const exited = (id: string, how: string) => new FunctionError({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: Runtime exited: ${how}` });
