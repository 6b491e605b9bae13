import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../limits/partitions';
import { ServiceError } from '../service-error';
import type { Clock } from '../clock';
import { CustomResources } from './custom-resources';
import type { CustomEvent } from './custom-resources';
import type { FaultPlan } from './faults';
import { interrupt } from './interruption';
import { Ledger } from './ledger';
import { LoadedTemplate } from './loaded-template';
import type { Surroundings } from './loaded-template';
import { parameterValues } from './parameters';
import { requireKnownTypes, requireSameTypes } from './known-types';
import { sameValue } from './resource-type';
import type { ResourceTypes } from './resource-type';
import { ResourceWork } from './resource-work';
import { StackOperation } from './stack-operation';
import { INTERRUPTED, isInProgress, isStable } from './stack-record';
import type { ResourceRecord, StackEvent, StackRecord } from './stack-record';
import type { StackStore } from './stack-store';
import { invalidTemplate, templateOf } from './template';

/** All that the engine needs of the world; tests bring their own. */
export interface EngineWorld {
  readonly clock: Clock;
  readonly store: StackStore;
  readonly types: ResourceTypes;
  /** Where custom resources PUT their answers, without the token. */
  answersUrl(): string;
  /** Delivers an event to a function, as Lambda's asynchronous invocation does; rejects when nobody will ever deal with it. */
  deliver(functionArn: string, event: CustomEvent): Promise<void>;
  readonly faults?: FaultPlan;
  onEvent?(record: StackRecord, event: StackEvent): void;
  /** What is wrong, and no operation says. */
  onTrouble?(line: string): void;
  /** Whether what a resource had begun was lost when the local AWS ended: nobody will finish it. */
  isLost?(resource: ResourceRecord): boolean;
  /** The value of an SSM parameter, whoever has made it. */
  ssmParameter?(name: string): string | undefined;
}

export interface DeployRequest {
  readonly stackName: string;
  readonly template: unknown;
  readonly parameters?: { readonly [name: string]: string };
  /** @default true */
  readonly rollback?: boolean;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 123456789012 */
  readonly account?: string;
  /** The role for CloudFormation, in which the account, the region and the partition may be left open. @default - that of before */
  readonly roleArn?: string;
  /** What the resources are called by whoever deploys; kept for those who look at the stack later. */
  readonly paths?: { readonly [logicalId: string]: string };
}

/** An operation that has begun. */
export interface Started {
  readonly kind: 'create' | 'update' | 'unchanged' | 'delete' | 'rollback' | 'cancel';
  readonly stackId: string;
  /** The number of the operation's first event. */
  readonly firstEvent: number;
  /** Resolves when the stack is at rest again. */
  readonly finished: Promise<StackRecord>;
}

/** CloudFormation: stacks, their templates and their life. One operation per stack at a time. */
export class CloudFormation {
  public readonly customResources: CustomResources;
  private readonly running = new Map<string, { readonly record: StackRecord; readonly operation: StackOperation; readonly finished: Promise<StackRecord> }>();

  private readonly unrestored = new Map<string, () => Promise<void>>();

  constructor(private readonly world: EngineWorld) {
    this.customResources = new CustomResources(world);
  }

  /**
   * Creates or updates a stack. Over a stack whose creation was rolled back, deletes that first, as the CDK does.
   *
   * @throws ServiceError ValidationError before anything has started
   */
  deploy(request: DeployRequest): Started {
    const template = templateOf(request.template);
    requireKnownTypes(template, this.world.types);
    const existing = this.find(request.stackName);
    const isAtRest = existing !== undefined && !this.running.has(request.stackName);
    if (existing !== undefined && !(isAtRest && /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$|^(CREATE|UPDATE)_FAILED$|^ROLLBACK_(COMPLETE|FAILED)$/.test(existing.status))) {
      throw invalidTemplate(`Stack:${existing.stackId} is in ${existing.status} state and can not be updated.`);
    }
    return existing === undefined || existing.status.startsWith('ROLLBACK_') ? this.create(request, template, existing) : this.update(request, template, existing);
  }

  /**
   * UpdateStack with the template that there is: parameters that name an SSM parameter are looked up again.
   *
   * @param parameters of the template; those that are missing have their defaults
   * @throws ServiceError ValidationError, also when nothing would change
   */
  updateWithPreviousTemplate(stackName: string, parameters: { readonly [name: string]: string }, rollback: boolean, roleArn?: string): Started {
    const record = this.require(stackName);
    if (this.running.has(stackName) || !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$|^(CREATE|UPDATE)_FAILED$/.test(record.status)) {
      throw invalidTemplate(`Stack:${record.stackId} is in ${record.status} state and can not be updated.`);
    }
    const started = this.update({ stackName, template: record.template, parameters, rollback, roleArn }, record.template, record, {});
    if (started.kind === 'unchanged') { throw invalidTemplate('No updates are to be performed.'); }
    return started;
  }

