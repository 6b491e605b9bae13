import { partitionOf, urlSuffixOf } from '../../limits/partitions';
import { dependenciesOf } from './dependencies';
import type { Dependencies } from './dependencies';
import { resolve } from './intrinsics';
import type { Scope } from './intrinsics';
import type { ParameterValues, Properties } from './stack-record';
import { invalidTemplate } from './template';
import type { OutputDeclaration, ResourceDeclaration, Template } from './template';

/** Where a stack is, and what it can see of others. */
export interface Surroundings {
  readonly stackName: string;
  readonly stackId: string;
  readonly region: string;
  readonly account: string;
  ssmParameter(name: string): string | undefined;
  /** @throws ServiceError when nothing of that name is exported */
  exportValue(name: string): string;
}

/** A template with its parameters: conditions decided, dependencies known. */
export class LoadedTemplate {
  /** Without those whose condition is false. */
  public readonly resources: { readonly [id: string]: ResourceDeclaration };
  public readonly outputs: { readonly [name: string]: OutputDeclaration };
  public readonly dependencies: Dependencies;
  private readonly conditions = new Map<string, boolean>();

  constructor(public readonly template: Template, private readonly parameters: ParameterValues, private readonly surroundings: Surroundings) {
    const holds = (declared: { readonly Condition?: string }) => declared.Condition === undefined || this.condition(declared.Condition);
    this.resources = Object.fromEntries(Object.entries(template.Resources).filter(([, resource]) => holds(resource)));
    this.outputs = Object.fromEntries(Object.entries(template.Outputs ?? {}).filter(([, output]) => holds(output)));
    this.dependencies = dependenciesOf(this.resources, new Set(Object.keys(template.Parameters ?? {})), (name) => this.condition(name));
  }

  /** The properties of a resource, once what it needs has been made. */
  properties(logicalId: string, resource: Scope['resource']): Properties {
    return resolve(this.resources[logicalId]?.Properties ?? {}, this.scope(resource), logicalId) as Properties;
  }

  /** Any other expression of the template. */
  value(expression: unknown, path: string, resource: Scope['resource']): unknown {
    return resolve(expression, this.scope(resource), path);
  }

  private scope(resource: Scope['resource']): Scope {
    return {
      resource,
      parameter: (name) => (Object.hasOwn(this.parameters, name) ? this.parameters[name]?.value : this.pseudoParameter(name)),
      condition: (name) => this.condition(name),
      mapping: (map, first, second) => this.template.Mappings?.[map]?.[first]?.[second],
      exportValue: (name) => this.surroundings.exportValue(name),
      ssmParameter: (name) => this.surroundings.ssmParameter(name),
    };
  }

  private pseudoParameter(name: string): unknown {
    const { stackName, stackId, region, account } = this.surroundings;
    switch (name) {
      case 'AWS::AccountId': return account;
      case 'AWS::Region': return region;
      case 'AWS::Partition': return partitionOf(region);
      case 'AWS::URLSuffix': return urlSuffixOf(region);
      case 'AWS::StackName': return stackName;
      case 'AWS::StackId': return stackId;
      case 'AWS::NotificationARNs': return [];
      default: return undefined;
    }
  }

  private condition(name: string): boolean {
    const known = this.conditions.get(name);
    if (known !== undefined) { return known; }
    const expression = this.template.Conditions?.[name];
    if (expression === undefined) { throw invalidTemplate(`Template format error: Unresolved condition dependency ${name}`); }
    const value = this.value(expression, `Conditions.${name}`, () => undefined);
    this.conditions.set(name, value === true || value === 'true');
    return this.conditions.get(name) as boolean;
  }
}
