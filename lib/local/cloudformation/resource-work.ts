import { partitionOf } from '../../limits/partitions';
import type { Clock } from '../clock';
import { stringified } from './custom-answer';
import { Cancelled } from './custom-resources';
import type { CustomResources } from './custom-resources';
import { CustomWork, supersededBy } from './custom-work';
import type { Action, FaultPlan } from './faults';
import type { Ledger } from './ledger';
import { generatedName } from './names';
import { isCustom } from './resource-type';
import type { ResourceRequest, ResourceType, ResourceTypes } from './resource-type';
import type { Physical, Properties, ResourceRecord, Superseded } from './stack-record';
import type { ResourceDeclaration } from './template';

export interface ResourceWorld {
  readonly clock: Clock;
  readonly types: ResourceTypes;
  readonly customResources: CustomResources;
  readonly faults: FaultPlan;
}

/** Does to one resource what the life of its stack asks for. Each answers false when it has failed; the reason is in the record. */
export class ResourceWork {
  private readonly custom: CustomWork;

  constructor(private readonly world: ResourceWorld, private readonly ledger: Ledger, private readonly signal: () => AbortSignal) {
    this.custom = new CustomWork(ledger.record, world.customResources);
  }

  /** The properties as this type of resource gets them. */
  asSent(type: string, properties: Properties): Properties {
    return this.isNative(type) ? properties : stringified(properties) as Properties;
  }

  async create(logicalId: string, declared: ResourceDeclaration, properties: Properties, dependsOn: readonly string[]): Promise<boolean> {
    const resource: ResourceRecord = { type: declared.Type, status: 'CREATE_IN_PROGRESS', properties, dependsOn, ...policiesOf(declared) };
    this.ledger.record.resources[logicalId] = resource;
    this.ledger.resource(logicalId, 'CREATE_IN_PROGRESS');
    let begun = false;
    try {
      await this.fault({ action: 'Create', logicalId });
      begun = true;
      if (this.isNative(resource.type)) {
        resource.physical = await this.type(resource.type).create(this.request(logicalId, properties, (physical) => { resource.physical = physical; }, resource));
      } else {
        await this.custom.create(logicalId, resource, this.signal());
      }
      resource.planned = undefined;
      this.ledger.resource(logicalId, 'CREATE_COMPLETE');
      return true;
    } catch (error) {
      resource.planned = undefined;
      this.ledger.resource(logicalId, 'CREATE_FAILED', reasonOf(error, 'Resource creation cancelled'));
      // What was never sent is not deleted either.
      if (!begun) { delete this.ledger.record.resources[logicalId]; }
      return false;
    }
  }

  async update(logicalId: string, wanted: Properties, old?: Properties): Promise<boolean> {
    const resource = this.ledger.record.resources[logicalId] as ResourceRecord;
    const isReplaced = this.isNative(resource.type) && this.type(resource.type).replaces?.(resource.properties, wanted) === true;
    resource.attempted = undefined;
    this.ledger.resource(logicalId, 'UPDATE_IN_PROGRESS', isReplaced ? 'Requested update requires the creation of a new physical resource; hence creating one.' : undefined);
    try {
      await this.fault({ action: 'Update', logicalId });
      if (!this.isNative(resource.type)) {
        await this.custom.update(logicalId, resource, wanted, old ?? resource.properties, this.signal());
      } else if (isReplaced) {
        await this.replace(logicalId, resource, wanted);
      } else {
        resource.attempted = wanted;
        resource.physical = await this.updatedInPlace(logicalId, resource, wanted, old ?? resource.properties);
      }
      resource.properties = wanted;
      resource.attempted = resource.madeWith = undefined;
      this.ledger.resource(logicalId, 'UPDATE_COMPLETE');
      return true;
    } catch (error) {
      this.ledger.resource(logicalId, 'UPDATE_FAILED', reasonOf(error, 'Resource update cancelled'));
      return false;
    }
  }

