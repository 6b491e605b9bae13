/** States by name, as the Amazon States Language has them (JSONPath). */
export interface States { readonly [name: string]: object }

/** Some states in a row: what comes after the last of them is said later. */
export interface Step {
  readonly entry: string;
  readonly states: (next: string) => States;
}

/** Each step leads to the one after it, and the last to where they all end. */
export function inARow(steps: readonly Step[], end: string): { readonly entry: string; readonly states: States } {
  const all = steps.map((step, index) => step.states(steps[index + 1]?.entry ?? end));
  return { entry: steps[0]?.entry ?? end, states: Object.assign({}, ...all) as States };
}

/** What is asked again when a service is busy; the delays are spread. Only for calls that may come twice. */
export const again = (MaxAttempts: number, ErrorEquals: readonly string[] = ['States.ALL'], IntervalSeconds = 2) =>
  [{ ErrorEquals, IntervalSeconds, BackoffRate: 2, MaxDelaySeconds: 300, MaxAttempts, JitterStrategy: 'FULL' }];

/** Where what went wrong is kept, and what comes then. */
export const caught = (ResultPath: string, Next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath, Next }];

/** Compared with `*` in the pattern for any characters. */
export const like = (Variable: string, StringMatches: string) => ({ And: [{ Variable, IsPresent: true }, { Variable, StringMatches }] });

/** Members of a payload template: a text in which `{word}` stands for the value at a path. */
export function text(member: string, words: string, paths: { readonly [word: string]: string }): { readonly [member: string]: string } {
  const expression = formatted(words, paths);
  return expression === undefined ? { [member]: words } : { [`${member}.$`]: expression };
}

/** `States.Format` of a text with places in it; undefined where it has none. Everything else in the text stands for itself. */
export function formatted(words: string, paths: { readonly [word: string]: string }): string | undefined {
  const places = Object.keys(paths).map((word) => `{${word}}`);
  const found: string[] = [];
  const parts = split(words, places).map((part) => {
    if (!places.includes(part)) { return escaped(part); }
    found.push(paths[part.slice(1, -1)]);
    return '{}';
  });
  return found.length === 0 ? undefined : `States.Format('${parts.join('')}', ${found.join(', ')})`;
}

function split(words: string, places: readonly string[]): string[] {
  const [at, place] = places.map((each) => [words.indexOf(each), each] as const).filter(([index]) => index >= 0).sort(([one], [other]) => one - other)[0] ?? [-1, ''];
  return at < 0 ? [words] : [words.slice(0, at), place, ...split(words.slice(at + place.length), places)];
}

/** Quotes, braces and backslashes of a literal; what is known at deployment stays as it is. */
function escaped(words: string): string {
  return words.replace(/\$\{Token\[[^\]]*\]\}|[\\'{}]/g, (match) => (match.length > 1 ? match : `\\${match}`));
}

type Tree = { readonly [member: string]: unknown };

/** A request as parameters of a task, in which texts are completed when it runs: those at these paths, or all that have a place in them. */
export function parameters(request: unknown, paths: { readonly [word: string]: string }, where?: readonly string[], at = ''): unknown {
  if (Array.isArray(request)) { return request.map((entry, index) => parameters(entry, paths, where, `${at}${index}.`)); }
  if (!isPlain(request)) { return request; }
  return Object.assign({}, ...Object.entries(request).filter(([, value]) => value !== undefined).map(([member, value]) => (
    typeof value === 'string' && (where === undefined || where.includes(`${at}${member}`)) ? text(member, value, paths) : { [member]: parameters(value, paths, where, `${at}${member}.`) }
  ))) as Tree;
}

/** A value that is known later is none of its members. */
const isPlain = (value: unknown): value is Tree => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A call of any API of AWS. */
export const sdk = (partition: string, service: string, call: string) => `arn:${partition}:states:::aws-sdk:${service}:${call}`;

/** Where a run goes to, by how it went; `$.error` says why it is no good. */
export interface Ends {
  readonly succeeded: string;
  readonly missed: string;
  readonly failed: string;
}
