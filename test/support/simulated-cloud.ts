import type * as handlerModule from '../../lib/handler/index';
import { JobRecords, ServiceFault } from './job-records';
import { SimulatedTime } from './simulated-time';
import type { TestedKind } from './tested-kinds';

export type HandlerModule = typeof handlerModule;
export type Tree = { [member: string]: any };

/** The process that ran the function is gone. */
export class Killed extends Error {}

export interface SentCall { readonly operation: string; readonly input: Tree }
export interface SentAnswer { readonly at: number; readonly body: string; readonly parsed: Tree }

/** What can go wrong, asked before and after each thing the handler sends. */
export interface FaultPlan {
  /** Thrown instead of the call's effect. */
  before?(operation: string, count: number): Error | undefined;
  /** Thrown after the call has had its effect. */
  after?(operation: string, count: number): Error | undefined;
}

export const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/mnist/6c0a4f1e-0000-11f0-8000-0a0a0a0a0a0a';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:handler';

/**
 * SageMaker, Step Functions, Lambda's asynchronous invocation, DescribeStacks and CloudFormation's ears, at the point
 * where the handler sends. The handler under test is the real one, SDK included.
 */
export class SimulatedCloud {
  public readonly time = new SimulatedTime();
  public readonly jobs: JobRecords;
  public readonly answers = new Map<string, SentAnswer[]>();
  public readonly sent: string[] = [];
  /** The same, with what was sent. */
  public readonly calls: SentCall[] = [];
  /** When Describe was asked. */
  public readonly describedAt: number[] = [];
  public stackStatus = 'CREATE_IN_PROGRESS';
  /** What DescribeEndpoint answers by name: at each look the next, the last for ever. */
  public readonly endpoints = new Map<string, Tree[]>();
  public faults: FaultPlan = {};
  private readonly executions = new Set<string>();

  constructor(private readonly handler: HandlerModule, private readonly random: () => number = () => 0.5, kinds?: readonly TestedKind[]) {
    this.jobs = new JobRecords(this.time, kinds);
    process.env.AWS_REGION = 'eu-west-1';
    process.env.STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:waiter';
  }

  /** The real clients, whose sends end here; each process has its own, and `kill` ends that process. */
  private worldOf(kill: (reason: Error) => void): ReturnType<HandlerModule['realWorld']> {
    const world = this.handler.realWorld((call) => this.sendHttp(call, kill), {
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: { handle: (request: Tree) => this.sendToSageMaker(request, kill) } as never,
    });
    return { ...world, now: () => this.time.now(), sleep: (ms) => this.time.sleep(ms), random: this.random };
  }

  /** CloudFormation sends an event: Lambda invokes asynchronously, and twice more if the function throws. */
  public deliver(event: Tree): void {
    this.time.spawn(async () => {
      for (const pause of [60_000, 120_000, undefined]) {
        try {
          await this.invoke(event);
          return;
        } catch {
          if (pause !== undefined) { await this.time.sleep(pause); }
        }
      }
    });
  }

  public answersTo(event: Tree): SentAnswer[] {
    return this.answers.get(String(event.ResponseURL)) ?? [];
  }

  /** One invocation of the function. When it is killed, its code stops where it is and the caller hears of a crash. */
  private invoke(input: Tree): Promise<Tree> {
    return new Promise((resolve, reject) => {
      this.handler.handle(JSON.parse(JSON.stringify(input)), FUNCTION_ARN, this.worldOf(reject))
        .then((output) => resolve(JSON.parse(JSON.stringify(output)) as Tree), reject);
    });
  }

  /** The provider's state machine: Step, Answered?, Pause, Answer, GiveUp. */
  private async execute(input: Tree): Promise<void> {
    let state = input;
    try {
      while (!state.answer) {
        state = await this.invokeWithRetry(state, 8);
        if (!state.answer) { await this.time.sleep(Number(state.wait) * 1000); }
      }
    } catch (error) {
      state = await this.invokeWithRetry({ ...state, error: { Error: (error as Error).name, Cause: (error as Error).message } }, 8);
    }
    await this.invokeWithRetry(state, 45);
  }