  /** Deletes what is there, or what was there; unless it is to be retained. */
  async delete(target: Superseded): Promise<boolean> {
    const { logicalId, type } = target;
    const native = this.isNative(type);
    const physicalId = target.physical?.physicalId ?? (native ? undefined : this.custom.inventedId(logicalId));
    const say = (status: 'DELETE_IN_PROGRESS' | 'DELETE_COMPLETE' | 'DELETE_FAILED' | 'DELETE_SKIPPED', reason?: string) => this.ledger.event({ logicalId, physicalId, type, status, reason });
    if (target.policy === 'Retain') {
      say('DELETE_SKIPPED');
      return true;
    }
    say('DELETE_IN_PROGRESS');
    try {
      await this.fault({ action: 'Delete', logicalId });
      if (!native) {
        await this.custom.delete(target, physicalId as string);
      } else if (target.physical !== undefined) {
        await this.type(type).delete?.(this.request(logicalId, target.properties, () => undefined), target.physical);
      }
      say('DELETE_COMPLETE');
      return true;
    } catch (error) {
      say('DELETE_FAILED', reasonOf(error, 'Resource deletion cancelled'));
      return false;
    }
  }

  /** Brings back what lives in memory only. */
  async restore(logicalId: string, resource: ResourceRecord): Promise<void> {
    if (resource.physical === undefined || !this.isNative(resource.type)) { return; }
    await this.type(resource.type).restore?.(this.request(logicalId, resource.properties, () => undefined), resource.physical);
  }

  private async replace(logicalId: string, resource: ResourceRecord, wanted: Properties): Promise<void> {
    let made: Physical | undefined;
    try {
      made = await this.type(resource.type).create(this.request(logicalId, wanted, (physical) => { made = physical; }, resource));
    } catch (error) {
      if (made !== undefined) { this.ledger.record.superseded.push({ ...supersededBy(logicalId, resource), physical: made, properties: wanted }); }
      throw error;
    } finally {
      resource.planned = undefined;
    }
    this.ledger.record.superseded.push(supersededBy(logicalId, resource));
    resource.physical = made;
  }

  private async updatedInPlace(logicalId: string, resource: ResourceRecord, wanted: Properties, old: Properties): Promise<Physical | undefined> {
    const type = this.type(resource.type);
    return resource.physical === undefined || type.update === undefined
      ? resource.physical
      : type.update(this.request(logicalId, wanted, () => undefined), resource.physical, old);
  }

  private request(logicalId: string, properties: Properties, initiated: (physical: Physical) => void, resource?: ResourceRecord): ResourceRequest {
    const { stackName, stackId, region, account } = this.ledger.record;
    return {
      stack: { name: stackName, id: stackId, region, account, partition: partitionOf(region) },
      logicalId, properties, initiated, clock: this.world.clock, signal: this.signal(),
      generatedName: (max) => generatedName(stackName, logicalId, max),
      planned: (physical) => {
        if (resource === undefined) { return; }
        resource.planned = physical;
        this.ledger.keep();
      },
    };
  }

  private async fault(action: Omit<Action, 'stackStatus'>): Promise<void> {
    const { faults } = this.world;
    const full = { ...action, stackStatus: this.ledger.record.status };
    await faults.before?.(full);
    const reason = faults.fails?.(full);
    if (reason !== undefined) { throw new Error(reason); }
  }

  /** Some custom resources of the CDK are done here rather than by their functions. */
  private isNative(type: string): boolean { return this.world.types.has(type) || !isCustom(type); }

  private type(type: string): ResourceType {
    const row = this.world.types.get(type);
    if (row === undefined) { throw new Error(`Not supported by the local AWS: ${type}`); }
    return row;
  }
}

export function policiesOf(declared: ResourceDeclaration) {
  return { deletionPolicy: declared.DeletionPolicy ?? 'Delete', updateReplacePolicy: declared.UpdateReplacePolicy ?? 'Delete' };
}

function reasonOf(error: unknown, cancelled: string): string {
  if (error instanceof Cancelled || (error as Error).name === 'AbortError') { return cancelled; }
  return error instanceof Error ? error.message : String(error);
}
