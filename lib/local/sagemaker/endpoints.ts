import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateEndpointInput, UpdateEndpointInput, UpdateEndpointWeightsAndCapacitiesInput } from '@aws-sdk/client-sagemaker';
import type { Invocation, InvocationAnswer } from '../sagemaker-api';
import { ServiceError, validationException } from '../service-error';
import type { EndpointConfigs } from './endpoint-configs';
import { cutAtEnd, JobFailure, LONGEST_REASON } from './failure-reason';
import { Fleet } from './fleet';
import { page, type ListInput } from './listing';
import { arnOf, type Machine } from './machine';
import { containerOf, type Models } from './models';
import type { EndpointPlan, EndpointRecord, StateFile } from './state-file';
import { checkTags } from './training-job-rules';

type Answer = Record<string, unknown>;
/** How long requests under way may take when their server is to go. */
const DRAIN = 60_000;

/** The endpoints of the local SageMaker. Their names differ in more than case, but are asked for as they were given. */
export class Endpoints {
  private readonly fleets = new Map<string, Fleet>();
  private readonly starting = new Set<Fleet>();
  private readonly work = new Map<string, Promise<void>>();
  private closed = false;

  constructor(private readonly machine: Machine, private readonly file: StateFile, private readonly configs: EndpointConfigs, private readonly models: Models) {}

  private get endpoints(): Record<string, EndpointRecord> {
    return this.file.state.endpoints;
  }

  public create(request: CreateEndpointInput): Answer {
    const name = request.EndpointName as string;
    const arn = arnOf(this.machine, 'endpoint', name);
    if (Object.values(this.endpoints).some((endpoint) => endpoint.arn === arn)) { throw validationException(`Cannot create already existing endpoint "${arn}".`); }
    checkTags(request.Tags);
    const plan = this.planOf(request.EndpointConfigName as string);
    const now = this.machine.clock.now();
    const record: EndpointRecord = { arn, name, plan, status: 'Creating', created: now, modified: now };
    this.endpoints[name] = record;
    if ((request.Tags ?? []).length > 0) { this.file.state.tags[arn] = [...request.Tags ?? []]; }
    this.file.save();
    this.bringUp(record);
    return { EndpointArn: arn };
  }

  public describe(name: string): Answer {
    const record = this.find(name);
    return {
      EndpointName: record.name,
      EndpointArn: record.arn,
      EndpointConfigName: record.plan.configName,
      ProductionVariants: record.status === 'Creating' || record.status === 'Failed' ? undefined : summaries(record.plan, record.modified),
      EndpointStatus: record.status,
      FailureReason: record.reason,
      CreationTime: new Date(record.created),
      LastModifiedTime: new Date(record.modified),
      PendingDeploymentSummary: record.next === undefined ? undefined
        : { EndpointConfigName: record.next.configName, ProductionVariants: summaries(record.next, record.modified), StartTime: new Date(record.modified) },
    };
  }

  public list(input: ListInput): Answer {
    return page('Endpoints', Object.values(this.endpoints).map(({ name, arn, created, modified, status }) => ({
      name, created, modified, status,
      summary: { EndpointName: name, EndpointArn: arn, CreationTime: new Date(created), LastModifiedTime: new Date(modified), EndpointStatus: status },
    })), input);
  }

  /** New model servers first; when all are healthy they take over, and the old ones go once they are idle. */
  public update(request: UpdateEndpointInput): Answer {
    const record = this.find(request.EndpointName as string);
    requireAtRest(record);
    const next = this.planOf(request.EndpointConfigName as string);
    if (request.RetainAllVariantProperties === true) { retain(record.plan, next, request); }
    record.next = next;
    this.set(record, 'Updating');
    this.moveOn(record);
    return { EndpointArn: record.arn };
  }

  public updateWeights(request: UpdateEndpointWeightsAndCapacitiesInput): Answer {
    const record = this.find(request.EndpointName as string);
    requireAtRest(record);
    for (const desired of request.DesiredWeightsAndCapacities ?? []) {
      const state = record.plan.variants.find((each) => each.variant.VariantName === desired.VariantName);
      if (state === undefined) { throw validationException(`Could not find variant "${desired.VariantName}" of endpoint "${record.arn}".`); }
      state.weight = desired.DesiredWeight ?? state.weight;
      state.instances = desired.DesiredInstanceCount ?? state.instances;
    }
    this.set(record, 'InService');
    return { EndpointArn: record.arn };
  }

