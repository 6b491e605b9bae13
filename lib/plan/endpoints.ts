import { sameValue } from '../local/cloudformation/resource-type';
import type { Properties } from '../local/cloudformation/stack-record';
import type { ResourceDeclaration, Template } from '../local/cloudformation/template';
import { referencesIn } from '../local/cloudformation/dependencies';
import type { Unknowns } from '../local/run-one/unknown';
import { deploymentText } from './deployment-words';
import type { Foreseen } from './foreseen';
import { allChanges } from './member-changes';
import { containerText, modelText, referredTo, type ModelSource } from './model-words';
import type { EndpointPlan, EndpointVerdict, JobPlan, MemberChange, Usage } from './plan';
import type { PriceList } from './prices';
import { endpointUsage } from './usage';

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const CONFIG = 'AWS::SageMaker::EndpointConfig';
const MODEL = 'AWS::SageMaker::Model';
const COMPONENT = 'AWS::SageMaker::InferenceComponent';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

type Resource = Pick<Foreseen, 'logicalId' | 'type' | 'path' | 'change' | 'old' | 'wanted' | 'deployed'>;

/** What is known of a stack, before and after. */
export interface EndpointStack {
  readonly resources: ReadonlyMap<string, Resource>;
  /** What goes. */
  readonly leaving: readonly Pick<Resource, 'logicalId' | 'type' | 'path' | 'old' | 'deployed'>[];
  readonly unknowns: Unknowns;
  readonly wanted: { readonly template: Template };
  readonly side?: { readonly template: Template };
}

/** What becomes of the endpoints of a stack. @param jobs what becomes of its jobs */
export function endpointPlans(stack: EndpointStack, jobs: readonly JobPlan[], prices?: PriceList): EndpointPlan[] {
  const endpoints = new Endpoints(stack, jobs, prices);
  return [
    ...[...stack.resources.values()].filter(({ type }) => type === ENDPOINT).map((endpoint) => endpoints.planOf(endpoint)),
    ...stack.leaving.filter(({ type }) => type === ENDPOINT).map((endpoint) => endpoints.planOf({ ...endpoint, change: 'delete' })),
  ];
}

const VERDICTS: { readonly [change in Foreseen['change']]: EndpointVerdict } = { create: 'creates', update: 'updates', replace: 'replaces', none: 'unchanged', open: 'unknown', delete: 'deletes' };

class Endpoints {
  private readonly before?: ModelSource;
  private readonly after: ModelSource;

  constructor(private readonly stack: EndpointStack, private readonly jobs: readonly JobPlan[], private readonly prices: PriceList | undefined) {
    const { side, wanted, resources, unknowns } = stack;
    const shown = (text: string) => unknowns.shown(text);
    const jobOf = (id: string) => jobs.find(({ logicalId }) => logicalId === id);
    this.before = side && {
      template: side.template, shown, properties: (id) => this.oldOf(id),
      artifactOf: (id) => this.artifactBefore(id, jobOf(id)),
    };
    this.after = { template: wanted.template, shown, properties: (id) => resources.get(id)?.wanted, artifactOf: (id) => artifactAfter(jobOf(id), () => this.artifactBefore(id, jobOf(id))) };
  }

  planOf(endpoint: Resource): EndpointPlan {
    const { path, logicalId, change, old, wanted } = endpoint;
    const [before, after] = [this.configOf(this.before, logicalId), change === 'delete' ? undefined : this.configOf(this.after, logicalId)];
    const components = this.componentsOf(logicalId, change === 'delete');
    const models = [...this.models(before, after), ...components.map(({ variant, old: was, new: will }) => ({ variant, old: was, new: will }))];
    const changes = change === 'update' || change === 'replace' || change === 'open' ? this.changesOf(before, after, old ?? {}, wanted ?? {}) : [];
    const moves = change === 'update' && !sameValue(old?.EndpointConfigName, wanted?.EndpointConfigName);
    const isByComponents = change === 'none' && components.some(({ isChanged }) => isChanged);
    const hasInstances = usesInstances(after?.resolved) || usesInstances(before?.resolved);
    const how = moves ? deploymentText(wanted ?? {}, hasInstances) : change === 'update' ? 'what it serves stays as it is' : isByComponents ? 'its inference components alone' : change === 'replace' ? 'another endpoint, for its name is another' : undefined;
    return {
      path, logicalId, verdict: isByComponents ? 'updates' : VERDICTS[change], how, models,
      changes: [...changes, ...components.flatMap((component) => component.changes)],
      hangsOn: change === 'open' ? this.rootsOf(endpoint) : [],
      usage: after && this.usageOf(after.resolved, this.after, logicalId),
      oldUsage: before && change !== 'create' ? this.usageOf(before.resolved, this.before as ModelSource, logicalId) : undefined,
    };
  }

