import { failure } from './job-states';
import { again, caught, sdk, type Ends, type States, type Step } from './states';

/** One bound of a quality gate. */
export interface Bound {
  readonly metricName: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly mayFallBy?: number;
  readonly mayRiseBy?: number;
}

/** The metrics of the job against each bound. One that it does not have, or that is no number, misses. */
export function gateSteps(partition: string, bounds: readonly Bound[], memory: string | undefined, ends: Ends): Step[] {
  if (bounds.length === 0) { return []; }
  return [metricsStep(bounds, ends), ...(memory === undefined ? [] : [recallStep(partition, memory, ends)]), ...bounds.map((bound, index) => boundStep(bound, index + 1, ends))];
}

/** A metric's name in a path: letters, digits and the hex of everything else. */
export function metricKey(metricName: string): string {
  return `m${[...Buffer.from(metricName, 'utf8')].map((byte) => (/[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`)).join('')}`;
}

const ALL = '$.trained.FinalMetricDataList';
const names = (bounds: readonly Bound[]) => [...new Set(bounds.map(({ metricName }) => metricName))];

/** What a filter that finds nothing comes to is not said for a payload template: it is asked for what is there. */
function metricsStep(bounds: readonly Bound[], ends: Ends): Step {
  const wanted = names(bounds);
  const missed = (words: string) => failure('QualityGateMissed', `{name} ended well and misses the quality gate: ${words}`, {}, ends.missed);
  const members = (value: (name: string) => string) => Object.fromEntries(wanted.map((name) => [`${metricKey(name)}.$`, value(name)]));
  const there = wanted.map((name, index): [string, object] => [`Metric ${index + 1}?`, {
    Type: 'Choice', Choices: [{ Variable: `$.reported.${metricKey(name)}`, BooleanEquals: true, Next: index + 1 < wanted.length ? `Metric ${index + 2}?` : 'Metrics' }], Default: `No metric ${index + 1}`,
  }]);
  return {
    entry: 'Any metrics?',
    states: (next): States => ({
      'Any metrics?': { Type: 'Choice', Choices: [{ Variable: `${ALL}[0]`, IsPresent: true, Next: 'Reported' }], Default: 'No metrics' },
      'No metrics': missed(`it has reported no metrics, and ${wanted.join(', ')} must be there`),
      'Reported': { Type: 'Pass', Parameters: members((name) => `States.ArrayContains(${ALL}[*].MetricName, '${name}')`), ResultPath: '$.reported', Next: 'Metric 1?' },
      ...Object.fromEntries(there),
      ...Object.fromEntries(wanted.map((name, index) => [`No metric ${index + 1}`, missed(`it has not reported ${name}`)])),
      'Metrics': { Type: 'Pass', Parameters: members((name) => `${ALL}[?(@.MetricName == '${name}')].Value`), ResultPath: '$.metrics', Next: next },
    }),
  };
}

/** What the last run that was accepted had; nothing before the first. */
function recallStep(partition: string, memory: string, ends: Ends): Step {
  return {
    entry: 'Recall',
    states: (next): States => ({
      Recall: {
        Type: 'Task', Resource: sdk(partition, 'ssm', 'getParameter'), Parameters: { Name: memory }, ResultSelector: { 'accepted.$': 'States.StringToJson($.Parameter.Value)' },
        ResultPath: '$.memory', Retry: again(5), Catch: caught('$.error', ends.failed), Next: next,
      },
    }),
  };
}

function boundStep(bound: Bound, number: number, ends: Ends): Step {
  const value = `$.metrics.${metricKey(bound.metricName)}`;
  const entry = `Bound ${number}`;
  const missed = `Bound ${number}: missed`;
  const isNumber = [{ Variable: `${value}[0]`, IsPresent: true }, { Variable: `${value}[0]`, IsNumeric: true }];
  return {
    entry,
    states: (next): States => ({
      [entry]: { Type: 'Choice', Comment: inWords(bound), Choices: passing(bound, `${value}[0]`).map((rule) => ({ And: [...isNumber, ...rule], Next: next })), Default: missed },
      [missed]: failure('QualityGateMissed', `{name} ended well and misses the quality gate: ${inWords(bound)}, and is {value}`, { value: `States.JsonToString(${value})` }, ends.missed),
    }),
  };
}

/** Any of these lets the metric through. */
function passing({ metricName, atLeast, atMost, mayFallBy }: Bound, value: string): object[][] {
  if (atLeast !== undefined) { return [[{ Variable: value, NumericGreaterThanEquals: atLeast }]]; }
  if (atMost !== undefined) { return [[{ Variable: value, NumericLessThanEquals: atMost }]]; }
  const before = `$.memory.accepted.${metricKey(metricName)}`;
  const compared = mayFallBy === undefined ? 'NumericLessThanEqualsPath' : 'NumericGreaterThanEqualsPath';
  return [[{ Not: { Variable: before, IsPresent: true } }], [{ Variable: before, IsPresent: true }, { Variable: value, [compared]: before }]];
}

function inWords({ metricName, atLeast, atMost, mayFallBy }: Bound): string {
  if (atLeast !== undefined) { return `${metricName} must be at least ${atLeast}`; }
  if (atMost !== undefined) { return `${metricName} must be at most ${atMost}`; }
  return `${metricName} must be no ${mayFallBy === undefined ? 'higher' : 'lower'} than in the last run that was accepted`;
}

/** What later runs are compared with. */
export function memoryStep(partition: string, memory: string, bounds: readonly Bound[]): Step {
  const compared = names(bounds.filter(isComparison)).map(metricKey);
  return {
    entry: 'Accepted',
    states: (next): States => ({
      Accepted: { Type: 'Pass', Parameters: Object.fromEntries(compared.map((key) => [`${key}.$`, `$.metrics.${key}[0]`])), ResultPath: '$.accepted', Next: 'Remember' },
      Remember: {
        Type: 'Task', Resource: sdk(partition, 'ssm', 'putParameter'), Parameters: { 'Name': memory, 'Value.$': 'States.JsonToString($.accepted)', 'Overwrite': true },
        // the endpoint has moved by now: the run is as good as it was without this
        ResultPath: null, Retry: again(8), Catch: caught('$.unknown', next), Next: next,
      },
    }),
  };
}

export const isComparison = ({ mayFallBy, mayRiseBy }: Bound) => mayFallBy !== undefined || mayRiseBy !== undefined;