  public delete(name: string): Answer {
    const record = this.find(name);
    if (record.status === 'Deleting') { return {}; }
    if (record.status === 'Creating' || record.status === 'Updating' || record.status === 'SystemUpdating') { throw inProgress(record); }
    this.set(record, 'Deleting');
    this.go(record, () => this.remove(record));
    return {};
  }

  public async invoke(name: string, invocation: Invocation): Promise<InvocationAnswer> {
    const record = Object.values(this.endpoints).find((each) => each.name === name);
    if (record === undefined) { throw new ServiceError('ValidationError', `Endpoint ${name} of account ${this.machine.accountId} not found.`); }
    if (this.closed) { throw new ServiceError('ServiceUnavailable', 'The local SageMaker is ending.', 503); }
    if (record.status === 'SystemUpdating') { await this.work.get(record.arn); }      // being served again after a restart
    const fleet = this.fleets.get(record.arn);
    if (fleet === undefined) { throw new ServiceError('ValidationError', `Endpoint ${name} of account ${this.machine.accountId} is in status ${record.status} and can't be invoked.`); }
    const state = invocation.variant === undefined ? fleet.nextVariant() : fleet.variant(invocation.variant);
    if (state === undefined) {
      throw new ServiceError('ValidationError', invocation.variant === undefined ? `No variant of endpoint ${name} has a weight above 0.` : `Variant ${invocation.variant} not found for endpoint ${name}.`);
    }
    const variant = state.variant.VariantName as string;
    const answer = await fleet.invoke(state, invocation.body, invocation.contentType, invocation.accept)
      .catch((error: Error) => ({ status: 500, contentType: 'text/plain', body: Buffer.from(error.message) }));
    if (answer.status >= 200 && answer.status < 300) { return { body: answer.body, contentType: answer.contentType, variant }; }
    throw modelError(answer.status, answer.body.toString(), name, this.machine);
  }

  /** Waits for what is under way. For tests and for a daemon that ends. */
  public async settled(): Promise<void> {
    while (this.work.size > 0) { await Promise.all(this.work.values()); }
  }

  /** Serves again what a former process of this folder served, and finishes what it had begun. */
  public recover(): void {
    for (const record of Object.values(this.endpoints)) {
      if (record.status === 'Deleting') {
        this.go(record, () => this.remove(record));
      } else if (record.status === 'Creating') {
        this.bringUp(record);
      } else if (record.status !== 'Failed') {
        const wasUpdating = record.status === 'Updating';
        record.status = 'SystemUpdating';
        this.bringUp(record, () => {
          if (!wasUpdating || record.next === undefined) { return; }
          this.set(record, 'Updating');
          this.moveOn(record);
        });
      }
    }
  }

