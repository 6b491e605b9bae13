import { nestedPath } from '../audit/synthesized';
import { OUTCOME_RESOURCE_TYPE, type OutcomeProperties } from '../handler/contract';
import type { Scope } from '../local/cloudformation/intrinsics';
import { LoadedTemplate, type Surroundings } from '../local/cloudformation/loaded-template';
import { sameValue } from '../local/cloudformation/resource-type';
import { STACK_TYPE, type Properties } from '../local/cloudformation/stack-record';
import { Unknowns } from '../local/run-one/unknown';
import { allOf, AppValues } from './app-values';
import { exportsInUse, importsIn } from './exports-in-use';
import { asDeployed, foresee, SSM_PARAMETER, type Asked, type Foreseen } from './foreseen';
import { foreseeJob, type ForeseenJob } from './foreseen-job';
import { foreseeOutcome } from './foreseen-outcome';
import { kindOfType } from './job-kinds';
import type { JobPlan } from './plan';
import { anyKindOf, PROCESSING_JOB, processingPlan } from './processing-plan';
import { parametersBefore, parametersThen } from './stack-parameters';
import type { DeployedResource, JobsSide, StackSide } from './stack-side';
import { takenName, type Owners } from './taken-name';
import { Unreached } from './unreached';
import { asSent, ValuesIn } from './values-in';
import { pathOf, type WantedStack } from './wanted-stack';

/** The resources of a stack as a deployment will leave them, in the order in which it comes to them. */
export class StackForecast {
  /** @param side undefined: nothing is deployed. @param app what stacks before it leave for it, and what it leaves. @param asked who can be asked of jobs, also where nothing is deployed */
  static async of(wanted: WantedStack, side: StackSide | undefined, app = new AppValues(), unknowns = new Unknowns(), asked: JobsSide | undefined = side): Promise<StackForecast> {
    const forecast = new StackForecast(wanted, side, app, unknowns, asked);
    await forecast.load();
    await forecast.run();
    return forecast;
  }

  readonly resources = new Map<string, Foreseen>();
  readonly jobs = new Map<string, ForeseenJob>();
  readonly nested = new Map<string, StackForecast>();
  readonly unreached = new Unreached();
  /** What becomes of the jobs that go, where somebody says whether they run. */
  readonly ends = new Map<string, Pick<JobPlan, 'verdict' | 'reason'>>();
  /** Why the deployment of the stack fails when all else is done. */
  readonly failures: string[] = [];
  /** What can't be made, and why. */
  readonly conflicts = new Map<string, string>();
  private readonly ssm = new Map<string, string | undefined>();
  private readonly olds = new Map<string, Properties>();
  private readonly surroundings: Surroundings;
  /** The resource at hand. */
  private current?: string;
  private old?: LoadedTemplate;
  private readonly values: ValuesIn;
  private loaded!: LoadedTemplate;
  /** Nothing is sent to a stack whose template and parameters are what they were. */
  private isSame = false;

  private constructor(readonly wanted: WantedStack, readonly side: StackSide | undefined, private readonly app: AppValues, readonly unknowns: Unknowns, private readonly asked: JobsSide | undefined) {
    this.values = new ValuesIn(unknowns, (id) => this.pathOf(id));
    const mark = (what: string, novelty?: 'same' | 'new') => this.unknowns.mark({ what, novelty });
    this.surroundings = {
      stackName: side?.stackName ?? wanted.stackName,
      stackId: side === undefined ? mark(`the id of ${wanted.path}`, 'new') : side.stackId ?? mark(`the id of ${wanted.path}`, 'same'),
      region: side?.region ?? wanted.region ?? mark('the Region', 'same'),
      account: side?.account ?? wanted.account ?? mark('the account', 'same'),
      ssmParameter: (name) => this.ssm.get(name) ?? mark(`the SSM parameter ${name}`, this.unasked),
      exportValue: (name) => side?.exportValue(name) ?? mark(`the export ${name} of another stack`, this.unasked),
    };
  }

  /** With what earlier stacks of the same deployment will have left by then. */
  private get surroundingsThen(): Surroundings {
    const { app, unknowns, surroundings } = this;
    return {
      ...surroundings,
      ssmParameter: (name) => this.written(name) ?? app.text('ssm', name, unknowns) ?? surroundings.ssmParameter(name),
      exportValue: (name) => app.text('export', name, unknowns) ?? surroundings.exportValue(name),
    };
  }

  /** What fails first of all, as people call it. */
  get firstFailure(): string | undefined { return this.unreached.first ?? (this.failures.length > 0 ? this.wanted.path : undefined); }

