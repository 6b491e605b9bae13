import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { ServiceError } from '../service-error';
import { Closing, sleep, type Say } from './execution';
import { StateError } from './state-error';

/** A service that tasks call: an operation's name and its input, as on the wire. */
export interface TaskService {
  readonly operationNames: readonly string[];
  /** @throws ServiceError */
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface TaskWorld {
  readonly clock: Clock;
  /** Invokes a function and waits for its answer. @throws StateError with the function's errorType */
  invoke(functionArn: string, payload: unknown): Promise<unknown>;
  /** By their names in `arn:…:states:::aws-sdk:<service>:…`. */
  readonly services: { readonly [service: string]: TaskService | undefined };
  /** How often a job is looked at, in milliseconds. @default 250 */
  readonly look?: number;
}

type Members = Record<string, unknown>;
type Perform = (parameters: Members, signal: AbortSignal, say: Say) => Promise<unknown>;

const LOOK = 250;

/**
 * The optimized integrations of SageMaker, and which of them have `.sync`: those that wait for a job's end and stop it when they
 * are aborted. `createLabelingJob` is missing: there are no labeling jobs here.
 */
const OPTIMIZED_SAGEMAKER: { readonly [operation: string]: 'job' | 'call' } = {
  createTrainingJob: 'job', createHyperParameterTuningJob: 'job', createTransformJob: 'job', createProcessingJob: 'job',
  createModel: 'call', createEndpointConfig: 'call', createEndpoint: 'call', updateEndpoint: 'call',
};

/** What the services are called in the names of errors, and what an error is called that its service has not modelled. */
const SDK_ERRORS: { readonly [service: string]: { readonly prefix: string; readonly other: string } } = {
  sagemaker: { prefix: 'SageMaker', other: 'SageMakerException' },
  ssm: { prefix: 'Ssm', other: 'SsmException' },
  cloudformation: { prefix: 'CloudFormation', other: 'CloudFormationException' },
  sfn: { prefix: 'Sfn', other: 'SfnException' },
};
/** Errors that are not in the services' models: they have no class of their own in the SDK that Step Functions uses. */
const UNMODELLED = new Set(['ValidationException', 'ValidationError', 'UnknownOperationException', 'SerializationException', 'InternalFailure', 'ThrottlingException', 'AccessDeniedException']);

/** What the Task states of a machine do: calls of services, jobs that are waited for, functions. */
export class Tasks {
  constructor(private readonly world: TaskWorld) {}

  /** Why a resource can't be a task here; undefined where it can. */
  refuses(resource: string): string | undefined {
    return this.find(resource) === undefined ? `Resource ${resource}` : undefined;
  }

  async perform(resource: string, parameters: unknown, signal: AbortSignal, say: Say): Promise<unknown> {
    const perform = this.find(resource);
    if (perform === undefined) { throw new StateError('States.Runtime', `not supported by the local AWS: Resource ${resource}`); }
    signal.throwIfAborted();
    return perform(parameters as Members, signal, say);
  }

  private find(resource: string): Perform | undefined {
    const name = /^arn:[a-z-]+:states:::(.+)$/.exec(resource)?.[1];
    if (name === undefined) { return undefined; }
    if (name === 'lambda:invoke') { return (parameters) => this.invoke(parameters); }
    if (name === 'sns:publish') { return this.world.services.sns && ((parameters) => this.publish(parameters)); }
    const [, optimized = '', sync] = /^sagemaker:(\w+)(\.sync)?$/.exec(name) ?? [];
    const kind = Object.hasOwn(OPTIMIZED_SAGEMAKER, optimized) ? OPTIMIZED_SAGEMAKER[optimized] : undefined;
    if (kind !== undefined && this.has('sagemaker', optimized)) {
      if (sync === undefined) { return async (parameters) => inMilliseconds(await this.optimized(optimized, parameters)); }
      return kind === 'job' ? (parameters, signal, say) => this.job(optimized, parameters, signal, say) : undefined;
    }
    const [, service = '', operation = ''] = /^aws-sdk:(\w+):(\w+)$/.exec(name) ?? [];
    return Object.hasOwn(SDK_ERRORS, service) && this.has(service, operation) ? (parameters) => this.sdk(service, operation, parameters) : undefined;
  }