  /** Deletes a stack; one that is being created is deleted at once. */
  delete(stackName: string): Started {
    const record = this.require(stackName);
    const running = this.running.get(stackName);
    const firstEvent = record.events.length === 0 ? 0 : (record.events.at(-1) as StackEvent).number + 1;
    const user = Object.values(record.outputs).map(({ exportName }) => exportName && this.userOf(exportName)).find((name) => name);
    if (user) { throw invalidTemplate(`Export of ${stackName} cannot be deleted as it is in use by ${user}`); }
    if (running === undefined) { return this.begin('delete', record, (operation) => operation.delete()); }
    if (record.status === 'DELETE_IN_PROGRESS') { return { kind: 'delete', stackId: record.stackId, firstEvent, finished: running.finished }; }
    if (!record.status.startsWith('CREATE_') && !record.status.startsWith('ROLLBACK_')) { throw invalidTemplate(`Stack [${stackName}] cannot be deleted while in status ${record.status}`); }
    running.operation.cancel('delete');
    return { kind: 'delete', stackId: record.stackId, firstEvent, finished: running.finished };
  }

  /** CancelUpdateStack. */
  cancelUpdate(stackName: string): Started {
    const record = this.require(stackName);
    const running = this.running.get(stackName);
    if (running === undefined || record.status !== 'UPDATE_IN_PROGRESS') { throw invalidTemplate('CancelUpdateStack cannot be called from current stack status'); }
    const firstEvent = (record.events.at(-1)?.number ?? -1) + 1;
    running.operation.cancel('rollback');
    return { kind: 'cancel', stackId: record.stackId, firstEvent, finished: running.finished };
  }

  /** RollbackStack of an update that failed with --no-rollback; ContinueUpdateRollback of a rollback that failed. */
  rollBack(stackName: string, skip: readonly string[] = []): Started {
    const record = this.require(stackName);
    if (this.running.has(stackName) || record.previous === undefined || !['UPDATE_FAILED', 'UPDATE_ROLLBACK_FAILED'].includes(record.status)) {
      throw invalidTemplate(`Stack:${record.stackId} is in ${record.status} state and can not be rolled back.`);
    }
    return this.begin('rollback', record, (operation) => operation.rollBackUpdate('User Initiated', skip));
  }

  /** A stack by its name, or by its id, which finds deleted stacks as well. */
  describe(nameOrId: string): StackRecord {
    // One that takes the place of another of its name is not kept before that is gone.
    const begun = [...this.running.values()].find(({ record }) => record.stackId === nameOrId)?.record;
    return begun ?? this.world.store.all().find(({ stackId }) => stackId === nameOrId) ?? this.require(nameOrId);
  }

  /** Whether a stack was there and is deleted. */
  isDeleted(stackId: string): boolean { return this.world.store.all().some((record) => record.stackId === stackId && record.status === 'DELETE_COMPLETE'); }

  list(): StackRecord[] { return this.world.store.all().filter(({ status }) => status !== 'DELETE_COMPLETE'); }

  /** Until every operation has ended. */
  async atRest(): Promise<void> { await Promise.all([...this.running.values()].map(({ finished }) => finished)); }

  /**
   * After a restart: what lives in memory is brought back. What went forward has failed, and whoever deploys goes on from
   * there; what went back or away goes on with `goOn`.
   */
  async restore(): Promise<void> {
    for (const record of this.list()) {
      const ledger = this.ledger(record);
      if (isInProgress(record.status)) { interrupt(ledger, (resource) => this.world.isLost?.(resource) === true); }
      const work = new ResourceWork({ ...this.world, faults: {}, customResources: this.customResources }, ledger, () => new AbortController().signal);
      for (const [id, resource] of Object.entries(record.resources)) {
        // One that can't be brought back, since a power cut has taken its code, keeps nothing else from going on.
        await work.restore(id, resource).catch((error: Error) => {
          this.unrestored.set(`${record.stackId} ${id}`, () => work.restore(id, resource));
          this.world.onTrouble?.(`${record.stackName}: ${id} can't be brought back: ${error.message}`);
        });
      }
    }
  }

  /** What could not be brought back by `restore`, now that assets have been published again. */
  async restoreAgain(): Promise<void> {
    for (const [key, restore] of this.unrestored) { await restore().then(() => this.unrestored.delete(key), () => undefined); }
  }

  /** Rollbacks and deletions that a restart has cut short, which nobody has to ask for again. */
  goOn(): void {
    for (const record of this.list().filter(({ status, stackName }) => isInProgress(status) && !this.running.has(stackName))) {
      this.begin(record.status === 'DELETE_IN_PROGRESS' ? 'delete' : 'rollback', record, (operation) => operation.goOn());
    }
  }