  /** What a resource that is deployed, and goes, is and has. */
  get leaving(): readonly (Pick<Foreseen, 'logicalId' | 'type' | 'path' | 'deployed'> & { readonly policy: string; readonly old: Properties })[] {
    const { old, side } = this;
    if (old === undefined || side === undefined) { return []; }
    const gone = Object.entries(old.resources).filter(([id]) => this.loaded.resources[id] === undefined && this.exists(id));
    return gone.map(([logicalId, { Type: type, DeletionPolicy: policy = 'Delete' }]) => ({
      logicalId, type, policy, path: this.pathOf(logicalId), deployed: side.resource(logicalId), old: this.oldProperties(logicalId),
    }));
  }

  /** Where nobody could be asked, nothing is taken to have changed. */
  private get unasked(): 'same' | undefined { return this.side !== undefined && this.side.stackId === undefined ? 'same' : undefined; }

  private async load(): Promise<void> {
    const { side, wanted: { template } } = this;
    const before = parametersBefore(side);
    const parameters = Object.entries(template.Parameters ?? {}).filter(([, { Type }]) => Type.startsWith('AWS::SSM::Parameter::Value<'));
    const named = parameters.map(([name, { Default: otherwise }]) => this.wanted.parameters[name] ?? before[name]?.given ?? String(otherwise ?? ''));
    const dynamic = dynamicNames([template.Resources, side?.template.Resources]);
    for (const name of new Set([...named, ...dynamic])) { this.ssm.set(name, await side?.ssmParameter(name)); }
    const given = { given: this.wanted.parameters, before, side, unknowns: this.unknowns, unasked: this.unasked };
    const values = parametersThen(template, given, this.surroundingsThen);
    this.loaded = new LoadedTemplate(template, values, this.surroundingsThen);
    if (side === undefined) { return; }
    this.old = new LoadedTemplate(side.template, { ...parametersThen(side.template, given, this.surroundings), ...before }, this.surroundings);
    const isAtRest = side.status === undefined || /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(side.status);
    this.isSame = isAtRest && sameValue(template, side.template) && Object.entries(values).every(([name, { given, value }]) => before[name] === undefined || before[name].given === given && sameValue(before[name].value, value));
  }

  private async run(): Promise<void> {
    const { resources, dependencies } = this.loaded;
    const begun = new Set<string>();
    const visit = async (id: string): Promise<void> => {
      if (begun.has(id) || resources[id] === undefined) { return; }
      begun.add(id);
      const read = dynamicNames(resources[id]).map((name) => this.writer(name)).filter((other) => other !== undefined && !this.needs(other, [id]));
      for (const other of [...dependencies.get(id) ?? [], ...read as string[]]) { await visit(other); }
      this.unreached.add(id, dependencies.get(id) ?? []);
      this.current = id;
      const resource = await this.foresee(id);
      this.current = undefined;
      this.resources.set(id, resource);
      const taken = this.old === undefined ? undefined : takenName(resource, this.owners);
      if (taken !== undefined) { this.conflicts.set(id, taken); }
      const failing = this.failing(resource);
      if (failing !== undefined) { this.unreached.fails(id, failing); }
    };
    for (const id of Object.keys(resources)) { await visit(id); }
    this.tellOthers();
    if (this.old !== undefined && !this.isSame) {
      const [before, after] = [this.exportsOf(this.old, (id) => this.deployed(id)), this.exportsOf(this.loaded, this.lookUp)];
      this.failures.push(...await exportsInUse(before, after, { side: this.side, unknowns: this.unknowns, importerOf: (name, known) => this.app.importerOf(name, this.surroundings.region, known) }));
    }
    for (const { logicalId, type, path, policy, deployed } of this.leaving) {
      const end = policy === 'Retain' ? undefined : await this.endOf(anyKindOf(type), deployed?.physicalId.split('/').at(-1));
      if (end !== undefined) { this.ends.set(logicalId, end); }
      if (type !== STACK_TYPE || policy === 'Retain') { continue; }
      const nothing = { path: nestedPath(path), stackName: this.wanted.stackName, template: { Resources: {} }, parameters: {}, paths: new Map(), nested: new Map() };
      const side = await this.side?.nested?.(logicalId);
      if (side !== undefined) { this.nested.set(logicalId, await StackForecast.of(nothing, side, this.app, this.unknowns, this.asked)); }
    }
  }

  /** The one of some resources that another one waits for, itself included. */
  needs(id: string, others: readonly string[], seen = new Set<string>()): string | undefined {
    const found = others.find((other) => other === id);
    if (found !== undefined || seen.has(id)) { return found; }
    seen.add(id);
    return [...this.loaded.dependencies.get(id) ?? []].map((each) => this.needs(each, others, seen)).find((each) => each !== undefined);
  }

  /** The resource of this stack that an SSM parameter is. */
  private writer(name: string): string | undefined {
    return Object.entries(this.loaded.resources).find(([, { Type: type, Properties: properties }]) => type === SSM_PARAMETER && properties?.Name === name)?.[0];
  }