  /** What a resource was made with. */
  private oldOf(id: string): Properties | undefined {
    return this.stack.resources.get(id)?.old ?? this.stack.leaving.find(({ logicalId }) => logicalId === id)?.old;
  }

  private artifactBefore(id: string, job: JobPlan | undefined): string {
    const known = this.stack.resources.get(id) ?? this.stack.leaving.find(({ logicalId }) => logicalId === id);
    return `the artifact of ${known?.deployed?.physicalId ?? job?.oldJob ?? known?.path ?? id}`;
  }

  /** The configuration of an endpoint; nothing where it is made elsewhere. */
  private configOf(source: ModelSource | undefined, endpointId: string): Config | undefined {
    const declared = source?.template.Resources[endpointId];
    const id = source && declared && referredTo(source.template, declared.Properties?.EndpointConfigName, CONFIG);
    const resolved = id === undefined ? undefined : source?.properties(id);
    return id === undefined || resolved === undefined ? undefined : { id, resolved, declared: source?.template.Resources[id]?.Properties ?? {} };
  }

  private models(before: Config | undefined, after: Config | undefined): { variant: string; old?: string; new?: string }[] {
    const [olds, news] = [textsOf(before, this.before), textsOf(after, this.after)];
    return [...new Set([...olds.keys(), ...news.keys()])].map((variant) => ({ variant, ...olds.has(variant) && { old: olds.get(variant) }, ...news.has(variant) && { new: news.get(variant) } }));
  }

  /** Which members of the endpoint, of its configuration, and of the models are others. */
  private changesOf(before: Config | undefined, after: Config | undefined, old: Properties, wanted: Properties): MemberChange[] {
    const { EndpointConfigName: _was, ...was } = old;
    const { EndpointConfigName: _will, ...will } = wanted;
    const own = allChanges(was, will, this.stack.unknowns);
    if (before === undefined || after === undefined) { return own; }
    const config = allChanges(withoutModels(before.resolved), withoutModels(after.resolved), this.stack.unknowns);
    return [...own, ...config, ...variantsOf(after).flatMap((variant) => this.modelChanges(variant, variantsOf(before).find(({ name }) => name === variant.name)))];
  }

  /** Where the models are is said in their texts; here is the rest. */
  private modelChanges(variant: Variant, before: Variant | undefined): MemberChange[] {
    const id = referredTo(this.after.template, variant.declared.ModelName, MODEL);
    const oldId = before && this.before && referredTo(this.before.template, before.declared.ModelName, MODEL);
    const [old, wanted] = [oldId === undefined ? undefined : this.oldOf(oldId), id === undefined ? undefined : this.after.properties(id)];
    if (old === undefined || wanted === undefined) { return []; }
    return allChanges(old, wanted, this.stack.unknowns).filter(({ path }) => !/(^|\.)(ModelDataUrl|Image|ModelPackageName)$|^Tags\./.test(path)).map((change) => ({ ...change, path: `${variant.name}: ${change.path}` }));
  }

  private usageOf(config: Properties, source: ModelSource, endpointId: string): Usage {
    const most = new Map<string, unknown>();
    for (const [id, { Type: type, Properties: declared }] of Object.entries(source.template.Resources)) {
      if (type !== TARGET || !referencesIn(declared?.ResourceId, () => true).includes(endpointId)) { continue; }
      const { ResourceId: resource, MaxCapacity: capacity, ScalableDimension: dimension } = source.properties(id) ?? {};
      const variant = /\/variant\/(.+)$/.exec(String(resource))?.[1];
      if (variant !== undefined && dimension === 'sagemaker:variant:DesiredInstanceCount') { most.set(variant, capacity); }
    }
    return endpointUsage(config, most, this.prices);
  }

