/** TypeScript as a tree: laid out when it is printed, and asked what it imports. */
export type Code =
  | { readonly text: string }
  | { readonly callee: string; readonly args: readonly Code[] }
  | { readonly members: readonly (readonly [name: string, value: Code])[] }
  | { readonly entries: readonly Code[] };

/** A name, as it is: `InputMode.FILE`, or a constant. */
export const name = (text: string): Code => ({ text });

/** A call, or `new Something`. Arguments that are left out at the end are not written. */
export function call(callee: string, ...args: (Code | undefined)[]): Code {
  const given = args.slice(0, args.length - [...args].reverse().findIndex((arg) => arg !== undefined));
  return { callee, args: (args.every((arg) => arg === undefined) ? [] : given).map((arg) => arg ?? name('undefined')) };
}

/** A structure; undefined where nothing is said in it. */
export function object(members: { readonly [name: string]: Code | undefined }): Code | undefined {
  const given = Object.entries(members).flatMap(([member, value]) => (value === undefined ? [] : [[member, value] as const]));
  return given.length > 0 ? { members: given } : undefined;
}

export const list = (entries: readonly Code[]): Code => ({ entries });

/** A value of JSON as a literal. */
export function literal(value: unknown): Code {
  if (typeof value === 'string') { return { text: quoted(value) }; }
  if (Array.isArray(value)) { return list(value.map(literal)); }
  if (typeof value === 'object' && value !== null) { return { members: Object.entries(value).filter(([, entry]) => entry !== undefined).map(([member, entry]) => [member, literal(entry)] as const) }; }
  return { text: Object.is(value, -0) ? '-0' : String(value) };
}

/** The same, where there is a value. */
export const optional = (value: unknown): Code | undefined => (value === undefined ? undefined : literal(value));

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;

/** The names that it takes from elsewhere: those that begin with a capital letter. */
export function importsOf(code: Code): string[] {
  if ('text' in code) { return rootOf(code.text); }
  if ('callee' in code) { return [...rootOf(code.callee), ...code.args.flatMap(importsOf)]; }
  return 'members' in code ? code.members.flatMap(([, value]) => importsOf(value)) : code.entries.flatMap(importsOf);
}

const rootOf = (text: string) => [/^(?:new )?([A-Z]\w*)/.exec(text)?.[1] ?? []].flat().filter((root) => root !== 'Infinity' && root !== 'NaN');

const WIDTH = 120;

/** @param before how much stands before it in its line */
export function printed(code: Code, indent = '', before = indent.length): string {
  const flat = inOneLine(code);
  if (before + flat.length <= WIDTH || 'text' in code) { return flat; }
  const within = `${indent}  `;
  if ('members' in code) {
    const line = ([member, value]: readonly [string, Code]) => (isConstant(member, value) ? member : `${keyOf(member)}: ${printed(value, within, within.length + keyOf(member).length + 2)}`);
    return `{\n${code.members.map((each) => `${within}${line(each)},\n`).join('')}${indent}}`;
  }
  if ('entries' in code) { return `[\n${code.entries.map((entry) => `${within}${printed(entry, within)},\n`).join('')}${indent}]`; }
  return printedCall(code, indent, before);
}

/** The last structure opens in the line of the call, where everything before it fits. */
function printedCall({ callee, args }: { readonly callee: string; readonly args: readonly Code[] }, indent: string, before: number): string {
  const [first, last] = [args.slice(0, -1), args[args.length - 1]];
  const head = `${callee}(${first.map((arg) => `${inOneLine(arg)}, `).join('')}`;
  if (last !== undefined && !('text' in last) && before + head.length < WIDTH - 10) { return `${head}${printed(last, indent, before + head.length + 1)})`; }
  const within = `${indent}  `;
  return `${callee}(\n${args.map((arg) => `${within}${printed(arg, within)},\n`).join('')}${indent})`;
}

function inOneLine(code: Code): string {
  if ('text' in code) { return code.text; }
  if ('callee' in code) { return `${code.callee}(${code.args.map(inOneLine).join(', ')})`; }
  if ('entries' in code) { return `[${code.entries.map(inOneLine).join(', ')}]`; }
  return code.members.length === 0 ? '{}' : `{ ${code.members.map(([member, value]) => (isConstant(member, value) ? member : `${keyOf(member)}: ${inOneLine(value)}`)).join(', ')} }`;
}

/** A constant that is called like the member; a number or `true` is none. */
const isConstant = (member: string, value: Code): boolean => 'text' in value && value.text === member && /^[A-Za-z_$][\w$]*$/.test(member) && !/^(true|false|null|undefined|NaN|Infinity)$/.test(member);

/** In brackets, `__proto__` is a member as any other. */
function keyOf(member: string): string {
  if (member === '__proto__') { return '[\'__proto__\']'; }
  return /^[A-Za-z_$][\w$]*$/.test(member) ? member : quoted(member);
}