  /** What an SSM parameter of this stack has when the resource at hand is made. */
  private written(name: string): string | undefined {
    const id = this.resources.size === 0 ? undefined : this.writer(name);
    const { change = 'none', wanted } = this.resources.get(id ?? '') ?? {};
    if (id === undefined || change === 'none') { return undefined; }
    const value = String(wanted?.Value);
    // Without a dependency nobody knows which of the two is first.
    const isSure = value === this.ssm.get(name) || this.current === undefined || this.needs(this.current, [id]) !== undefined;
    return isSure ? value : this.unknowns.mark({ what: `the SSM parameter ${name}, which ${this.pathOf(id)} changes meanwhile` });
  }

  /** A job that has ended is not stopped. */
  private async endOf(kind: string | undefined, name: string | undefined): Promise<Pick<JobPlan, 'verdict' | 'reason'> | undefined> {
    if (kind === undefined || name === undefined || name === '' || this.asked === undefined) { return undefined; }
    const job = await this.asked.job(kind, name);
    if (job === 'unknown') { return undefined; }
    if (job === undefined) { return { verdict: 'leaves', reason: 'there is no record of it' }; }
    const status = String(job.details[`${kind}Status`]);
    return /^(Completed|Failed|Stopped)$/.test(status) ? { verdict: 'leaves', reason: `it has ${status === 'Stopped' ? 'been stopped' : status.toLowerCase()}` } : { verdict: 'stops' };
  }

  /** What fails for certain when a resource does. */
  private failing(resource: Foreseen): string | undefined {
    if (this.conflicts.has(resource.logicalId)) { return resource.path; }
    const job = resource.type === PROCESSING_JOB ? processingPlan(resource, this.unknowns) : this.jobs.get(resource.logicalId)?.plan;
    return job?.verdict === 'fails' ? job.path : this.nested.get(resource.logicalId)?.unreached.first;
  }

  /** A job whose outcome is refused fails; the deployment comes to what needs the job alone all the same. */
  private async foreseeOutcome(asked: Asked): Promise<Foreseen> {
    const { resource, refusal: reason, job } = await foreseeOutcome(asked, this.asked, [...this.jobs.values()]);
    if (reason === undefined || this.unreached.causeOf(asked.logicalId) !== undefined) { return resource; }
    const { logicalId, path } = asked;
    const { Kind: kind, JobName: newJob } = asked.wanted as unknown as OutcomeProperties;
    if (job === undefined) {
      this.jobs.set(logicalId, { kind, resource, plan: { path, logicalId, kind, verdict: 'fails', newJob, changes: [], hangsOn: [], reason } });
    } else {
      this.jobs.set(job.plan.logicalId, { ...job, plan: { ...job.plan, verdict: 'fails', reason } });
      this.unreached.fails(logicalId, job.plan.path);
    }
    return resource;
  }

  private async foresee(logicalId: string): Promise<Foreseen> {
    const type = this.loaded.resources[logicalId]!.Type;
    const exists = this.exists(logicalId) && this.side?.resource(logicalId)?.status !== 'CREATE_FAILED';
    const old = exists ? this.oldProperties(logicalId) : undefined;
    const asked: Asked = {
      logicalId, type, path: this.pathOf(logicalId), stack: this.surroundings, unknowns: this.unknowns, old, deployed: this.side?.resource(logicalId),
      wanted: this.isSame && old !== undefined ? old : this.values.properties(this.loaded, logicalId, this.lookUp),
    };
    if (kindOfType(type) !== undefined) {
      const job = await foreseeJob(asked, this.side, this.asked);
      this.jobs.set(logicalId, job);
      return job.resource;
    }
    if (type === OUTCOME_RESOURCE_TYPE) { return this.foreseeOutcome(asked); }
    return type === STACK_TYPE ? this.foreseeNested(asked) : foresee(asked);
  }

  private async foreseeNested(asked: Asked): Promise<Foreseen> {
    const own = foresee(asked);
    const inner = this.wanted.nested.get(asked.logicalId);
    if (inner === undefined) { return own; }
    const side = asked.old === undefined ? undefined : await this.side?.nested?.(asked.logicalId);
    const before = side && { ...side, parameters: { ...parametersOf(asked.old), ...side.parameters } };
    const forecast = await StackForecast.of({ ...inner, parameters: parametersOf(asked.wanted) }, before, this.app, this.unknowns, this.asked);
    this.nested.set(asked.logicalId, forecast);
    return { ...own, attribute: (name) => (name.startsWith('Outputs.') ? forecast.output(name.slice('Outputs.'.length)) : own.attribute(name)) };
  }

  /** An output as it is deployed. */
  private oldOutput(name: string): unknown {
    const declared = this.old?.outputs[name];
    return this.old === undefined || declared === undefined ? undefined : this.values.of(this.old, declared.Value, `Outputs.${name}`, (id) => this.deployed(id));
  }