  /** The inference components of an endpoint, which come and go without it. */
  private componentsOf(endpointId: string, isGoing: boolean) {
    const isOf = (template: Template | undefined, id: string) => referencesIn(template?.Resources[id]?.Properties?.EndpointName, () => true).includes(endpointId);
    const there = [...this.stack.resources.values()].filter(({ type, logicalId }) => !isGoing && type === COMPONENT && isOf(this.stack.wanted.template, logicalId));
    const leaving = this.stack.leaving.filter(({ type, logicalId }) => type === COMPONENT && isOf(this.stack.side?.template, logicalId)).map((each): Resource => ({ ...each, change: 'delete' }));
    return [...there, ...leaving].map(({ logicalId, path, change, old, wanted }) => ({
      variant: `component ${path}`,
      isChanged: change !== 'none',
      ...old !== undefined && this.before !== undefined && { old: componentText(this.before, this.before.template.Resources[logicalId], old) },
      ...wanted !== undefined && change !== 'delete' && { new: componentText(this.after, this.after.template.Resources[logicalId], wanted) },
      changes: change === 'update' || change === 'replace' ? allChanges(old ?? {}, wanted ?? {}, this.stack.unknowns).map((each) => ({ ...each, path: `${path}: ${each.path}` })) : [],
    }));
  }

  /** What it all hangs on: not what is between, but where it begins. */
  private rootsOf(resource: Resource, seen = new Set<string>()): string[] {
    const open = this.stack.unknowns.allWithin(resource.wanted).filter(({ novelty }) => novelty === undefined);
    return [...new Set(open.flatMap(({ logicalId, what }) => {
      const next = logicalId === undefined ? undefined : this.stack.resources.get(logicalId);
      if (next === undefined || next === resource) { return [what]; }
      const job = this.jobs.find((each) => each.logicalId === next.logicalId);
      if (job !== undefined) { return job.hangsOn.length > 0 ? job.hangsOn : [`what becomes of ${job.path}`]; }
      if (seen.has(next.logicalId)) { return []; }
      seen.add(next.logicalId);
      const further = this.rootsOf(next, seen);
      return further.length > 0 ? further : [what];
    }))];
  }
}

interface Config {
  readonly id: string;
  readonly resolved: Properties;
  readonly declared: Properties;
}

interface Variant {
  readonly name: string;
  readonly resolved: Properties;
  readonly declared: Properties;
}

function variantsOf({ resolved, declared }: Config): Variant[] {
  return ['ProductionVariants', 'ShadowProductionVariants'].flatMap((member) => ((resolved[member] ?? []) as readonly Properties[]).map((variant, index) => ({
    name: String(variant.VariantName), resolved: variant, declared: ((declared[member] ?? []) as readonly Properties[])[index] ?? {},
  })));
}

function textsOf(config: Config | undefined, source: ModelSource | undefined): ReadonlyMap<string, string> {
  if (config === undefined || source === undefined) { return new Map(); }
  return new Map(variantsOf(config).flatMap(({ name, resolved, declared }) => {
    const text = modelText(source, declared.ModelName, resolved.ModelName);
    return text === undefined ? [] : [[name, text] as const];
  }));
}

/** Names of models say nothing that their texts do not say better; tags move no endpoint. */
function withoutModels(config: Properties): Properties {
  const plain = (list: unknown) => (Array.isArray(list) ? (list as readonly Properties[]).map(({ ModelName: _model, ...variant }) => variant) : list);
  const { EndpointConfigName: _name, Tags: _tags, ...rest } = config;
  return { ...rest, ProductionVariants: plain(config.ProductionVariants), ShadowProductionVariants: plain(config.ShadowProductionVariants) };
}

const usesInstances = (config: Properties | undefined) => ((config?.ProductionVariants ?? []) as readonly Properties[]).some(({ ServerlessConfig: serverless }) => serverless === undefined);

function componentText(source: ModelSource, declared: ResourceDeclaration | undefined, resolved: Properties): string {
  const [expressions, values] = [declared?.Properties?.Specification ?? {}, resolved.Specification ?? {}] as [Properties, Properties];
  if (values.ModelName !== undefined) { return modelText(source, expressions.ModelName, values.ModelName) as string; }
  if (values.BaseInferenceComponentName !== undefined) { return `an adapter of ${source.shown(String(values.BaseInferenceComponentName))}`; }
  return containerText(source, (expressions.Container ?? {}) as Properties, (values.Container ?? {}) as Properties);
}

/** What a model will be made of: the result of a job that is trained for it, or of the one that there is. */
function artifactAfter(job: JobPlan | undefined, before: () => string): string | undefined {
  switch (job?.verdict) {
    case undefined: return undefined;
    case 'launches': case 'retrains': case 'unknown': case 'fails': return `the artifact of ${job.path} (${job.verdict === 'unknown' ? 'unknown until deployed' : job.verdict})`;
    case 'adopts': return `the artifact of ${job.newJob ?? job.path}`;
    default: return before();
  }
}
