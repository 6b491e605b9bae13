import { partitionOf } from '../../limits/partitions';
import { SYSTEM_CLOCK } from '../clock';
import { LoadedTemplate } from '../cloudformation/loaded-template';
import { generatedName } from '../cloudformation/names';
import { parameterValues } from '../cloudformation/parameters';
import type { ResourceRequest, ResourceTypes } from '../cloudformation/resource-type';
import type { ParameterValues, Physical, Properties } from '../cloudformation/stack-record';
import { templateOf, type Template } from '../cloudformation/template';
import { bucketType } from '../resources/bucket';
import { RECORDED_TYPES } from '../resources/recorded';
import type { S3Folder } from '../s3-folder';
import { pathOf, type RunnableConstruct } from './construct';
import { Unknowns } from './unknown';

export interface TemplateValuesOptions {
  readonly construct: Pick<RunnableConstruct, 'stack' | 'template'>;
  /** Buckets are made in it. */
  readonly s3: S3Folder;
  readonly account: string;
  readonly region: string;
  /** Of the template's parameters. */
  readonly parameters: { readonly [name: string]: string };
  /** Of resources that are deployed here already: their names are known. */
  readonly deployed?: (logicalId: string) => Physical | undefined;
}

/** There are no rules for events of what runs alone. */
const UNHEARD = { watch: () => undefined };
const BOOTSTRAP = /^\/cdk-bootstrap\/[^/]+\/version$/;

/**
 * The properties of a template's resources without a stack. Roles, keys, buckets, subnets and the like get stand-ins; what only a
 * deployed stack has is a text that `unknowns` knows, so that it is no matter where something else takes its place.
 */
export class TemplateValues {
  readonly unknowns = new Unknowns();
  private readonly physicals = new Map<string, Promise<Physical | undefined>>();
  private readonly made = new Map<string, Physical>();
  private readonly loaded: LoadedTemplate;
  private readonly types: ResourceTypes;

  constructor(private readonly options: TemplateValuesOptions) {
    const { construct: { stack, template }, account, region, s3 } = options;
    this.types = new Map([...RECORDED_TYPES, ['AWS::S3::Bucket', bucketType({ s3, events: UNHEARD })]]);
    const ssmParameter = (name: string) => (BOOTSTRAP.test(name) ? '30' : this.unknowns.mark({ what: `the SSM parameter ${name}` }));
    this.loaded = new LoadedTemplate(templateOf(template), this.parameters(templateOf(template), ssmParameter), {
      stackName: stack.stackName, stackId: `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stack.stackName}/local-run`, region, account, ssmParameter,
      exportValue: (name) => this.unknowns.mark({ what: `the export ${name} of another stack` }),
    });
  }

  get resources(): Template['Resources'] { return this.loaded.resources; }

  /** What the app calls a resource. */
  pathOf(logicalId: string): string { return pathOf(this.options.construct.stack, logicalId); }

  async properties(logicalId: string): Promise<Properties> {
    for (const name of this.loaded.dependencies.get(logicalId) ?? []) { await this.make(name); }
    return this.loaded.properties(logicalId, (name) => this.resource(name));
  }

  /** A stand-in, and those that it needs. */
  private make(logicalId: string): Promise<Physical | undefined> {
    const known = this.physicals.get(logicalId) ?? this.create(logicalId);
    this.physicals.set(logicalId, known);
    return known;
  }

  private async create(logicalId: string): Promise<Physical | undefined> {
    const { construct: { stack }, account, region } = this.options;
    const type = this.types.get(this.resources[logicalId]?.Type ?? '');
    if (type === undefined) { return undefined; }
    const isBucket = this.resources[logicalId]?.Type === 'AWS::S3::Bucket';
    const properties = await this.properties(logicalId);
    const deployed = isBucket ? this.options.deployed?.(logicalId) : undefined;
    const name = deployed?.physicalId;
    const request: ResourceRequest = {
      logicalId, clock: SYSTEM_CLOCK, signal: new AbortController().signal, initiated: () => undefined, planned: () => undefined,
      properties: name === undefined ? properties : { ...properties, BucketName: name },
      stack: { name: stack.stackName, id: '', region, account, partition: partitionOf(region) },
      generatedName: (max: number) => generatedName(stack.stackName, logicalId, max),
    };
    const physical = await type.create(request);
    this.made.set(logicalId, physical);
    return physical;
  }

  private resource(logicalId: string): { readonly ref: string; attribute(name: string): unknown } | undefined {
    const declared = this.resources[logicalId];
    if (declared === undefined) { return undefined; }
    const physical = this.made.get(logicalId);
    const what = (attribute?: string) => this.unknowns.mark({ what: `${attribute === undefined ? 'the name' : attribute} of ${this.pathOf(logicalId)}`, logicalId, attribute });
    if (physical === undefined) { return { ref: what(), attribute: what }; }
    return { ref: physical.ref ?? physical.physicalId, attribute: (name) => physical.attributes[name] ?? what(name) };
  }

  private parameters(template: Template, ssmParameter: (name: string) => string): ParameterValues {
    const { parameters: given, construct: { stack } } = this.options;
    const all = { ...stack.parameters, ...given };
    const declared = Object.entries(template.Parameters ?? {});
    const isOpen = (name: string) => all[name] === undefined && template.Parameters?.[name]?.Default === undefined;
    const open = declared.filter(([name]) => isOpen(name)).map(([name]) => {
      const text = this.unknowns.mark({ what: `the parameter ${name}`, hint: `--parameters ${name}=<value>` });
      return [name, { given: text, value: text }] as const;
    });
    const rest = { ...template, Parameters: Object.fromEntries(declared.filter(([name]) => !isOpen(name))) };
    return { ...parameterValues(rest, all, {}, ssmParameter), ...Object.fromEntries(open) };
  }
}