  private output(name: string): unknown {
    const declared = this.loaded.outputs[name];
    return declared === undefined ? undefined : this.values.of(this.loaded, declared.Value, `Outputs.${name}`, this.lookUp);
  }

  /** What stacks that are deployed after this one see of it. */
  private tellOthers(): void {
    for (const [name, { Export: exported }] of Object.entries(this.loaded.outputs)) {
      if (exported === undefined) { continue; }
      const key = this.values.of(this.loaded, exported.Name, `Outputs.${name}`, this.lookUp);
      if (this.isPlain(key)) { this.tell('export', String(key), this.output(name)); }
    }
    const { stackName, region } = this.surroundings;
    this.app.setImports(stackName, region, importsIn(this.loaded.resources).map((name) => String(this.values.of(this.loaded, name, 'Fn::ImportValue', this.lookUp))));
    for (const { type, change, ref, wanted } of this.resources.values()) {
      // One that stays keeps what others have put over its value.
      if (type === SSM_PARAMETER && change !== 'none' && this.isPlain(ref)) { this.tell('ssm', ref, wanted?.Value); }
    }
  }

  private exportsOf(loaded: LoadedTemplate, resource: Scope['resource']): ReadonlyMap<string, string> {
    return new Map(Object.entries(loaded.outputs).flatMap(([name, { Value: value, Export: exported }]) => {
      const text = (expression: unknown) => String(this.values.of(loaded, expression, `Outputs.${name}`, resource));
      return exported === undefined ? [] : [[text(exported.Name), text(value)] as const];
    }));
  }

  /** What is not known here is not known there either: then what was deployed counts, unless it changes. */
  private tell(kind: 'export' | 'ssm', name: string, value: unknown): void {
    const unknowns = this.unknowns.allWithin(value);
    if (unknowns.length === 0 || allOf(unknowns).novelty !== 'same') { this.app.set(kind, name, String(value), unknowns); }
  }

  private isPlain(value: unknown): value is string { return typeof value === 'string' && this.unknowns.allWithin(value).length === 0; }

  private exists(id: string): boolean {
    const { side, old } = this;
    if (side === undefined) { return false; }
    return side.resource(id) !== undefined || side.stackId === undefined && old?.resources[id] !== undefined;
  }

  /** What a resource was last made or updated with. */
  private oldProperties(logicalId: string): Properties {
    const known = this.olds.get(logicalId) ?? this.readOldProperties(logicalId);
    this.olds.set(logicalId, known);
    return known;
  }

  private readOldProperties(logicalId: string): Properties {
    const { side, old } = this;
    const known = side?.resource(logicalId);
    if (known?.properties !== undefined) { return asSent(known.type, known.properties); }
    return old?.resources[logicalId] === undefined ? {} : this.values.properties(old, logicalId, (id) => this.deployed(id));
  }

  private deployed(logicalId: string): Pick<Foreseen, 'ref' | 'attribute'> | undefined {
    const type = this.old?.resources[logicalId]?.Type;
    if (type === undefined) { return undefined; }
    const deployed = this.side?.resource(logicalId) as DeployedResource | undefined;
    // Its properties only where they are asked for: they may be those of many others.
    const full = () => asDeployed({ logicalId, type, path: this.pathOf(logicalId), wanted: {}, old: this.oldProperties(logicalId), deployed, stack: this.surroundings, unknowns: this.unknowns });
    const nested = this.nested.get(logicalId);
    const output = (name: string) => (name.startsWith('Outputs.') ? nested?.oldOutput(name.slice('Outputs.'.length)) : undefined);
    return { get ref() { return full().ref; }, attribute: (name) => output(name) ?? full().attribute(name) };
  }

  private get owners(): Owners {
    return {
      resources: this.old?.resources ?? {}, unknowns: this.unknowns, exists: (id) => this.exists(id), pathOf: (id) => this.pathOf(id),
      nameOf: (id, member) => this.side?.resource(id)?.physicalId ?? this.oldProperties(id)[member],
    };
  }

  private readonly lookUp: Scope['resource'] = (id) => this.resources.get(id);

  private pathOf(logicalId: string): string { return pathOf(this.wanted, logicalId, this.side?.paths); }
}

/** What a stack that is nested in another one is given. */
const parametersOf = ({ Parameters: parameters }: Properties = {}) => Object.fromEntries(Object.entries((parameters ?? {}) as Properties).map(([name, value]) => [name, [value].flat().join(',')]));

/** The SSM parameters that it reads by itself. */
const dynamicNames = (value: unknown) => [...JSON.stringify(value).matchAll(/\{\{resolve:ssm:([^}]+)\}\}/g)].map(([, name]) => String(name));
