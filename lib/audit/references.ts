import { textOf } from '../template/statement-text';
import { split } from './split';
import { constructOf, type Resource, type SynthesizedStack } from './synthesized';

/** Where a logical id may be from that its stack has not, or has as well. */
export interface Elsewhere {
  readonly stacks: readonly SynthesizedStack[];
  /** The paths of what is known to be from another stack, by logical id. */
  readonly owners: { readonly [logicalId: string]: string };
}

const NOWHERE: Elsewhere = { stacks: [], owners: {} };

/**
 * What is referred to, whichever stack says it in whichever way: a parameter of a nested stack is what it is given, an import what is exported, and a
 * resource its construct. Two texts are alike where the same is meant.
 */
export class References {
  public constructor(private readonly stacks: readonly SynthesizedStack[]) {}

  /** A value as text, as `Fn::Sub` writes it, with paths of constructs in place of logical ids: `${Digits/Data.Arn}/train/*`. */
  public text(value: unknown, from: SynthesizedStack, also: Elsewhere = NOWHERE): string {
    return textOf(this.followed(value, from, also));
  }

  /** The texts of a list, or of one value. */
  public texts(value: unknown, from: SynthesizedStack): string[] {
    return [this.followed(value, from, NOWHERE)].flat().map(textOf);
  }

  /**
   * @param from the stack whose template has the value
   * @param also where else a logical id may be from: what is written down of a construct of a nested stack is told as its parent would
   */
  private followed(value: unknown, from: SynthesizedStack, also: Elsewhere): unknown {
    if (Array.isArray(value)) { return value.map((each) => this.followed(each, from, also)); }
    if (typeof value !== 'object' || value === null) { return value; }
    const [[name, of] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (name === 'Ref') { return this.reference(String(of), from, also); }
      if (name === 'Fn::GetAtt') { return this.attribute(...partsOf(of), from, also); }
      if (name === 'Fn::ImportValue') { return this.imported(this.text(of, from, also)); }
      if (name === 'Fn::Sub') { return this.substituted(of, from, also); }
      if (name === 'Fn::Select') { return this.selected(of as [unknown, unknown], from, also); }
      if (name === 'Fn::Split') { return this.split(of as [string, unknown], from, also); }
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.followed(each, from, also)]));
  }

  private reference(id: string, from: SynthesizedStack, also: Elsewhere): unknown {
    const given = from.parent && id in (from.template.Parameters ?? {}) ? this.givenTo(from, id) : undefined;
    if (given !== undefined) { return given; }
    return { Ref: this.pathOf(id, from, also) ?? id };
  }

  private attribute(id: string, attribute: string, from: SynthesizedStack, also: Elsewhere): unknown {
    const nested = attribute.startsWith('Outputs.') ? this.stacks.find(({ parent }) => parent?.logicalId === id && [from, ...also.stacks].includes(parent.stack)) : undefined;
    const output = nested?.template.Outputs?.[attribute.slice('Outputs.'.length)];
    if (nested && output) { return this.followed(output.Value, nested, NOWHERE); }
    return { 'Fn::GetAtt': [this.pathOf(id, from, also) ?? id, attribute] };
  }

  private givenTo({ parent }: SynthesizedStack, parameter: string): unknown {
    const { stack, logicalId } = parent!;
    const given = stack.template.Resources?.[logicalId]?.Properties?.Parameters as { readonly [name: string]: unknown } | undefined;
    return given && parameter in given ? this.followed(given[parameter], stack, NOWHERE) : undefined;
  }

  private imported(name: string): unknown {
    for (const stack of this.stacks) {
      const output = Object.values(stack.template.Outputs ?? {}).find(({ Export }) => Export && this.text(Export.Name, stack) === name);
      if (output) { return this.followed(output.Value, stack, NOWHERE); }
    }
    return { 'Fn::ImportValue': name };
  }

  /** `a-${Name.Attribute}`, or that and what names stand for. */
  private substituted(of: unknown, from: SynthesizedStack, also: Elsewhere): unknown {
    const [text, variables] = (Array.isArray(of) ? of : [of, {}]) as [string, { readonly [name: string]: unknown }];
    const parts = text.split(/(\$\{[^}]*\})/).map((part) => {
      const name = /^\$\{([^!}]*)\}$/.exec(part)?.[1];
      if (name === undefined) { return part.replace(/^\$\{!/, '${'); }
      if (name in variables) { return this.followed(variables[name], from, also); }
      return name.includes('.') ? this.attribute(...partsOf(name), from, also) : this.reference(name, from, also);
    });
    return { 'Fn::Join': ['', parts] };
  }

  private selected([index, list]: [unknown, unknown], from: SynthesizedStack, also: Elsewhere): unknown {
    const all = this.followed(list, from, also);
    return Array.isArray(all) && Number(index) in all ? all[Number(index)] : { 'Fn::Select': [index, all] };
  }

  private split([separator, value]: [string, unknown], from: SynthesizedStack, also: Elsewhere): unknown {
    // of the ARN of a role all is known but its name, which is what it is split for
    const text = this.text(value, from, also).replace(/\$\{([^}]+)\.Arn\}/g, (arn, path: string) => this.roleArn(path) ?? arn);
    return split(text, separator, (path) => this.roleArn(path) !== undefined) ?? { 'Fn::Split': [separator, this.followed(value, from, also)] };
  }

  private roleArn(path: string): string | undefined {
    const isRole = (resource: Resource | undefined) => resource?.Type === 'AWS::IAM::Role';
    const found = this.stacks.flatMap((stack) => [...stack.paths].filter(([id, at]) => at === path && isRole(stack.template.Resources?.[id])).map(([id]) => ({ stack, id })))[0];
    if (!found) { return undefined; }
    const { stack, id } = found;
    return `arn:\${AWS::Partition}:iam::${stack.account}:role${this.text(stack.template.Resources?.[id].Properties?.Path ?? '/', stack)}\${${path}}`;
  }

  private pathOf(id: string, from: SynthesizedStack, also: Elsewhere): string | undefined {
    if (id in also.owners) { return constructOf(also.owners[id]); }
    const owner = [from, ...also.stacks].find(({ template }) => template.Resources?.[id]);
    return owner && (owner.paths.get(id) ?? `${owner.path}/${id}`);
  }
}

/** `['Data', 'Arn']`, or `Data.Arn`. */
function partsOf(of: unknown): [id: string, attribute: string] {
  const [id, ...attribute] = Array.isArray(of) ? of.map((part) => (typeof part === 'string' ? part : textOf(part))) : String(of).split('.');
  return [id, attribute.join('.')];
}