  /** Ends every model server; the records stay as they are, for whoever opens the folder next. */
  public async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.fleets.values(), ...this.starting].map((fleet) => fleet.stop(0)));
    await this.settled();
  }

  private bringUp(record: EndpointRecord, then: () => void = () => undefined): void {
    this.go(record, async () => {
      try {
        await this.launch(record, record.plan);
        this.set(record, 'InService');
        then();
      } catch (error) {
        if (!this.closed) { this.set(record, 'Failed', this.reasonOf(error)); }
      }
    });
  }

  private moveOn(record: EndpointRecord): void {
    this.go(record, async () => {
      const old = this.fleets.get(record.arn);
      const next = record.next as EndpointPlan;
      try {
        await this.launch(record, next);
      } catch (error) {
        if (this.closed) { return; }
        record.next = undefined;
        this.set(record, 'InService', this.reasonOf(error));
        return;
      }
      record.plan = next;
      record.next = undefined;
      this.set(record, 'InService');
      await old?.stop(DRAIN);
    });
  }

  /** Starts a configuration's servers; from then on they answer. */
  private async launch(record: EndpointRecord, plan: EndpointPlan): Promise<void> {
    const folder = this.folderOf(record);
    mkdirSync(folder, { recursive: true });
    const fleet = new Fleet(plan, record.name, this.machine, folder);
    this.starting.add(fleet);
    try {
      await fleet.start();
      if (this.closed) {
        await fleet.stop(0);
        throw new Error('closed');
      }
      this.fleets.set(record.arn, fleet);
    } finally {
      this.starting.delete(fleet);
    }
  }

  private async remove(record: EndpointRecord): Promise<void> {
    const fleet = this.fleets.get(record.arn);
    this.fleets.delete(record.arn);
    await fleet?.stop(DRAIN);
    if (this.closed) { return; }
    await rm(this.folderOf(record), { recursive: true, force: true });
    delete this.endpoints[record.name];
    delete this.file.state.tags[record.arn];
    this.file.save();
  }

  /** One thing after the other on one endpoint. */
  private go(record: EndpointRecord, action: () => Promise<void>): void {
    const before = this.work.get(record.arn) ?? Promise.resolve();
    const done: Promise<void> = before.then(action)
      .catch((error: Error) => this.machine.log(`${record.name}: ${error.stack}`))
      .finally(() => {
        if (this.work.get(record.arn) === done) { this.work.delete(record.arn); }
      });
    this.work.set(record.arn, done);
  }

  private planOf(configName: string): EndpointPlan {
    const { request } = this.configs.find(configName);
    return {
      configName,
      variants: (request.ProductionVariants ?? []).map((variant) => ({
        variant, model: this.models.find(variant.ModelName as string).request, weight: variant.InitialVariantWeight ?? 1, instances: variant.InitialInstanceCount,
      })),
    };
  }

  private set(record: EndpointRecord, status: EndpointRecord['status'], reason?: string): void {
    if (this.closed) { return; }
    record.status = status;
    record.reason = reason;
    record.modified = this.machine.clock.now();
    this.file.save();
  }

  private reasonOf(error: unknown): string {
    if (!(error instanceof JobFailure)) { this.machine.log((error as Error).stack ?? String(error)); }
    return cutAtEnd((error as Error).message, LONGEST_REASON);
  }

  private find(name: string): EndpointRecord {
    const arn = arnOf(this.machine, 'endpoint', name);
    const record = Object.values(this.endpoints).find((endpoint) => endpoint.arn === arn);
    if (record === undefined) { throw validationException(`Could not find endpoint "${arn}".`); }
    return record;
  }

  private folderOf(record: EndpointRecord): string {
    return join(this.machine.folder, 'endpoints', record.name);
  }
}

function summaries(plan: EndpointPlan, time: number): Answer[] {
  return plan.variants.map(({ variant, model, weight, instances }) => ({
    VariantName: variant.VariantName,
    DeployedImages: [{ SpecifiedImage: containerOf(model).Image, ResolvedImage: containerOf(model).Image, ResolutionTime: new Date(time) }],
    CurrentWeight: weight,
    DesiredWeight: weight,
    CurrentInstanceCount: instances,
    DesiredInstanceCount: instances,
    CurrentServerlessConfig: variant.ServerlessConfig,
  }));
}

function retain(plan: EndpointPlan, next: EndpointPlan, request: UpdateEndpointInput): void {
  const excluded = (request.ExcludeRetainedVariantProperties ?? []).map((each) => each.VariantPropertyType);
  for (const state of next.variants) {
    const old = plan.variants.find((each) => each.variant.VariantName === state.variant.VariantName);
    if (old === undefined) { continue; }
    if (!excluded.includes('DesiredWeight')) { state.weight = old.weight; }
    if (!excluded.includes('DesiredInstanceCount')) { state.instances = old.instances; }
  }
}

function requireAtRest(record: EndpointRecord): void {
  if (record.status === 'Failed') { throw validationException(`Could not update endpoint "${record.arn}" in status Failed.`); }
  if (record.status !== 'InService') { throw inProgress(record); }
}

const inProgress = (record: EndpointRecord) => validationException(`Cannot update in-progress endpoint "${record.arn}".`);

function modelError(status: number, message: string, endpoint: string, machine: Machine): ServiceError {
  const kind = status < 500 ? 'client' : 'server';
  return new ServiceError('ModelError', `Received ${kind} error (${status}) from primary with message "${cutAtEnd(message, 2000)}". See the log of endpoint ${endpoint} in account ${machine.accountId} for more information.`, 424, {
    OriginalStatusCode: status,
    OriginalMessage: message,
    LogStreamArn: `arn:aws:logs:${machine.region}:${machine.accountId}:log-group:/aws/sagemaker/Endpoints/${endpoint}`,
  });
}
