import { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import { NEED, type Need } from '../../lib/template/need';

/** A small judge of IAM policies, and templates with values in place of what a deployment would tell. */

export interface Statement {
  readonly effect: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions: { readonly [operator: string]: { readonly [key: string]: string[] } };
}

export interface Asked {
  readonly action: string;
  readonly resource: string;
  /** What conditions look at, for instance `s3:prefix`. */
  readonly context?: { readonly [key: string]: string };
}

/** Whether some statement allows it and none denies it. */
export function allows(statements: readonly Statement[], asked: Asked): boolean {
  const matching = statements.filter((statement) => matches(statement, asked));
  return matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny');
}

function matches({ actions, resources, conditions }: Statement, { action, resource, context = {} }: Asked): boolean {
  return actions.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()))
    && resources.some((pattern) => like(pattern, resource))
    && Object.entries(conditions).every(([operator, keys]) => Object.entries(keys).every(([key, values]) => holds(operator, values, context[key])));
}

function holds(operator: string, values: readonly string[], found: string | undefined): boolean {
  if (operator.endsWith('IfExists')) { return found === undefined || holds(operator.slice(0, -'IfExists'.length), values, found); }
  if (found === undefined) { return false; }
  switch (operator) {
    case 'StringEquals': case 'Bool': return values.includes(found);
    case 'StringLike': case 'ArnLike': case 'ArnEquals': return values.some((value) => like(value, found));
    default: throw new Error(`no judgement of ${operator}`);
  }
}

/** `*` is any text and `?` any character; everything else is itself. */
export function like(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

type Resources = { readonly [logicalId: string]: { readonly Type: string; readonly Properties?: any } };

/** A template as if it were deployed: every reference is a name or an ARN. */
export class Deployed {
  public readonly resources: Resources;

  public constructor(public readonly stack: Stack, private readonly template = Template.fromStack(stack).toJSON()) {
    this.resources = template.Resources ?? {};
  }

  /** The properties of every resource of a type, by logical id. */
  public ofType(type: string): [logicalId: string, properties: any][] {
    return Object.entries(this.resources).filter(([, resource]) => resource.Type === type).map(([id, { Properties }]) => [id, this.value(Properties ?? {})]);
  }

  /** What a role may do: its own policies and those that are attached to it. */
  public statementsOf(roleId: string): Statement[] {
    const name = this.value({ Ref: roleId });
    const inline = (this.resources[roleId].Properties?.Policies ?? []) as { PolicyDocument: unknown }[];
    const attached = [...this.ofType('AWS::IAM::Policy'), ...this.ofType('AWS::IAM::ManagedPolicy')].filter(([, { Roles = [] }]) => Roles.includes(name));
    return [...inline.map(({ PolicyDocument }) => this.value(PolicyDocument)), ...attached.map(([, { PolicyDocument }]) => PolicyDocument)].flatMap(({ Statement }) => [Statement].flat().map(statement));
  }

  /** What constructs wrote down of a role, by its path. */
  public needsOf(rolePath: string): (Need & { readonly scope: string; readonly needed: Statement })[] {
    return needsIn(this.stack.node.root).filter(({ role }) => role === rolePath).map((need) => ({ ...need, needed: statement(this.value(need.statement)) }));
  }

  public value(of: any): any {
    if (Array.isArray(of)) { return of.map((each) => this.value(each)).filter((each) => each !== undefined); }
    if (typeof of !== 'object' || of === null) { return of; }
    const [[name, argument] = ['', undefined], ...others] = Object.entries<any>(of);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) { return this.intrinsic(name, argument); }
    return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, this.value(value)]));
  }

  private intrinsic(name: string, argument: any): any {
    switch (name) {
      case 'Ref': return this.reference(argument);
      case 'Fn::GetAtt': return this.attribute(argument[0], argument[1]);
      case 'Fn::Join': return this.value(argument[1]).join(argument[0]);
      case 'Fn::Select': return this.value(argument[1])[Number(argument[0])];
      case 'Fn::Split': return String(this.value(argument[1])).split(argument[0]);
      case 'Fn::Sub': return String(Array.isArray(argument) ? argument[0] : argument).replace(/\$\{([^}!]+)\}/g, (_, key: string) => this.value(key.includes('.') ? { 'Fn::GetAtt': key.split('.') } : { Ref: key }));
      case 'Fn::ImportValue': return `imported-${JSON.stringify(this.value(argument)).replace(/\W+/g, '-')}`;
      case 'Fn::FindInMap': return this.template.Mappings[argument[0]][this.value(argument[1])][this.value(argument[2])];
      default: throw new Error(`no value of ${name}`);
    }
  }

  private reference(id: string): any {
    const pseudo: { [name: string]: string | undefined } = {
      'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::URLSuffix': 'amazonaws.com', 'AWS::StackName': this.stack.stackName,
      'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${this.stack.stackName}/1`,
    };
    if (id === 'AWS::NoValue') { return undefined; }
    if (pseudo[id] !== undefined) { return pseudo[id]; }
    const parameter = this.template.Parameters?.[id];
    if (parameter) { return parameter.Default ?? `parameter-${id.toLowerCase()}`; }
    return this.resources[id]?.Type === 'AWS::S3::Bucket' ? id.toLowerCase() : this.resources[id]?.Type.startsWith('AWS::SageMaker::') ? this.arn(id) : id;
  }

  private attribute(id: string, attribute: string): any {
    return attribute.endsWith('Arn') ? this.arn(id) : `${id}-${attribute}`;
  }

  private arn(id: string): string {
    const { Type, Properties } = this.resources[id];
    const [, service, kind] = Type.toLowerCase().split('::');
    switch (Type) {
      case 'AWS::S3::Bucket': return `arn:aws:s3:::${id.toLowerCase()}`;
      case 'AWS::IAM::Role': return `arn:aws:iam::${ACCOUNT}:role${this.value(Properties?.Path) ?? '/'}${id}`;
      case 'AWS::KMS::Key': return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
      case 'AWS::ECR::Repository': return `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${id.toLowerCase()}`;
      default: return `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}/${id}`;
    }
  }
}

/** What the constructs below one wrote down. */
export function needsIn(root: IConstruct): (Need & { readonly scope: string })[] {
  return root.node.findAll().flatMap((construct) => construct.node.metadata.filter(({ type }) => type === NEED).flatMap(({ data }) => {
    const needs = [Stack.of(construct).resolve(data)].flat() as Need[];
    return needs.map((need) => ({ ...need, scope: construct.node.path }));
  }));
}

const texts = (value: unknown): string[] => [value].flat().map(String);

function statement({ Effect = 'Allow', Action, Resource, Condition = {} }: any): Statement {
  const conditions = Object.entries<any>(Condition).map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, texts(values)]))]);
  return { effect: Effect, actions: texts(Action), resources: texts(Resource), conditions: Object.fromEntries(conditions) };
}
