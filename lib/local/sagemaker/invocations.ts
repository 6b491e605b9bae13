import { partitionOf } from '../../limits/partitions';
import type { MetricStore } from '../cloudwatch/metric-store';
import type { AnswerSink, AsyncInvocation, AsyncInvocationAnswer, Invocation, InvocationAnswer } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import { AsyncQueue } from './async-queue';
import { DataCapture } from './data-capture';
import { cutAtEnd } from './failure-reason';
import type { Fleet } from './fleet';
import { JobLog } from './job-log';
import type { Machine } from './machine';
import type { ModelAnswer } from './model-server';
import { definitionsOf } from './models';
import type { EndpointPlan, VariantState } from './state-file';
import type { Traffic } from './traffic';

/** An endpoint as it is asked. */
export interface ServedEndpoint {
  readonly name: string;
  readonly plan: EndpointPlan;
  readonly traffic: Traffic;
}

/** What an answer was, for CloudWatch. A connection that broke has no status. */
interface Outcome {
  readonly status: number | undefined;
  /** In milliseconds: of the model, and of all. */
  readonly modelTime: number;
  readonly wholeTime: number;
}

/** How long a model has, in milliseconds: that long at AWS too when it answers bit by bit. */
const STREAM_TIMEOUT = 8 * 60_000;

/** What is asked of endpoints: by weight or by name, counted, captured, copied to shadow variants, now or later. */
export class Invocations {
  private readonly capture: DataCapture;
  private readonly queues = new Map<string, AsyncQueue>();

  constructor(private readonly machine: Machine, private readonly metrics: MetricStore) {
    this.capture = new DataCapture(machine);
  }

  public async invoke(endpoint: ServedEndpoint, invocation: Invocation): Promise<InvocationAnswer> {
    if (endpoint.plan.async !== undefined) { throw new ServiceError('ValidationError', `Endpoint ${endpoint.name} answers asynchronously; use InvokeEndpointAsync.`); }
    return this.ask(endpoint, invocation, invocation.sink === undefined ? undefined : STREAM_TIMEOUT);
  }

  /** @param find the endpoint when the request's turn has come */
  public invokeAsync(endpoint: ServedEndpoint, invocation: AsyncInvocation, find: () => ServedEndpoint): AsyncInvocationAnswer {
    const { name, plan } = endpoint;
    if (plan.async === undefined) { throw new ServiceError('ValidationError', `Endpoint ${name} does not answer asynchronously; use InvokeEndpoint.`); }
    const queue = this.queues.get(name) ?? new AsyncQueue(name, this.machine);
    this.queues.set(name, queue);
    return queue.add(plan.async, invocation, (body) => this.ask(find(), { ...invocation, body }, (invocation.timeoutSeconds ?? 900) * 1000));
  }

  /** Writes what has been captured. */
  public close(): Promise<void> {
    this.queues.forEach((queue) => queue.close());
    return this.capture.flush();
  }

  private async ask(endpoint: ServedEndpoint, invocation: Invocation, timeout?: number): Promise<InvocationAnswer> {
    const began = performance.now();
    const { fleet, state } = this.picked(endpoint, invocation.variant);
    if (invocation.targetModel !== undefined && definitionsOf(state.model)[0]?.Mode !== 'MultiModel') {
      throw new ServiceError('ValidationError', `Endpoint ${endpoint.name} is not a multi-model endpoint and does not support target model header.`);
    }
    for (const shadow of fleet.nextShadows()) { void this.copyTo(shadow, fleet, endpoint.name, invocation); }
    const variant = state.variant.VariantName as string;
    const asked = performance.now();
    const scripted = await this.machine.interference?.answerOf(endpoint.name);
    const asks = () => fleet.invoke(state, { ...invocation, sink: named(invocation.sink, variant) }, timeout);
    const answer = scripted !== undefined ? { ...scripted, container: 'primary' } : await asks().catch((error: Error) => {
      if (error instanceof ServiceError) { throw error; }
      return { status: undefined, container: 'primary', contentType: 'text/plain', body: Buffer.from(error.message), customAttributes: undefined };
    });
    const now = performance.now();
    this.count(endpoint.name, state, { status: answer.status, modelTime: now - asked, wholeTime: now - began });
    this.capture.take(fleet.plan.capture, endpoint.name, variant, invocation, answer);
    const { status = 500, body, contentType, customAttributes } = answer;
    if (status >= 200 && status < 300) { return { body, contentType, variant, customAttributes }; }
    throw modelError({ ...answer, status }, endpoint.name, this.machine);
  }

