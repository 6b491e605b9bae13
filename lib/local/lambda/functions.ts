import type { Clock } from '../clock';
import { ServiceError } from '../service-error';
import { FunctionError, FunctionProcess } from './function-process';
import type { FunctionConfiguration } from './function-process';

export interface FunctionsOptions {
  /** The built bin/lambda-runner. */
  readonly runner: string;
  readonly clock: Clock;
  /** How functions find the local AWS: the `AWS_ENDPOINT_URL_*` variables. Asked when a process starts. */
  endpoints(): { readonly [name: string]: string };
  /** What functions print. @default nowhere */
  onOutput?(functionName: string, text: string): void;
}

/** Lambda waits so long before it delivers an event again, in milliseconds: twice, and then no more. */
const REDELIVERIES = [60_000, 120_000];

/** Lambda, for functions written for Node.js. */
export class Functions {
  private readonly functions = new Map<string, { readonly configuration: FunctionConfiguration; readonly process: FunctionProcess }>();

  constructor(private readonly options: FunctionsOptions) {}

  /** Makes a function or changes it; the next invocation runs the new code. */
  async put(configuration: FunctionConfiguration): Promise<void> {
    const known = this.functions.get(configuration.arn);
    const { runner, clock } = this.options;
    const process = new FunctionProcess({ configuration, runner, clock, environment: this.environment(configuration.arn.split(':')[3] ?? ''), onOutput: (text) => this.options.onOutput?.(configuration.name, text) });
    this.functions.set(configuration.arn, { configuration, process });
    await known?.process.close();
  }

  async delete(arn: string): Promise<void> {
    const known = this.functions.get(arn);
    this.functions.delete(arn);
    await known?.process.close();
  }

  /** Invokes and waits for the answer. @throws FunctionError, or ServiceError ResourceNotFoundException */
  async invoke(arn: string, event: unknown): Promise<unknown> {
    const known = this.functions.get(arn);
    if (known === undefined) { throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404); }
    const { runtime, name } = known.configuration;
    if (!runtime.startsWith('nodejs')) { throw new ServiceError('InvalidRuntimeException', `The local AWS runs functions for Node.js only; ${name} is for ${runtime}`, 502); }
    return known.process.invoke(event);
  }

  /** An asynchronous invocation: delivered again after an error, twice. @throws the last error when no delivery has succeeded */
  async deliver(arn: string, event: unknown): Promise<void> {
    for (const pause of [...REDELIVERIES, undefined]) {
      try {
        await this.invoke(arn, event);
        return;
      } catch (error) {
        if (pause === undefined || error instanceof ServiceError) { throw error; }
        if (error instanceof FunctionError) { this.options.onOutput?.(arn, `${error.message}; delivered again in ${pause / 1000} seconds\n`); }
        await this.options.clock.sleep(pause);
      }
    }
  }

  /** Ends every process. */
  async close(): Promise<void> {
    const processes = [...this.functions.values()].map(({ process }) => process.close());
    this.functions.clear();
    await Promise.all(processes);
  }

  /** Nothing of the user's own credentials, profile or settings. */
  private environment(region: string): { [name: string]: string } {
    return {
      PATH: process.env.PATH ?? '', TZ: ':UTC', LANG: 'en_US.UTF-8',
      AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
      AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true',
      CDK_SAGEMAKER_LOCAL: '1',
      ...this.options.endpoints(),
    };
  }
}
