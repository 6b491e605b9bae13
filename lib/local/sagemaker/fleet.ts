import type { Invocation } from '../sagemaker-api';
import { Instance } from './instance';
import type { Machine } from './machine';
import type { ModelAnswer } from './model-server';
import type { EndpointPlan, VariantState } from './state-file';
import { Turns } from './turns';

/** So many instances of a variant are processes of their own; more would tell no more about an app, and this is one machine. */
export const MOST_PROCESSES = 2;

/** The instances of one configuration of an endpoint. */
export class Fleet {
  private readonly instances = new Map<VariantState, Instance[]>();
  private readonly turns = new Turns<VariantState>();
  private readonly copies = new Turns<VariantState>();
  private stopped = false;

  constructor(public readonly plan: EndpointPlan, private readonly endpointName: string, private readonly machine: Machine, private readonly folder: string) {}

  /** All of them or none. @throws JobFailure */
  public async start(): Promise<void> {
    const starts = await Promise.allSettled(this.plan.variants.map((state) => this.resize(state)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) {
      await this.stop(0);
      throw (failed as PromiseRejectedResult).reason;
    }
  }

  /** Brings the instances of a variant to their wanted number: new ones answer once they are healthy, others go once they are idle. @throws JobFailure */
  public async resize(state: VariantState, drainMilliseconds = 0): Promise<void> {
    if (this.stopped) { throw new Error('the endpoint is ending'); }
    const now = this.instances.get(state) ?? [];
    const wanted = Math.min(MOST_PROCESSES, state.instances ?? 1);
    const added = Array.from({ length: Math.max(0, wanted - now.length) }, () => new Instance(state, this.endpointName, this.machine, this.folder));
    // Known before they have started, so that whoever stops the fleet stops them too.
    const all = [...now, ...added];
    if (now.length === 0) { this.instances.set(state, all); }
    try {
      await Promise.all(added.map((instance) => instance.start()));
    } catch (error) {
      await Promise.all(added.map((instance) => instance.stop(0)));
      throw error;
    }
    this.instances.set(state, all.slice(0, wanted));
    await Promise.all(all.slice(wanted).map((instance) => instance.stop(drainMilliseconds)));
  }

  public async stop(drainMilliseconds: number): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.instances.values()].flat().map((instance) => instance.stop(drainMilliseconds)));
  }

  public variant(name: string): VariantState | undefined {
    return this.production.find((state) => state.variant.VariantName === name);
  }

  /** The variant whose turn it is, by weight. A weight of 0 never has a turn. */
  public nextVariant(): VariantState | undefined {
    return this.turns.next(this.production.map((state) => [state, state.weight]));
  }

  /** The shadow variants that get a copy of this request: their weight says of how many, against that of the production variants. */
  public nextShadows(): VariantState[] {
    const total = this.production.reduce((sum, { weight }) => sum + weight, 0);
    return this.plan.variants.filter((state) => state.isShadow === true && this.copies.has(state, total === 0 ? 0 : state.weight / total));
  }

  /** Asks the instance of a variant that has least to do. */
  public invoke(state: VariantState, invocation: Invocation, timeout?: number): Promise<ModelAnswer> {
    const [first, ...others] = this.instances.get(state) ?? [];
    if (first === undefined) { return Promise.reject(new Error(`Variant ${state.variant.VariantName} has no instance.`)); }
    const idlest = others.reduce((best, instance) => (instance.underway < best.underway ? instance : best), first);
    // Those with equally little to do take turns.
    const all = this.instances.get(state) as Instance[];
    all.push(...all.splice(all.indexOf(idlest), 1));
    return idlest.invoke(invocation, timeout);
  }

  private get production(): VariantState[] {
    return this.plan.variants.filter((state) => state.isShadow !== true);
  }
}
