import { LOCAL_MODES, type LocalMode } from '../containers/containers';
import { UsageError } from '../cli/output';

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
  if (!LOCAL_MODES.includes(mode as LocalMode)) { throw new UsageError(`--mode must be one of ${LOCAL_MODES.join(', ')}, got ${mode}`); }
  return mode as LocalMode;
}