  private async invokeWithRetry(state: Tree, retries: number): Promise<Tree> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.invoke(state);
      } catch (error) {
        if (attempt >= retries) { throw error; }
        await this.time.sleep(Math.min(60_000, 2000 * 2 ** attempt));
      }
    }
  }

  private async sendToSageMaker(request: Tree, kill: (reason: Error) => void): Promise<Tree> {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const reply = (statusCode: number, body: Tree, type?: string) => ({
      response: { statusCode, reason: '', headers: { 'content-type': 'application/x-amz-json-1.1', ...(type ? { 'x-amzn-errortype': type } : {}) }, body: new TextEncoder().encode(JSON.stringify(body)) },
    });
    const input = JSON.parse(Buffer.from(request.body ?? '{}').toString('utf8')) as Tree;
    this.calls.push({ operation, input });
    try {
      const result = await this.fallible(operation, () => this.jobs.call(operation, input), kill);
      return reply(200, result);
    } catch (error) {
      if (!(error instanceof ServiceFault)) { throw error; }
      return reply(error.status, { __type: error.name, message: error.message }, error.name);
    }
  }

  private async sendHttp(call: { method: string; url: string; headers: { [name: string]: string }; body: string }, kill: (reason: Error) => void): Promise<{ status: number; body: string }> {
    const operation = call.method === 'PUT' ? 'PutAnswer' : call.headers['x-amz-target']?.replace(/^.*\./, '') ?? new URLSearchParams(call.body).get('Action')!;
    if (call.method !== 'PUT') { this.calls.push({ operation, input: operation === 'DescribeStacks' ? Object.fromEntries(new URLSearchParams(call.body)) : JSON.parse(call.body) as Tree }); }
    try {
      return await this.fallible(operation, () => this.effect(operation, call), kill);
    } catch (error) {
      if (!(error instanceof ServiceFault)) { throw error; }
      return { status: error.status, body: operation === 'DescribeStacks' ? `<E><Code>${error.name}</Code><Message>${error.message}</Message></E>` : JSON.stringify({ __type: error.name, message: error.message }) };
    }
  }

  private effect(operation: string, call: { url: string; body: string }): { status: number; body: string } {
    if (operation === 'PutAnswer') {
      const sent = this.answers.get(call.url) ?? [];
      this.answers.set(call.url, [...sent, { at: this.time.now(), body: call.body, parsed: JSON.parse(call.body) as Tree }]);
      return { status: 200, body: '' };
    }
    if (operation === 'DescribeAlgorithm') { return { status: 200, body: JSON.stringify(this.jobs.call(operation, JSON.parse(call.body) as Tree)) }; }
    if (operation === 'DescribeEndpoint') { return { status: 200, body: JSON.stringify(this.endpoint((JSON.parse(call.body) as Tree).EndpointName as string)) }; }
    if (operation === 'DescribeStacks') { return { status: 200, body: `<Stacks><member><StackStatus>${this.stackStatus}</StackStatus></member></Stacks>` }; }
    const { name, input } = JSON.parse(call.body) as { name: string; input: string };
    if (this.executions.has(name)) { return { status: 400, body: JSON.stringify({ __type: 'com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists', message: 'exists' }) }; }
    this.executions.add(name);
    this.time.spawn(() => this.execute(JSON.parse(input) as Tree));
    return { status: 200, body: '{}' };
  }

  private endpoint(name: string): Tree {
    const [now, ...later] = this.endpoints.get(name) ?? [];
    if (!now) { throw new ServiceFault('ValidationException', `Could not find endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${name.toLowerCase()}".`); }
    if (later.length > 0) { this.endpoints.set(name, later); }
    return { EndpointName: name, ...now };
  }

  private async fallible<T>(operation: string, effect: () => T, kill: (reason: Error) => void): Promise<T> {
    this.sent.push(operation);
    if (/^Describe(?!Stacks|Algorithm)/.test(operation)) { this.describedAt.push(this.time.now()); }
    const count = this.sent.length;
    await this.raise(this.faults.before?.(operation, count), kill);
    const result = effect();
    await this.raise(this.faults.after?.(operation, count), kill);
    return result;
  }

  private async raise(fault: Error | undefined, kill: (reason: Error) => void): Promise<void> {
    if (fault instanceof Killed) {
      kill(fault);
      await new Promise(() => {});                  // the code that sent this never runs on
    }
    if (fault) { throw fault; }
  }
}
