import { supersededBy } from './custom-work';
import { dependents } from './dependencies';
import { inOrder } from './in-order';
import type { Scope } from './intrinsics';
import { Ledger } from './ledger';
import { LoadedTemplate } from './loaded-template';
import type { Surroundings } from './loaded-template';
import { outputsOf } from './outputs';
import { isCustom, sameValue } from './resource-type';
import { policiesOf, ResourceWork } from './resource-work';
import type { ResourceWorld } from './resource-work';
import { rollBackResource } from './roll-back-resource';
import { INTERRUPTED, refOf } from './stack-record';
import type { Properties, ResourceRecord, StackRecord, StackStatus, Superseded } from './stack-record';

/** What follows when an operation is cut short. */
type CutShort = 'rollback' | 'delete';

export interface OperationOptions {
  readonly rollback: boolean;
}

/** One operation on one stack, from its first state to its last (docs/CLOUDFORMATION.md of aws/aws-cdk has the table of states). */
export class StackOperation {
  private controller = new AbortController();
  private cutShort?: CutShort;
  private readonly work: ResourceWork;
  private readonly record: StackRecord;

  constructor(private readonly world: ResourceWorld, private readonly ledger: Ledger, private readonly surroundings: Surroundings, private readonly othersUse: (exportName: string) => string | undefined) {
    this.record = ledger.record;
    this.work = new ResourceWork(world, ledger, () => this.controller.signal);
  }

  /** Ends what is going forward: custom resources are waited for no more. */
  cancel(next: CutShort): void {
    this.cutShort = next;
    this.controller.abort();
  }

  async create(loaded: LoadedTemplate, options: OperationOptions): Promise<void> {
    this.ledger.stack('CREATE_IN_PROGRESS', 'User Initiated');
    const failure = await this.forward(loaded, options);
    if (failure === undefined) {
      // What a creation that was cut short has left.
      this.supersede((id) => !Object.hasOwn(loaded.resources, id));
      await this.cleanUp();
    }
    if (this.asksFor('delete')) { return this.delete(); }
    if (failure === undefined) { return this.end('CREATE_COMPLETE'); }
    return options.rollback ? this.rollBackCreation(`${failure} Rollback requested by user.`) : this.ledger.stack('CREATE_FAILED', failure);
  }

  async update(loaded: LoadedTemplate, options: OperationOptions): Promise<void> {
    const { status } = this.record;
    this.ledger.stack('UPDATE_IN_PROGRESS', 'User Initiated');
    const failure = await this.forward(loaded, options);
    if (failure !== undefined) {
      if (!options.rollback && this.cutShort === undefined) { return this.ledger.stack('UPDATE_FAILED', failure); }
      // A stack that has never been whole has nothing to go back to.
      return this.record.previous === undefined ? this.rollBackCreation(failure) : this.rollBackUpdate(failure);
    }
    const isRepaired = status === 'CREATE_FAILED';
    this.ledger.stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', isRepaired ? 'The creation that had failed is complete' : undefined);
    this.supersede((id) => !Object.hasOwn(loaded.resources, id));
    await this.cleanUp();
    return this.end('UPDATE_COMPLETE');
  }