  private picked({ name, traffic }: ServedEndpoint, variant: string | undefined): { readonly fleet: Fleet; readonly state: VariantState } {
    const picked = traffic.pick(variant);
    if (picked === undefined) {
      throw new ServiceError('ValidationError', variant === undefined ? `No variant of endpoint ${name} has a weight above 0.` : `Variant ${variant} not found for endpoint ${name}.`);
    }
    return picked;
  }

  /** The answer goes nowhere but to the log. */
  private async copyTo(shadow: VariantState, fleet: Fleet, endpointName: string, invocation: Invocation): Promise<void> {
    const began = performance.now();
    const answer = await fleet.invoke(shadow, { ...invocation, sink: undefined }).catch((error: Error) => ({ status: undefined, body: Buffer.from(error.message) }));
    const time = performance.now() - began;
    this.count(endpointName, shadow, { status: answer.status, modelTime: time, wholeTime: time });
    const name = shadow.variant.VariantName as string;
    const log = new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${endpointName}`, `${name}/shadow-requests`));
    log.note(`${answer.status ?? 'no answer'} in ${Math.round(time)} ms, ${answer.body.length} bytes${answer.status === undefined || answer.status >= 300 ? `: ${cutAtEnd(answer.body.toString(), 500)}` : ''}`);
  }

  private count(endpoint: string, state: VariantState, { status, modelTime, wholeTime }: Outcome): void {
    const Dimensions = [{ Name: 'EndpointName', Value: endpoint }, { Name: 'VariantName', Value: state.variant.VariantName }];
    const isOf = (hundred: number) => (status !== undefined && Math.floor(status / 100) === hundred ? 1 : 0);
    const values = {
      Invocations: 1,
      InvocationsPerInstance: 1 / Math.max(1, state.instances ?? 1),
      Invocation4XXErrors: isOf(4),
      Invocation5XXErrors: status === undefined ? 1 : isOf(5),
      InvocationModelErrors: 1 - isOf(2),
      ModelLatency: modelTime * 1000,
      OverheadLatency: (wholeTime - modelTime) * 1000,
    };
    for (const [MetricName, value] of Object.entries(values)) { this.metrics.put({ Namespace: 'AWS/SageMaker', MetricName, Dimensions }, value); }
  }
}

/** Who answers is known before the answer is. */
function named(sink: AnswerSink | undefined, variant: string): AnswerSink | undefined {
  return sink && { begin: (contentType) => sink.begin(contentType, variant), part: (chunk) => sink.part(chunk) };
}

function modelError({ status, body, container }: ModelAnswer, endpoint: string, machine: Machine): ServiceError {
  const kind = status < 500 ? 'client' : 'server';
  const message = body.toString();
  return new ServiceError('ModelError', `Received ${kind} error (${status}) from ${container} with message "${cutAtEnd(message, 2000)}". See the log of endpoint ${endpoint} in account ${machine.accountId} for more information.`, 424, {
    OriginalStatusCode: status,
    OriginalMessage: message,
    LogStreamArn: `arn:${partitionOf(machine.region)}:logs:${machine.region}:${machine.accountId}:log-group:/aws/sagemaker/Endpoints/${endpoint}`,
  });
}
