import { localMode, type LocalMode } from '../containers/containers';
import { UsageError } from '../cli/output';
import limits from '../service-limits.json';

/** What all commands for one construct take. */
export interface RunOptions {
  readonly state: string;
  readonly app?: string;
  readonly parameters: readonly string[];
  readonly mode?: string;
  readonly source?: string;
  readonly environment: readonly string[];
}

/** What is changed of a job, as the command line has it. */
export interface JobOptions extends RunOptions {
  readonly channel: readonly string[];
  readonly hyperparameter: readonly string[];
  readonly instanceType?: string;
  readonly instanceCount?: string;
  readonly maxRuntime?: string;
  readonly name?: string;
  readonly output?: string;
}

/** `name=value`, several times: the last of a name counts. @throws UsageError */
export function pairsOf(option: string, texts: readonly string[], names = /^[^=]+$/): Map<string, string> {
  return new Map(texts.map((text) => {
    const [, name, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined || !names.test(name)) { throw new UsageError(`--${option} must be name=value, got ${text}`); }
    return [name, value];
  }));
}

/** @throws UsageError */
export function countOf(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,4}$/.test(text)) { throw new UsageError(`--${option} must be a number from 1, got ${text}`); }
  return text === undefined ? undefined : Number(text);
}

const SECONDS: { readonly [unit: string]: number } = { '': 1, 's': 1, 'm': 60, 'h': 3600, 'd': 86_400 };

/** `90`, `90s`, `10m`, `2h` or `1d` in seconds. @throws UsageError */
export function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) { return undefined; }
  const [, count, unit = ''] = /^([1-9]\d{0,8})([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) { throw new UsageError(`--${option} must be a time (90s, 10m, 2h, 1d), got ${text}`); }
  return Number(count) * (SECONDS[unit] as number);
}

/** @throws UsageError */
export function modeOf({ mode = process.env.CDK_SAGEMAKER_LOCAL_MODE ?? 'auto' }: Pick<RunOptions, 'mode'>): LocalMode {
  return localMode(mode, (rule) => new UsageError(`--mode ${rule} ${mode}`));
}

/** None of the options may be an empty text: that would be the current folder, or nothing. @throws UsageError */
export function checkNoneEmpty(options: object): void {
  const [empty] = Object.entries(options).find(([, value]) => [value].flat().includes('')) ?? [];
  if (empty !== undefined) { throw new UsageError(`--${empty.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} must not be empty`); }
}

/** Of a job. @throws UsageError */
export function checkName(name: string | undefined, longest: number): void {
  if (name === undefined || name.length <= longest && /^[A-Za-z0-9](-*[A-Za-z0-9])*$/.test(name)) { return; }
  throw new UsageError(`--name must be at most ${longest} letters, digits and dashes between them, got ${name}`);
}

/** @throws UsageError */
export function checkChoice(option: string, text: string | undefined, known: readonly string[]): void {
  if (text !== undefined && !known.includes(text)) { throw new UsageError(`--${option} must be ${known.join(' or ')}, got ${text}`); }
}

/** @throws UsageError that names the nearest one there is */
export function checkInstanceType(type: string | undefined): void {
  const known = limits.shapes.TrainingInstanceType.enum;
  if (type === undefined || known.includes(type)) { return; }
  const distances = known.map((each) => distance(type.startsWith('ml.') ? type : `ml.${type}`, each));
  throw new UsageError(`--instance-type must be an instance type of training jobs, got ${type}; did you mean ${known[distances.indexOf(Math.min(...distances))]}?`);
}

/** How many letters have to be added, taken away or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, wanted] of [...other].entries()) { next.push(Math.min((next[at] as number) + 1, (row[at + 1] as number) + 1, (row[at] as number) + (letter === wanted ? 0 : 1))); }
    row = next;
  }
  return row[other.length] as number;
}