  private create(request: DeployRequest, template: ReturnType<typeof templateOf>, rolledBack: StackRecord | undefined): Started {
    const region = request.region ?? 'us-east-1';
    const account = request.account ?? '123456789012';
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(request.stackName)) { throw invalidTemplate(`Value '${request.stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`); }
    const record: StackRecord = {
      stackName: request.stackName, stackId: `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${request.stackName}/${randomUUID()}`, region, account,
      status: 'CREATE_IN_PROGRESS', created: this.world.clock.now(), template, resources: {}, superseded: [], outputs: {}, imports: [], touched: [], events: [], paths: request.paths,
      parameters: parameterValues(template, request.parameters ?? {}, {}, (name) => this.ssmParameter(name)),
      roleArn: roleOf(request.roleArn, region, account),
    };
    const loaded = new LoadedTemplate(template, record.parameters, this.surroundings(record));
    return this.begin('create', record, async (operation) => {
      if (rolledBack !== undefined) {
        await this.operation(rolledBack).delete();
        if (rolledBack.status === 'DELETE_FAILED') { throw new Error(rolledBack.statusReason); }
      }
      await operation.create(loaded, { rollback: request.rollback ?? true });
    });
  }

  /** @param before what parameters are that are not given. @default - what they were */
  private update(request: DeployRequest, template: ReturnType<typeof templateOf>, record: StackRecord, before = record.parameters): Started {
    requireSameTypes(record, template);
    const parameters = parameterValues(template, request.parameters ?? {}, before, (name) => this.ssmParameter(name));
    const loaded = new LoadedTemplate(template, parameters, this.surroundings(record));
    if (isStable(record.status) && sameValue(template, record.template) && sameValue(parameters, record.parameters)) {
      return { kind: 'unchanged', stackId: record.stackId, firstEvent: (record.events.at(-1)?.number ?? -1) + 1, finished: Promise.resolve(record) };
    }
    // A creation that was cut short is a creation still.
    const isCreation = record.previous === undefined && record.status === 'CREATE_FAILED' && record.statusReason === INTERRUPTED;
    if (isStable(record.status)) {
      const { template: old, parameters: values, resources, outputs } = record;
      record.previous = structuredClone({ template: old, parameters: values, resources, outputs });
      record.touched = [];
    }
    const roleArn = roleOf(request.roleArn, record.region, record.account) ?? record.roleArn;
    Object.assign(record, { template, parameters, roleArn, paths: { ...record.paths, ...request.paths } });
    if (isCreation) { return this.begin('create', record, (operation) => operation.create(loaded, { rollback: request.rollback ?? true })); }
    return this.begin('update', record, (operation) => operation.update(loaded, { rollback: request.rollback ?? true }));
  }

  private begin(kind: Started['kind'], record: StackRecord, work: (operation: StackOperation) => Promise<void>): Started {
    const { stackName, stackId } = record;
    const firstEvent = (record.events.at(-1)?.number ?? -1) + 1;
    const operation = this.operation(record);
    const finished = (async () => {
      try {
        await work(operation);
      } finally {
        this.running.delete(stackName);
      }
      return record;
    })();
    this.running.set(stackName, { record, operation, finished });
    finished.catch(() => undefined);                                            // whoever waits for it hears of it
    return { kind, stackId, firstEvent, finished };
  }

  private operation(record: StackRecord): StackOperation {
    const world = { ...this.world, faults: this.world.faults ?? {}, customResources: this.customResources };
    return new StackOperation(world, this.ledger(record), this.surroundings(record), (name) => this.userOf(name));
  }

  private ledger(record: StackRecord): Ledger {
    return new Ledger(record, this.world.clock, this.world.store, (changed, event) => this.world.onEvent?.(changed, event));
  }

  private find(stackName: string): StackRecord | undefined {
    const record = this.world.store.load(stackName);
    return record?.status === 'DELETE_COMPLETE' ? undefined : record;
  }

  private require(stackName: string): StackRecord {
    const record = this.find(stackName);
    if (record === undefined) { throw new ServiceError('ValidationError', `Stack with id ${stackName} does not exist`); }
    return record;
  }

  private surroundings({ stackName, stackId, region, account }: StackRecord): Surroundings {
    return {
      stackName, stackId, region, account,
      ssmParameter: (name) => this.ssmParameter(name),
      exportValue: (name) => {
        const output = this.list().flatMap(({ outputs }) => Object.values(outputs)).find(({ exportName }) => exportName === name);
        if (output === undefined) { throw invalidTemplate(`No export named ${name} found.`); }
        return output.value;
      },
    };
  }

  private userOf(exportName: string): string | undefined { return this.list().find(({ imports }) => imports.includes(exportName))?.stackName; }

  private ssmParameter(name: string): string | undefined { return this.world.ssmParameter?.(name); }
}

const roleOf = (arn: string | undefined, region: string, account: string) => arn?.replaceAll('${AWS::Partition}', partitionOf(region)).replaceAll('${AWS::Region}', region).replaceAll('${AWS::AccountId}', account);
