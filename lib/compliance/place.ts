/** What a template says at one place: nothing, a value, a value that is known at deployment, or one of these, which is known at deployment as well. */
export type State = { readonly kind: 'absent' } | { readonly kind: 'known'; readonly value: unknown } | { readonly kind: 'later'; readonly value?: unknown; readonly either?: readonly State[] } | { readonly kind: 'unsure' };

/** What is said, and where in the properties. */
export type Setting = State & { readonly path: string };

/** A part of the properties of a resource, as they are in the template: with its intrinsic functions. */
export class Place {
  public constructor(private readonly value: unknown, private readonly path = '') {}

  /** By dotted path; `''` is the place itself. */
  public at(path = ''): Setting {
    return { ...stateOf(this.value, path === '' ? [] : path.split('.')), path: this.pathOf(path) };
  }

  public within(path: string): Place {
    return new Place(valueAt(this.value, path.split('.')), this.pathOf(path));
  }

  /** The entries of a list. A list that is known at deployment is one entry, of which all is. */
  public each(path: string): Place[] {
    const list = this.at(path);
    if (list.kind === 'absent') { return []; }
    if (list.kind !== 'known' || !Array.isArray(list.value)) { return [new Place(LATER, list.path)]; }
    return list.value.map((entry, index) => new Place(entry, `${list.path}.${index}`)).filter((entry) => entry.at().kind !== 'absent');
  }

  /** What is asked of a part only where that part is there. */
  public whereThere(part: string, member: string): Setting[] {
    const ways = waysOf(valueAt(this.value, part.split('.')));
    const parts = ways.filter((way) => stateOf(way, []).kind !== 'absent');
    if (parts.length === 0) { return []; }
    const state = parts.map((way) => stateOf(way, member.split('.'))).reduce(either);
    return [{ ...(state.kind === 'absent' && parts.length < ways.length ? UNSURE : state), path: this.pathOf(`${part}.${member}`) }];
  }

  private pathOf(path: string): string { return [this.path, path].filter((part) => part !== '').join('.'); }
}

const LATER = { 'Fn::Transform': '' };
const ABSENT: State = { kind: 'absent' };
const UNSURE: State = { kind: 'unsure' };

function stateOf(value: unknown, members: readonly string[]): State {
  if (value === undefined || value === null || (value as { Ref?: unknown }).Ref === 'AWS::NoValue') { return ABSENT; }
  const branches = (value as { 'Fn::If'?: unknown })['Fn::If'];
  if (Array.isArray(branches)) { return either(stateOf(branches[1], members), stateOf(branches[2], members)); }
  if (members.length === 0) { return { kind: isLater(value) ? 'later' : 'known', value }; }
  if (isLater(value)) { return UNSURE; }
  return typeof value === 'object' ? stateOf((value as { [member: string]: unknown })[members[0]!], members.slice(1)) : ABSENT;
}

/** What holds whichever way a condition goes. */
function either(one: State, other: State): State {
  if (JSON.stringify(one) === JSON.stringify(other)) { return one; }
  return [one, other].every(({ kind }) => kind === 'known' || kind === 'later') ? { kind: 'later', either: [one, other] } : UNSURE;
}

/** What it may be, whichever way conditions go. */
function waysOf(value: unknown): unknown[] {
  const branches = (value as { 'Fn::If'?: unknown } | null | undefined)?.['Fn::If'];
  return Array.isArray(branches) ? [branches[1], branches[2]].flatMap(waysOf) : [value];
}

function valueAt(value: unknown, members: readonly string[]): unknown {
  if (members.length === 0 || value === undefined || value === null) { return value; }
  const branches = (value as { 'Fn::If'?: unknown })['Fn::If'];
  if (Array.isArray(branches)) { return { 'Fn::If': [branches[0], valueAt(branches[1], members), valueAt(branches[2], members)] }; }
  return isLater(value) ? LATER : valueAt((value as { [member: string]: unknown })[members[0]!], members.slice(1));
}

/** An intrinsic function, or a reference that CloudFormation resolves within a text. */
function isLater(value: unknown): boolean {
  if (typeof value === 'string') { return value.includes('{{resolve:'); }
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && /^(Ref|Fn::\w+)$/.test(keys[0]!);
}
