import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { JobLog } from './job-log';
import type { Machine } from './machine';
import { ServingProcess, type ServingAnswer } from './serving-process';
import type { EndpointPlan, VariantState } from './state-file';

/** The model servers of one configuration of an endpoint, one a variant. */
export class Fleet {
  private readonly processes = new Map<string, ServingProcess>();
  /** Servers being started again; all who ask meanwhile wait for the same. */
  private readonly revivals = new Map<string, Promise<ServingProcess>>();
  private stopped = false;
  private readonly turns = new Map<string, number>();

  /** One instance a variant: a server that is started again is still on it. */
  private readonly instance = `i-0${randomBytes(8).toString('hex')}`;

  constructor(public readonly plan: EndpointPlan, private readonly endpointName: string, private readonly machine: Machine, private readonly folder: string) {}

  /** All of them or none. @throws JobFailure */
  public async start(): Promise<void> {
    const starts = await Promise.allSettled(this.plan.variants.map((state) => this.startVariant(state)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) {
      await this.stop(0);
      throw (failed as PromiseRejectedResult).reason;
    }
  }

  public async stop(drainMilliseconds: number): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.processes.values()].map((process) => process.stop(drainMilliseconds)));
  }

  public variant(name: string): VariantState | undefined {
    return this.plan.variants.find((state) => state.variant.VariantName === name);
  }

  /**
   * The variant whose turn it is: in proportion to the weights, evenly spread, so that even a few requests reach
   * every variant in its share. A weight of 0 never has a turn.
   */
  public nextVariant(): VariantState | undefined {
    const total = this.plan.variants.reduce((sum, state) => sum + state.weight, 0);
    let chosen: VariantState | undefined;
    for (const state of this.plan.variants.filter((each) => each.weight > 0)) {
      this.turns.set(nameOf(state), (this.turns.get(nameOf(state)) ?? 0) + state.weight);
      if (chosen === undefined || (this.turns.get(nameOf(state)) as number) > (this.turns.get(nameOf(chosen)) as number)) { chosen = state; }
    }
    if (chosen !== undefined) { this.turns.set(nameOf(chosen), (this.turns.get(nameOf(chosen)) as number) - total); }
    return chosen;
  }

  /** Asks the variant's server; one that has died is started again first, as SageMaker does with a container. */
  public async invoke(state: VariantState, body: Buffer, contentType: string | undefined, accept: string | undefined): Promise<ServingAnswer> {
    const process = await this.process(state);
    try {
      return await process.invoke(body, contentType, accept);
    } catch (error) {
      // Nobody listens: it has died a moment ago, and has not seen the request.
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || this.stopped) { throw error; }
      await process.stop(0);
      return (await this.process(state)).invoke(body, contentType, accept);
    }
  }

  private process(state: VariantState): Promise<ServingProcess> {
    const name = nameOf(state);
    const underway = this.revivals.get(name);
    if (underway !== undefined) { return underway; }
    const process = this.processes.get(name);
    if (process?.isRunning === true || (process !== undefined && this.stopped)) { return Promise.resolve(process); }
    const revival = this.revive(state, process).finally(() => this.revivals.delete(name));
    this.revivals.set(name, revival);
    return revival;
  }

  private async revive(state: VariantState, dead: ServingProcess | undefined): Promise<ServingProcess> {
    await dead?.stop(0);
    return this.startVariant(state);
  }

  private async startVariant(state: VariantState): Promise<ServingProcess> {
    if (this.stopped) { throw new Error('the endpoint is ending'); }
    const name = nameOf(state);
    const folder = join(this.folder, `${name}-${randomBytes(4).toString('hex')}`);
    const log = new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${this.endpointName}`, `${name}/${this.instance}`));
    const process = new ServingProcess({ name: `production variant ${name}`, startupSeconds: state.variant.ContainerStartupHealthCheckTimeoutInSeconds }, state.model, this.machine, log, folder);
    this.processes.set(name, process);
    await process.start();
    return process;
  }
}

const nameOf = (state: VariantState) => state.variant.VariantName as string;
