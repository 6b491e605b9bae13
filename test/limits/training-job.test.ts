import { Stack } from 'aws-cdk-lib/core';
import { beyondLimits, time, written, type Constraint, type Path } from '../../lib/limits/constraints';
import { TRAINING_JOB_LIMITS } from '../../lib/limits/training-job';
import { trainingJobViolations } from '../../lib/limits/training-job-check';
import { checkRequest, propOf } from '../../lib/request/training-job-limits';

type Tree = { [member: string]: any };

/** A request that the service takes. */
export const LEGAL: Tree = {
  TrainingJobName: 'mnist-train-0123456789',
  RoleArn: 'arn:aws:iam::123456789012:role/jobs',
  AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.0', TrainingInputMode: 'File' },
  OutputDataConfig: { S3OutputPath: 's3://models/mnist' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};

/** Values that a limit does not take, by what they break. */
function breaking(limit: Constraint): [string, unknown][] {
  const text = (length: number) => 'x'.repeat(length);
  const entries = (count: number) => Array.from({ length: count }, () => ({}));
  return [
    ...(limit.length ? [['too long', text(limit.length[1] + 1)], ...(limit.length[0] > 0 ? [['too short', text(limit.length[0] - 1)]] : [])] as [string, unknown][] : []),
    ...(limit.count ? [['too many', entries(limit.count[1] + 1)], ...(limit.count[0] > 0 ? [['too few', entries(limit.count[0] - 1)]] : [])] as [string, unknown][] : []),
    ...(limit.range ? [['below', limit.range[0] - 1], ['above', limit.range[1] + 1], ['in parts', 1.5]].filter(([, value]) => Number.isSafeInteger(value) || value === 1.5) as [string, unknown][] : []),
    ...(limit.seconds ? [['too short a time', limit.seconds[0] - 1], ['too long a time', limit.seconds[1] + 1]] as [string, unknown][] : []),
    ...(limit.pattern ? [['of another form', '\n']] as [string, unknown][] : []),
    ...(limit.oneOf ? [['unknown', 'nothing of the kind']] as [string, unknown][] : []),
    ...(limit.required ? limit.required.map((member): [string, unknown] => [`without ${member}`, { some: 'other' }]) : []),
  ];
}

/** `A[].B{}` as members, places in lists and names. */
function pathOf(row: string): (string | number)[] {
  return row.split(/\.|(?=\[\])|(?=\{)/).filter((part) => part !== '').map((part) => (part === '[]' ? 0 : part === '{}' || part === '{name}' ? 'a' : part));
}

/** A tree with the value at the path, and nothing else. */
function treeWith([first, ...rest]: Path, value: unknown): any {
  if (first === undefined) { return value; }
  const inner = treeWith(rest, value);
  return typeof first === 'number' ? [inner] : { [first]: inner };
}

const CASES = Object.entries(TRAINING_JOB_LIMITS).flatMap(([row, limit]) => breaking(limit).map(([what, value]): [string, string, unknown] => [row, what, value]));

/** The request and what breaks it; names of a map are broken by the name itself. */
function broken(row: string, value: unknown): { request: Tree; path: Path } {
  const path = pathOf(row);
  if (row.endsWith('{name}')) { path[path.length - 1] = String(value); return { request: treeWith(path, 'x'), path }; }
  return { request: treeWith(path, value), path };
}

describe('Each limit of a training job', () => {
  test('takes a request within it', () => expect(trainingJobViolations(LEGAL)).toEqual([]));

  test('is broken by a test of its own', () => {
    expect(Object.entries(TRAINING_JOB_LIMITS).filter(([, limit]) => breaking(limit).length === 0).map(([row]) => row)).toEqual([]);
    expect(CASES.length).toBeGreaterThan(250);
  });

  test.each(CASES)('%s: refuses a value that is %s, in the handler and at synth, by the prop or by the override', (row, what, value) => {
    const { request, path } = broken(row, value);
    const found = beyondLimits(TRAINING_JOB_LIMITS, request).filter((violation) => {
      const at = what.startsWith('without ') ? [...path, what.slice('without '.length)] : path;
      return written(violation.path) === written(at);
    });
    expect(found).toHaveLength(1);
    expect(found[0].rule).toMatch(/^(be|have) ./);

    // What stands above it in the same request may be refused first; alone it is refused by its own name.
    const scope = new Stack(undefined, 'S');
    expect(() => checkRequest(scope, request as any, undefined)).toThrow(/^S: \S.* must (be|have) .*, got /s);
    expect(() => checkRequest(scope, request as any, request)).toThrow(/^S: (overrides\.|\S+ must be given)/s);
  });
});

describe('What is said of a limit', () => {
  const said = (request: Tree, overrides?: Tree) => {
    try { checkRequest(new Stack(undefined, 'S'), { ...LEGAL, ...request } as any, overrides); return ''; } catch (error) { return (error as Error).message; }
  };

  test.each<[Tree, string]>([
    [{ StoppingCondition: { MaxRuntimeInSeconds: 2505600 } }, 'S: maxRuntime must be between 1 second and 28 days, got 29 days'],
    [{ Environment: { 'a b': 'c' } }, 'S: environment: the name a b must be of 1 to 512 letters, digits and underscores, without a digit first, got a b'],
    [{ Environment: { A: 'x'.repeat(513) } }, 'S: environment.A must have at most 512 characters, got 513 characters'],
    [{ DebugRuleConfigurations: [{ RuleConfigurationName: 'loss', RuleEvaluatorImage: 'i', VolumeSizeInGB: 0 }] }, 'S: debugRules.loss.volumeSize must be a whole number between 1 and 65536 GiB, got 0'],
    [{ InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 'http://b' } } }] }, 'S: inputs.train: the URI must be a URI of S3 with single slashes: s3://bucket/prefix, got http://b'],
  ])('%j: %s', (request, message) => expect(said(request)).toBe(message));

  test('names the override where the value is one', () => {
    const RetryStrategy = { MaximumRetryAttempts: 31 };
    expect(said({ RetryStrategy }, { RetryStrategy })).toBe('S: overrides.RetryStrategy.MaximumRetryAttempts must be a whole number between 1 and 30, got 31');
    expect(said({ RetryStrategy })).toBe('S: maxRetries must be a whole number between 1 and 30, got 31');
  });

  test('counts times in the largest unit that fits', () => {
    expect([0, 1, 60, 90, 3600, 86_400, 172_800].map(time)).toEqual(['0 seconds', '1 second', '1 minute', '90 seconds', '1 hour', '1 day', '2 days']);
  });

  test('is said in time that grows with the length of a hostile value, and no faster', () => {
    const hostile = ['-'.repeat(100_000), 'a-'.repeat(50_000), `arn:aws:sagemaker:${'a-'.repeat(50_000)}`, 'x'.repeat(100_000), ' '.repeat(100_000)];
    for (const [row] of Object.entries(TRAINING_JOB_LIMITS).filter(([, limit]) => limit.pattern)) {
      for (const value of hostile) { expect(beyondLimits(TRAINING_JOB_LIMITS, broken(row, value).request).length).toBeGreaterThanOrEqual(0); }
    }
  });

  test('names a prop for every row', () => {
    const rows = Object.keys(TRAINING_JOB_LIMITS).filter((row) => row !== '' && !row.startsWith('Tags') && row !== 'TrainingJobName');
    expect(rows.filter((row) => propOf(pathOf(row.replace('{name}', '')), {}).startsWith('overrides.'))).toEqual([]);
  });
});
