import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { CProfileTimer, PythonProfiler, type FrameworkProfileOptions, type ProfilingRange } from '../framework-profile';
import { inRange, isToken, refuse } from './checks';
import { isPythonExpression } from './python-expression';

/** Names and values in order; a text is quoted, a number is not. */
type Members = [string, string | number][];

/** The kinds of profile: parameter -> the first step and the steps it has by itself. */
const STEPS = {
  DetailedProfilingConfig: [5, 1],
  DataloaderProfilingConfig: [7, 1],
  PythonProfilingConfig: [9, 3],
  HorovodProfilingConfig: [13, 1],
  SMDataParallelProfilingConfig: [15, 1],
} as const;
type Kind = keyof typeof STEPS;

const KINDS = { detailed: 'DetailedProfilingConfig', dataloader: 'DataloaderProfilingConfig', python: 'PythonProfilingConfig', horovod: 'HorovodProfilingConfig', smDataParallel: 'SMDataParallelProfilingConfig' } as const;

/** The parameters of the profiler that the Python SDK makes of the same, to the letter: the hook in the container reads them. */
export function frameworkParameters(scope: IConstruct, options: FrameworkProfileOptions): { [name: string]: string } {
  const prop = 'profiler.framework';
  inRange(scope, `${prop}.fileOpenFailThreshold`, options.fileOpenFailThreshold, 1, 2_147_483_647);
  const size = options.fileMaxSize?.toBytes() ?? 10_485_760;
  inRange(scope, `${prop}.fileMaxSize`, size, 1, Number.MAX_SAFE_INTEGER, 'bytes');
  return {
    LocalPath: options.localPath ?? '/opt/ml/output/profiler',
    RotateMaxFileSizeInBytes: String(size),
    RotateFileCloseIntervalInSeconds: options.fileCloseInterval ? String(positive(scope, `${prop}.fileCloseInterval`, options.fileCloseInterval)) : '60',
    FileOpenFailThreshold: String(options.fileOpenFailThreshold ?? 50),
    ...profiles(scope, prop, options),
  };
}

function profiles(scope: IConstruct, prop: string, options: FrameworkProfileOptions): { [kind: string]: string } {
  const given = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter((name) => options[name] !== undefined);
  if (given.length > 0 && options.when) { refuse(scope, `${prop}.when`, `be left out where ${given.join(', ')} say it for themselves`, 'a range'); }
  // without anything each kind has its own steps, and Python its own timer: as if it were asked for by default
  const chosen = given.length > 0 ? options : everything(options.when);
  return Object.fromEntries((given.length > 0 ? given : Object.keys(KINDS) as (keyof typeof KINDS)[]).map((name) => {
    const members = name === 'dataloader' || name === 'python' ? ranged(scope, `${prop}.${name}.when`, KINDS[name], chosen[name]?.when) : ranged(scope, `${prop}.${name}`, KINDS[name], chosen[name]);
    return [KINDS[name], written([...members, ...(name === 'dataloader' ? loading(scope, `${prop}.dataloader.metricsRegex`, chosen) : name === 'python' ? python(chosen) : [])])];
  }));
}

function everything(range: ProfilingRange | undefined): FrameworkProfileOptions {
  const timer = range === undefined || isDefault(range) ? CProfileTimer.DEFAULT : undefined;
  return { detailed: range, dataloader: { when: range }, python: { when: range, timer }, horovod: range, smDataParallel: range };
}

function loading(scope: IConstruct, prop: string, { dataloader: { metricsRegex = '.*' } = {} }: FrameworkProfileOptions): Members {
  if (!isToken(metricsRegex) && !isPythonExpression(metricsRegex)) { refuse(scope, prop, 'be a regular expression of Python', metricsRegex); }
  return [['MetricsRegex', metricsRegex]];
}

function python({ python: profile }: FrameworkProfileOptions): Members {
  const profiler = profile?.profiler ?? PythonProfiler.CPROFILE;
  const timer = profile?.when && isDefault(profile.when) ? CProfileTimer.DEFAULT : profile?.timer ?? CProfileTimer.TOTAL_TIME;
  return [['ProfilerName', profiler], ...(profiler === PythonProfiler.CPROFILE ? [['cProfileTimer', timer] as [string, string]] : [])];
}

const isDefault = (range: ProfilingRange) => range.profiledSteps === undefined && range.profiledTime === undefined;

function ranged(scope: IConstruct, prop: string, kind: Kind, range: ProfilingRange | undefined): Members {
  const [first, many] = STEPS[kind];
  if (range?.profiledTime) {
    const { start, duration } = range.profiledTime;
    if (!start && !duration) { refuse(scope, prop, 'have a start or a duration', 'neither'); }
    if (start && !Number.isInteger(start.getTime() / 1000)) { refuse(scope, `${prop}.start`, 'be a whole number of seconds', String(start.getTime())); }
    return [...(start ? [['StartTimeInSecSinceEpoch', start.getTime() / 1000] as [string, number]] : []), ...(duration ? [['Duration', positive(scope, `${prop}.duration`, duration)] as [string, number]] : [])];
  }
  const { start, count } = range?.profiledSteps ?? {};
  inRange(scope, `${prop}.start`, start, 0, Number.MAX_SAFE_INTEGER);
  inRange(scope, `${prop}.count`, count, 1, Number.MAX_SAFE_INTEGER);
  const isGiven = start !== undefined || count !== undefined;
  return isGiven ? [['StartStep', start ?? 0], ['NumSteps', count ?? 1]] : [['StartStep', first], ['NumSteps', many]];
}

function positive(scope: IConstruct, prop: string, duration: Duration): number {
  const seconds = duration.toSeconds({ integral: false });
  return seconds > 0 ? seconds : refuse(scope, prop, 'be longer than 0 seconds', duration.toHumanString());
}

/** Python's dict as the SDK writes it, with a comma behind the last member. */
function written(members: Members): string {
  return `{${members.map(([name, value]) => `"${name}": ${typeof value === 'string' ? `"${value}"` : value}, `).join('')}}`;
}
