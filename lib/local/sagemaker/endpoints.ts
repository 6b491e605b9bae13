import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateEndpointInput, UpdateEndpointInput, UpdateEndpointWeightsAndCapacitiesInput } from '@aws-sdk/client-sagemaker';
import type { LocalCloudWatch } from '../cloudwatch/local-cloudwatch';
import type { AsyncInvocation, AsyncInvocationAnswer, Invocation, InvocationAnswer } from '../sagemaker-api';
import { ServiceError, unsupported, validationException } from '../service-error';
import { Deployment, DRAIN } from './deployment';
import { checkAlarms, checkDeployment, checkKind } from './deployment-rules';
import type { EndpointConfigs } from './endpoint-configs';
import { endpointSummary } from './endpoint-summary';
import { cutAtEnd, JobFailure, LONGEST_REASON } from './failure-reason';
import { Fleet, MOST_PROCESSES } from './fleet';
import { Invocations, type ServedEndpoint } from './invocations';
import { JobLog } from './job-log';
import { page, type ListInput } from './listing';
import { arnOf, type Machine } from './machine';
import type { Models } from './models';
import type { EndpointPlan, EndpointRecord, StateFile, VariantState } from './state-file';
import { Traffic } from './traffic';
import { checkTags } from './training-job-rules';

type Answer = Record<string, unknown>;

/** The endpoints of the local SageMaker. Their names differ in more than case, but are asked for as they were given. */
export class Endpoints {
  private readonly traffic = new Map<string, Traffic>();
  /** Every fleet that has processes, whoever gets the traffic. */
  private readonly fleets = new Set<Fleet>();
  private readonly work = new Map<string, Promise<void>>();
  private readonly invocations: Invocations;
  private readonly ending = new AbortController();

  constructor(
    private readonly machine: Machine,
    private readonly file: StateFile,
    private readonly configs: EndpointConfigs,
    private readonly models: Models,
    private readonly cloudWatch: LocalCloudWatch,
  ) {
    this.invocations = new Invocations(machine, cloudWatch.metrics);
  }

  private get endpoints(): Record<string, EndpointRecord> {
    return this.file.state.endpoints;
  }

  public create(request: CreateEndpointInput): Answer {
    const name = request.EndpointName as string;
    const arn = arnOf(this.machine, 'endpoint', name);
    if (Object.values(this.endpoints).some((endpoint) => endpoint.arn === arn)) { throw validationException(`Cannot create already existing endpoint "${arn}".`); }
    checkTags(request.Tags);
    checkDeployment(request.DeploymentConfig);
    const plan = this.planOf(request.EndpointConfigName as string);
    const now = this.machine.clock.now();
    const record: EndpointRecord = { arn, name, plan, deployment: request.DeploymentConfig, status: 'Creating', created: now, modified: now };
    this.endpoints[name] = record;
    if ((request.Tags ?? []).length > 0) { this.file.state.tags[arn] = [...request.Tags ?? []]; }
    this.file.save();
    this.bringUp(record);
    return { EndpointArn: arn };
  }

  public describe(name: string): Answer {
    return endpointSummary(this.find(name));
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
    const deployment = request.DeploymentConfig ?? (request.RetainDeploymentConfig === true ? record.deployment : undefined);
    checkDeployment(deployment);
    checkAlarms(deployment, this.cloudWatch);
    const next = this.planOf(request.EndpointConfigName as string);
    checkKind(record.arn, record.plan, next);
    record.deployment = deployment;
    if (request.RetainAllVariantProperties === true) { retain(record.plan, next, request); }
    record.next = next;
    this.set(record, 'Updating');
    this.moveOn(record);
    return { EndpointArn: record.arn };
  }

  public updateWeights(request: UpdateEndpointWeightsAndCapacitiesInput): Answer {
    const record = this.find(request.EndpointName as string);
    requireAtRest(record);
    const resized: VariantState[] = [];
    const changes = (request.DesiredWeightsAndCapacities ?? []).map((desired) => {
      const state = record.plan.variants.find((each) => each.isShadow !== true && each.variant.VariantName === desired.VariantName);
      if (state === undefined) { throw validationException(`Could not find variant "${desired.VariantName}" of endpoint "${record.arn}".`); }
      if (desired.ServerlessUpdateConfig !== undefined) { throw unsupported(`ServerlessUpdateConfig of variant ${desired.VariantName}`); }
      if (desired.DesiredInstanceCount === 0) { throw unsupported(`DesiredInstanceCount 0 of variant ${desired.VariantName}`); }
      return { state, desired };
    });
    for (const { state, desired: { DesiredWeight: weight, DesiredInstanceCount: count } } of changes) {
      state.weight = weight ?? state.weight;
      if (count !== undefined && count !== state.instances) { resized.push(state); }
      state.instances = count ?? state.instances;
    }
    if (resized.length === 0) {
      this.set(record, 'InService');
    } else {
      this.set(record, 'Updating');
      this.go(record, () => this.resize(record, resized));
    }
    return { EndpointArn: record.arn };
  }

  public delete(name: string): Answer {
    const record = this.find(name);
    if (record.status === 'Deleting') { return {}; }
    if (record.status !== 'InService' && record.status !== 'Failed') { throw inProgress(record); }
    this.set(record, 'Deleting');
    this.go(record, () => this.remove(record));
    return {};
  }

  public async invoke(name: string, invocation: Invocation): Promise<InvocationAnswer> {
    const record = this.asked(name);
    if (record.status === 'SystemUpdating') { await this.work.get(record.arn); }      // being served again after a restart
    return this.invocations.invoke(this.served(record), invocation);
  }

  public invokeAsync(name: string, invocation: AsyncInvocation): AsyncInvocationAnswer {
    return this.invocations.invokeAsync(this.served(this.asked(name)), invocation, () => this.served(this.asked(name)));
  }

