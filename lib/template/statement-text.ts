type OneOrMore = unknown;

/** A statement as it is in a template. */
export interface StatementJson {
  readonly Action?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: OneOrMore } };
}

/** Statements with what they are for, as lines of text: what is allowed on the same resources is said once. */
export function lines(needs: readonly { readonly prop: string; readonly statement: StatementJson }[]): string[] {
  const places = new Map<string, { props: Set<string>; actions: Set<string> }>();
  for (const { prop, statement: { Action, Resource, Condition } } of needs) {
    const place = `on ${list(Resource, ' and ')}${Condition ? ` if ${conditions(Condition)}` : ''}`;
    const { props, actions } = places.get(place) ?? { props: new Set(), actions: new Set() };
    places.set(place, { props: props.add(prop), actions: new Set([...actions, ...texts(Action)]) });
  }
  return [...places].map(([place, { props, actions }]) => `${[...props].join(', ')}: ${[...actions].join(', ')} ${place}`);
}

const WORDS: { readonly [operator: string]: string } = { StringEquals: 'is', Bool: 'is', StringLike: 'is like', ArnLike: 'is like', ArnEquals: 'is' };

export function conditions(condition: NonNullable<StatementJson['Condition']>): string {
  return Object.entries(condition).flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => `${key} ${WORDS[operator] ?? operator} ${list(value, ' or ')}`)).join(' and ');
}

const texts = (value: OneOrMore): string[] => (Array.isArray(value) ? value : [value]).map(textOf);
const list = (value: OneOrMore, word: string) => texts(value).join(word);

/** What is known at deployment only, as a template's Fn::Sub writes it: `${Bucket.Arn}/train/*`. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) { return String(value); }
  const [[name, of]] = Object.entries(value);
  switch (name) {
    case 'Ref': return `\${${of}}`;
    case 'Fn::GetAtt': return `\${${(of as string[]).join('.')}}`;
    case 'Fn::Join': return (of as [string, unknown[]])[1].map(textOf).join((of as [string])[0]);
    case 'Fn::ImportValue': return `\${${textOf(of)}}`;
    default: return JSON.stringify(value);
  }
}
