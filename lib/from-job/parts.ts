import type { Code } from './code';
import { isEmpty, isTree, type Tree } from './tree';

/** The props of a construct as they are found, and what the library makes of them. */
export class Parts {
  public readonly props: { [prop: string]: Code | undefined } = {};
  public readonly made: { [member: string]: any } = {};

  /** @param members what of the request the prop makes */
  public say(prop: string, code: Code | undefined, members: Tree = {}): void {
    if (code === undefined) { return; }
    this.props[prop] = code;
    this.makes(members);
  }

  /** What the library makes without being told, or of what was said before. */
  public makes(members: Tree): void { merge(this.made, members); }
}

function merge(base: { [member: string]: any }, more: Tree): void {
  for (const [member, value] of Object.entries(more)) {
    if (isEmpty(value) && value !== false) { continue; }
    if (isTree(value)) {
      base[member] = isTree(base[member]) ? { ...base[member] } : {};
      merge(base[member], value);
    } else {
      base[member] = value;
    }
  }
}