  /** Waits for what is under way. For tests and for a daemon that ends. */
  public async settled(): Promise<void> {
    while (this.work.size > 0) { await Promise.all(this.work.values()); }
  }

  public get isAtRest(): boolean {
    return Object.keys(this.endpoints).length === 0;
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
        if (!wasUpdating) { record.next = undefined; }
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
    this.ending.abort();
    await Promise.all([...this.fleets].map((fleet) => fleet.stop(0)));
    await this.invocations.close();
    await this.settled();
  }

  private get closed(): boolean {
    return this.ending.signal.aborted;
  }

  private bringUp(record: EndpointRecord, then: () => void = () => undefined): void {
    this.go(record, async () => {
      try {
        this.requireCapacity(record);
        const fleet = this.fleetOf(record, record.plan);
        await fleet.start();
        this.traffic.set(record.arn, new Traffic(fleet));
        this.set(record, 'InService', record.reason);
        then();
      } catch (error) {
        if (!this.closed) { this.set(record, 'Failed', this.reasonOf(error)); }
      }
    });
  }

  private moveOn(record: EndpointRecord): void {
    this.go(record, async () => {
      const next = record.next as EndpointPlan;
      const traffic = this.traffic.get(record.arn) as Traffic;
      const old = traffic.current;
      const fleet = this.fleetOf(record, next);
      const log = new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${record.name}`, 'deployments'));
      try {
        this.requireCapacity(record);
        await new Deployment({
          config: record.deployment ?? {}, traffic, next: fleet, clock: this.machine.clock, minute: this.machine.minute, signal: this.ending.signal,
          stateOfAlarm: (name) => this.cloudWatch.state(name),
          rollingBack: (reason) => this.set(record, 'RollingBack', cutAtEnd(reason, LONGEST_REASON)),
          log: (line) => log.note(line),
        }).run();
      } catch (error) {
        this.fleets.delete(fleet);
        if (this.closed) { return; }
        record.next = undefined;
        this.set(record, 'InService', this.reasonOf(error));
        return;
      }
      this.fleets.delete(old);
      record.plan = next;
      record.next = undefined;
      this.set(record, 'InService');
    });
  }

  private async resize(record: EndpointRecord, variants: readonly VariantState[]): Promise<void> {
    const fleet = (this.traffic.get(record.arn) as Traffic).current;
    try {
      await Promise.all(variants.map((state) => fleet.resize(state, DRAIN)));
      this.set(record, 'InService');
    } catch (error) {
      this.set(record, 'InService', this.reasonOf(error));
    }
  }

  /** A configuration's servers, not yet started. */
  private fleetOf(record: EndpointRecord, plan: EndpointPlan): Fleet {
    if (this.closed) { throw new Error('closed'); }
    const folder = this.folderOf(record);
    mkdirSync(folder, { recursive: true });
    const fleet = new Fleet(plan, record.name, this.machine, folder);
    this.fleets.add(fleet);
    for (const { variant, instances = 1 } of plan.variants) {
      if (instances <= MOST_PROCESSES) { continue; }
      const log = new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${record.name}`, 'deployments'));
      log.note(`The local SageMaker runs ${MOST_PROCESSES} processes for the ${instances} instances of variant ${variant.VariantName}.`);
    }
    return fleet;
  }

  private async remove(record: EndpointRecord): Promise<void> {
    const fleet = this.traffic.get(record.arn)?.current;
    this.traffic.delete(record.arn);
    await fleet?.stop(DRAIN);
    if (fleet !== undefined) { this.fleets.delete(fleet); }
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
    const states = (variants = request.ProductionVariants, isShadow?: true) => variants?.map((variant) => ({
      variant, model: this.models.find(variant.ModelName as string).request, weight: variant.InitialVariantWeight ?? 1, instances: variant.InitialInstanceCount, isShadow,
    })) ?? [];
    return { configName, variants: [...states(), ...states(request.ShadowProductionVariants ?? [], true)], async: request.AsyncInferenceConfig, capture: request.DataCaptureConfig };
  }

  /** @throws ServiceError for an endpoint that is not there, in the words of the runtime */
  private asked(name: string): EndpointRecord {
    const record = Object.values(this.endpoints).find((each) => each.name === name);
    if (record === undefined) { throw new ServiceError('ValidationError', `Endpoint ${name} of account ${this.machine.accountId} not found.`); }
    if (this.closed) { throw new ServiceError('ServiceUnavailable', 'The local SageMaker is ending.', 503); }
    return record;
  }

  private served({ arn, name, plan, status }: EndpointRecord): ServedEndpoint {
    const traffic = this.traffic.get(arn);
    if (traffic === undefined) { throw new ServiceError('ValidationError', `Endpoint ${name} of account ${this.machine.accountId} is in status ${status} and can't be invoked.`); }
    return { name, plan, traffic };
  }

  private set(record: EndpointRecord, status: EndpointRecord['status'], reason?: string): void {
    if (this.closed) { return; }
    record.status = status;
    record.reason = reason;
    record.modified = this.machine.clock.now();
    this.file.save();
  }

  /** @throws JobFailure where a test wants that there are no instances */
  private requireCapacity({ name }: EndpointRecord): void {
    const reason = this.machine.interference?.noCapacityFor(name);
    if (reason !== undefined) { throw new JobFailure(reason); }
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

function retain(plan: EndpointPlan, next: EndpointPlan, request: UpdateEndpointInput): void {
  const excluded = (request.ExcludeRetainedVariantProperties ?? []).map((each) => each.VariantPropertyType);
  if (!excluded.includes('DataCaptureConfig')) { next.capture = plan.capture; }
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