  private has(service: string, operation: string): boolean {
    return /^[a-z]/.test(operation) && this.world.services[service]?.operationNames.includes(capital(operation)) === true;
  }

  private async invoke({ FunctionName: functionArn, Payload: payload }: Members): Promise<unknown> {
    return { ExecutedVersion: '$LATEST', Payload: await this.world.invoke(String(functionArn), payload), StatusCode: 200 };
  }

  /** A message that is no text becomes JSON. */
  private async publish(parameters: Members): Promise<unknown> {
    const { Message: message } = parameters;
    return this.called('sns', 'Publish', { ...parameters, Message: typeof message === 'string' ? message : JSON.stringify(message) }, { prefix: 'SNS', other: 'AmazonSNSException' });
  }

  private optimized(operation: string, parameters: Members): Promise<Members> {
    return this.called('sagemaker', capital(operation), parameters, { prefix: 'SageMaker', other: 'AmazonSageMakerException' });
  }

  /** The SDK's members begin with capitals whatever the service's do. Times are texts. */
  private async sdk(service: string, operation: string, parameters: Members): Promise<unknown> {
    const isLower = service === 'sfn';
    const answer = await this.called(service, capital(operation), isLower ? renamed(parameters, lower) as Members : parameters, SDK_ERRORS[service] as typeof SDK_ERRORS[string]);
    return inText(isLower ? renamed(answer, capital) : answer);
  }

  /** Makes a job, and waits until it has ended; the answer is its description. */
  private async job(operation: string, parameters: Members, signal: AbortSignal, say: Say): Promise<unknown> {
    const kind = operation.slice('create'.length);
    const made = inMilliseconds(await this.optimized(operation, parameters));
    say('TaskSubmitted', { output: JSON.stringify(made) });
    const name = { [`${kind}Name`]: parameters[`${kind}Name`] };
    const describe = () => this.optimized(`describe${kind}`, name);
    for (;;) {
      const job = await describe();
      const status = String(job[`${kind}Status`]);
      if (status === 'Completed') { return inMilliseconds(job); }
      if (status === 'Failed' || status === 'Stopped') { throw new StateError('States.TaskFailed', JSON.stringify(inMilliseconds(job))); }
      try {
        await sleep(this.world.clock, this.world.look ?? LOOK, signal);
      } catch (reason) {
        // As far as it can: it may have ended by itself.
        if (!(reason instanceof Closing)) { await this.world.services.sagemaker?.call(`Stop${kind}`, name).catch(() => undefined); }
        throw reason;
      }
    }
  }

  private async called(service: string, operation: string, parameters: Members, { prefix, other }: { readonly prefix: string; readonly other: string }): Promise<Members> {
    try {
      return await (this.world.services[service] as TaskService).call(operation, parameters);
    } catch (error) {
      if (!(error instanceof ServiceError)) { throw error; }
      const name = UNMODELLED.has(error.name) ? other : error.name.endsWith('Exception') ? error.name : `${error.name}Exception`;
      throw new StateError(`${prefix}.${name}`, `${error.message || `Service returned error code ${error.name}`} (Service: ${prefix}, Status Code: ${error.status}, Request ID: ${randomUUID()})`);
    }
  }
}

const capital = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
const lower = (text: string) => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;

function mapped(value: unknown, date: (time: Date) => unknown, name: (key: string) => string = (key) => key): unknown {
  if (value instanceof Date) { return date(value); }
  if (Array.isArray(value)) { return value.map((element) => mapped(element, date, name)); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [name(key), mapped(member, date, name)]));
}

const renamed = (value: unknown, name: (key: string) => string) => mapped(value, (time) => time, name);
/** How optimized integrations write times. */
const inMilliseconds = (value: unknown) => mapped(value, (time) => time.getTime());
/** How the integrations of the SDK write them. */
const inText = (value: unknown) => mapped(value, (time) => time.toISOString());