  /** @param skip resources that are left as they are */
  async rollBackUpdate(reason?: string, skip: readonly string[] = []): Promise<void> {
    const { previous } = this.record;
    if (previous === undefined) { throw new Error(`${this.record.stackName} has nothing to go back to`); }
    this.controller = new AbortController();
    this.record.template = previous.template;
    this.record.parameters = previous.parameters;
    this.ledger.stack('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const loaded = new LoadedTemplate(previous.template, previous.parameters, this.surroundings);
    const order = this.world.faults.rollbackOrder === 'reverse' ? dependents(loaded.dependencies) : loaded.dependencies;
    const { failed } = await inOrder([...order.keys()], (id) => order.get(id) ?? [], (id) => this.rollBack(id, loaded, skip), false);
    if (failed.size > 0) { return this.ledger.stack('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${[...failed].join(', ')}].`); }
    this.record.outputs = previous.outputs;
    this.ledger.stack('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    this.supersede((id) => !Object.hasOwn(previous.resources, id));
    await this.cleanUp();
    return this.end('UPDATE_ROLLBACK_COMPLETE');
  }

  async delete(): Promise<void> {
    this.controller = new AbortController();
    this.ledger.stack('DELETE_IN_PROGRESS', 'User Initiated');
    const failed = await this.deleteAll();
    if (failed.length > 0) { return this.ledger.stack('DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}].`); }
    this.record.outputs = {};
    return this.end('DELETE_COMPLETE');
  }

  /** Does what is left of a rollback, a deletion or a clean-up that was cut short. */
  async goOn(): Promise<void> {
    const { status, template, parameters, previous } = this.record;
    if (status === 'DELETE_IN_PROGRESS') { return this.delete(); }
    if (status === 'ROLLBACK_IN_PROGRESS') { return this.rollBackCreation(INTERRUPTED); }
    if (status === 'UPDATE_ROLLBACK_IN_PROGRESS') { return this.rollBackUpdate(INTERRUPTED); }
    const isBack = status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    const wanted = isBack ? previous?.resources ?? {} : new LoadedTemplate(template, parameters, this.surroundings).resources;
    this.supersede((id) => !Object.hasOwn(wanted, id));
    await this.cleanUp();
    return this.end(isBack ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE');
  }

  private async rollBackCreation(reason: string): Promise<void> {
    this.controller = new AbortController();
    this.ledger.stack('ROLLBACK_IN_PROGRESS', reason);
    const failed = await this.deleteAll();
    if (this.asksFor('delete')) { return this.delete(); }
    return failed.length > 0
      ? this.ledger.stack('ROLLBACK_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}].`)
      : this.end('ROLLBACK_COMPLETE');
  }

  private asksFor(next: CutShort): boolean { return this.cutShort === next; }

  /** Creates and updates; the answer is why it has failed. */
  private async forward(loaded: LoadedTemplate, options: OperationOptions): Promise<string | undefined> {
    const failed = { create: [] as string[], update: [] as string[] };
    const apply = async (id: string): Promise<boolean> => {
      const isNew = this.isNew(id);
      const ok = await this.apply(id, loaded);
      if (!ok) {
        failed[isNew ? 'create' : 'update'].push(id);
        // With --no-rollback what is under way goes on; what has not been begun is not begun any more.
        if (options.rollback) { this.controller.abort(); }
      }
      return ok;
    };
    await inOrder(Object.keys(loaded.resources), (id) => loaded.dependencies.get(id) ?? [], apply, true, () => this.controller.signal.aborted);
    const reasons = Object.entries(failed).filter(([, ids]) => ids.length > 0).map(([action, ids]) => `The following resource(s) failed to ${action}: [${ids.join(', ')}].`);
    if (this.cutShort !== undefined) { return ['User Initiated', ...reasons].join('. '); }
    if (reasons.length > 0) { return reasons.join(' '); }
    try {
      const { outputs, imports } = outputsOf(loaded, this.lookUp, this.record.outputs, this.othersUse);
      this.record.outputs = outputs;
      this.record.imports = imports;
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private isNew(id: string): boolean {
    const existing = this.record.resources[id];
    return existing === undefined || existing.status === 'CREATE_FAILED';
  }

  private async apply(id: string, loaded: LoadedTemplate): Promise<boolean> {
    const declared = loaded.resources[id] as LoadedTemplate['resources'][string];
    const dependsOn = loaded.dependencies.get(id) ?? [];
    const existing = this.record.resources[id];
    let properties: Properties;
    try {
      properties = this.work.asSent(declared.Type, loaded.properties(id, this.lookUp));
    } catch (error) {
      const status = this.isNew(id) ? 'CREATE_FAILED' : 'UPDATE_FAILED';
      this.ledger.event({ logicalId: id, physicalId: existing?.physical?.physicalId, type: declared.Type, status, reason: (error as Error).message });
      return false;
    }
    if (existing === undefined || existing.status === 'CREATE_FAILED') {
      // What nobody has seen ready goes first: its successor may want its name.
      if (existing?.statusReason === INTERRUPTED && !isCustom(existing.type)) {
        await this.work.delete(supersededBy(id, existing, 'Delete'));
      } else if (existing !== undefined) {
        this.record.superseded.push(supersededBy(id, existing));
      }
      return this.work.create(id, declared, properties, dependsOn);
    }
    const isUnchanged = existing.status !== 'UPDATE_FAILED' && sameValue(existing.properties, properties);
    if (!isUnchanged) {
      this.record.touched.push(id);
      if (!await this.work.update(id, properties)) { return false; }
    }
    Object.assign(existing, policiesOf(declared), { dependsOn });
    return true;
  }

  private async rollBack(id: string, loaded: LoadedTemplate, skip: readonly string[]): Promise<boolean> {
    const { previous, touched } = this.record;
    const prior = previous?.resources[id];
    if (prior === undefined || !touched.includes(id)) { return true; }
    const ok = await rollBackResource(this.world.faults, this.ledger, this.work, id, prior, () => {
      if (this.world.faults.rollbackOrder === 'reverse') { return prior.properties; }
      // What it depends on has been rolled back by now, perhaps to another attempt of the same job.
      try { return this.work.asSent(prior.type, loaded.properties(id, this.lookUp)); } catch { return prior.properties; }
    }, skip.includes(id));
    // Not again when a rollback that failed elsewhere is continued.
    if (ok) { this.record.touched = this.record.touched.filter((other) => other !== id); }
    return ok;
  }

  /** Resources that are to go, out of the stack and into the clean-up. */
  private supersede(isToGo: (id: string) => boolean): void {
    for (const [id, resource] of Object.entries(this.record.resources).filter(([id]) => isToGo(id))) {
      this.record.superseded.push(supersededBy(id, resource, resource.deletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : resource.deletionPolicy));
      delete this.record.resources[id];
    }
  }

  /** Deletes what has been superseded. A failure fails nothing any more: what can't be deleted is left behind. */
  private async cleanUp(): Promise<void> {
    const isCurrent = ({ logicalId, physical }: Superseded) => physical !== undefined && this.record.resources[logicalId]?.physical?.physicalId === physical.physicalId;
    const targets = this.record.superseded.filter((target) => !isCurrent(target));
    await this.deleteInOrder(targets, async (target) => { await this.work.delete(target); return true; });
    this.record.superseded = [];
  }

  private async deleteAll(): Promise<string[]> {
    const isCreation = this.record.status === 'ROLLBACK_IN_PROGRESS';
    const policyOf = ({ deletionPolicy }: ResourceRecord) => (deletionPolicy === 'RetainExceptOnCreate' ? (isCreation ? 'Delete' : 'Retain') : deletionPolicy);
    const current = Object.entries(this.record.resources).map(([id, resource]) => supersededBy(id, resource, policyOf(resource)));
    const failed: string[] = [];
    await this.deleteInOrder([...this.record.superseded, ...current], async (target) => {
      const ok = await this.work.delete(target);
      const resource = this.record.resources[target.logicalId];
      if (ok && current.includes(target)) { delete this.record.resources[target.logicalId]; }
      if (ok) { this.record.superseded = this.record.superseded.filter((other) => other !== target); }
      if (!ok) {
        failed.push(target.logicalId);
        if (resource !== undefined) { resource.status = 'DELETE_FAILED'; }
      }
      return ok;
    });
    return failed;
  }

  private async deleteInOrder(targets: readonly Superseded[], work: (target: Superseded) => Promise<boolean>): Promise<void> {
    const users = (target: Superseded) => targets.filter((other) => other.dependsOn.includes(target.logicalId));
    const { done, failed } = await inOrder([...targets].reverse(), users, work, false);
    if (failed.size > 0) { return; }
    // Versions of different age may wait for each other in a circle.
    for (const target of targets.filter((other) => !done.has(other))) { await work(target); }
  }

  private end(status: StackStatus): void {
    this.record.previous = undefined;
    this.record.touched = [];
    this.record.superseded = [];
    for (const resource of Object.values(this.record.resources)) { resource.attempted = resource.madeWith = undefined; }
    this.ledger.stack(status);
  }

  /** A resource of the stack as the functions of the template see it. */
  private readonly lookUp: Scope['resource'] = (logicalId) => {
    const resource = this.record.resources[logicalId];
    const { physical } = resource ?? {};
    if (resource === undefined || physical === undefined) { return undefined; }
    return {
      ref: refOf(physical),
      attribute: (name) => {
        const value = Object.hasOwn(physical.attributes, name) ? physical.attributes[name] : name.split('.').reduce<unknown>((at, part) => (at as Properties | undefined)?.[part], physical.attributes);
        if (value !== undefined) { return value; }
        throw new Error(this.world.types.has(resource.type)
          ? `Requested attribute ${name} does not exist in schema for ${resource.type} (${logicalId})`
          : `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${this.record.stackId}|${logicalId}`);
      },
    };
  };
}
