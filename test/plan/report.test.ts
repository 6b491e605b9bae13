import { gatesOf, missedGates, type Gates } from '../../lib/plan/gates';
import { markdownOf, MARKER } from '../../lib/plan/markdown';
import type { EndpointPlan, JobPlan, Plan, Usage } from '../../lib/plan/plan';
import { linesOf } from '../../lib/plan/text';
import { totalsOf } from '../../lib/plan/totals';

const hours = (value: number, more: Partial<Usage> = {}): Usage => ({ instances: [{ instanceType: 'ml.m5.large', hours: value }], hours: value, isRunning: false, ...more });
const job = (path: string, verdict: JobPlan['verdict'], more: Partial<JobPlan> = {}): JobPlan => ({ path, logicalId: path.replace(/\W/g, ''), kind: 'TrainingJob', verdict, changes: [], hangsOn: [], ...more });
const endpoint = (path: string, verdict: EndpointPlan['verdict'], more: Partial<EndpointPlan> = {}): EndpointPlan => ({ path, logicalId: path.replace(/\W/g, ''), verdict, models: [], changes: [], hangsOn: [], ...more });
const planOfParts = (jobs: readonly JobPlan[], endpoints: readonly EndpointPlan[] = []): Plan => ({ stacks: [{ path: 'Digits', stackName: 'Digits', comparedWith: '123456789012/eu-west-1', isDeployed: true, jobs, endpoints }] });

const RETRAINS = job('Digits/Train', 'retrains', {
  oldJob: 'digits-train-1', newJob: 'digits-train-2', usage: hours(1 / 3),
  changes: [{ path: 'HyperParameters.epochs', old: '20', new: '30', counts: true }, { path: 'Tags.team', new: 'a', counts: false }],
});
const PLAN = planOfParts([
  RETRAINS, job('Digits/Tune', 'adopts', { newJob: 'digits-tune-7' }), job('Digits/Tag', 'in-place'), job('Digits/Old', 'stops', { oldJob: 'digits-old-1' }),
  job('Digits/Score', 'unknown', { hangsOn: ['the ARN of Digits/Bucket'], usage: { instances: [], isRunning: false, unbounded: 'a transform job has no time limit, and no deployment that waits for it' } }),
  job('Digits/Bad', 'fails', { reason: 'adopt: there is no training job x' }), job('Digits/Same', 'unchanged'),
], [
  endpoint('Digits/Endpoint', 'updates', { how: 'blue/green, all at once', models: [{ variant: 'A', old: 'the artifact of digits-train-1', new: 'the artifact of Digits/Train (retrains)' }], usage: hours(1460, { isRunning: true }), oldUsage: hours(730) }),
  endpoint('Digits/Other', 'unchanged', { usage: hours(730), oldUsage: hours(730) }),
]);
const plain = (plan: Plan, prices?: { currency?: string }) => linesOf(plan, totalsOf(plan, prices), (_, text) => text).join('\n');

test('a plan for a terminal has a line for each job and endpoint that something becomes of, and below it why', () => {
  expect(plain(PLAN)).toBe(`Digits  compared with 123456789012/eu-west-1
  retrains   Digits/Train  at most 0.34 instance-hours of ml.m5.large
      HyperParameters.epochs: 20 -> 30
      Tags.team: (none) -> a (no other result)
  adopts     Digits/Tune  digits-tune-7
  in place   Digits/Tag
  stops      Digits/Old  digits-old-1
  unknown    Digits/Score  no bound: a transform job has no time limit, and no deployment that waits for it
      hangs on the ARN of Digits/Bucket
  fails      Digits/Bad
      adopt: there is no training job x
  updates    Digits/Endpoint  blue/green, all at once  at most 1460 instance-hours a month of ml.m5.large
      A: the artifact of digits-train-1 -> the artifact of Digits/Train (retrains)
  2 unchanged

2 jobs are launched, 1 of them perhaps: at most 0.34 instance-hours, Digits/Score has no bound (a transform job has no time limit, and no deployment that waits for it).
Endpoints, in a month: at most 2190 instance-hours (before: 1460).`);
});

describe('what all of it uses', () => {
  const sums = (jobs: readonly JobPlan[], prices?: { currency?: string }) => plain(planOfParts(jobs), prices).split('\n').at(-1);

  test('is nothing where nothing is launched', () => expect(sums([job('a', 'unchanged'), job('b', 'adopts', { usage: hours(9) })])).toBe('No job is launched.'));
  test('is the sum of what is launched', () => expect(sums([job('a', 'launches', { usage: hours(2) }), job('b', 'retrains', { usage: hours(3) })])).toBe('2 jobs are launched: at most 5 instance-hours.'));
  test('is never nothing where nobody knows', () => expect(sums([job('a', 'launches')])).toBe('1 job is launched: a has no bound (what it uses is not known).'));
  test('in money is in the currency of the list', () => expect(sums([job('a', 'launches', { usage: hours(2, { cost: 0.231 }) })], { currency: 'EUR' })).toBe('1 job is launched: at most 2 instance-hours, 0.24 EUR.'));
  test('says what has no price, and that the sum lacks it', () => {
    const usages = [hours(2, { cost: 1 }), hours(3, { unpriced: ['ml.p3.2xlarge'] })];
    expect(sums(usages.map((usage, index) => job(String(index), 'launches', { usage })), {})).toBe('2 jobs are launched: at most 5 instance-hours, 1.00, which is incomplete: the price list has no price of ml.p3.2xlarge.');
    expect(sums([job('a', 'launches', { usage: usages[1] })], {})).toBe('1 job is launched: at most 3 instance-hours, the cost is not known: the price list has no price of ml.p3.2xlarge.');
  });
});

test('what both models run in is left out', () => {
  const models = (old: string | undefined, wanted: string | undefined) => plain(planOfParts([], [endpoint('E', 'updates', { models: [{ variant: 'A', old, new: wanted }] })])).split('\n')[2]?.trim();
  expect(models('s3://1 in mine:1', 's3://2 in mine:1')).toBe('A: s3://1 -> s3://2');
  expect(models('s3://1 in mine:1', 's3://1 in mine:2')).toBe('A: s3://1 in mine:1 -> s3://1 in mine:2');
  expect(models(undefined, 's3://1 in mine:2')).toBe('A: none -> s3://1 in mine:2');
});

describe('long values', () => {
  const change = (old: string, wanted: string) => plain(planOfParts([job('a', 'retrains', { usage: hours(1), changes: [{ path: 'x', old, new: wanted, counts: true }] })])).split('\n')[2]?.trim();

  test('are cut, and are in one line', () => expect(change('a\nb', 'c'.repeat(200))).toBe(`x: a b -> ${'c'.repeat(79)}…`));
  test('that begin alike are shown from shortly before they differ', () => {
    const common = 's3://a-bucket-with-a-long-name/and/a/long/prefix/that/is/the/same/on/both/sides/of/it/';
    expect(change(`${common}one`, `${common}two`)).toBe('x: …oth/sides/of/it/one -> …oth/sides/of/it/two');
  });
  test('more than a dozen of them are only counted', () => {
    const changes = Array.from({ length: 20 }, (_, index) => ({ path: `m${index}`, new: '1', counts: true }));
    expect(plain(planOfParts([job('a', 'retrains', { usage: hours(1), changes })]))).toContain('\n      m11: (none) -> 1\n      and 8 more members, which --json has\n');
  });
});

describe('the comment of a pull request', () => {
  const markdown = (plan: Plan, missed: readonly string[] = []) => markdownOf(plan, totalsOf(plan), missed);

  test('begins with what a program finds it by', () => expect(markdown(PLAN).split('\n')[0]).toBe(MARKER));

  test('has a row for what changes, and why below it', () => {
    const text = markdown(PLAN);
    expect(text).toContain('| **retrains** | `Digits/Train` | since `HyperParameters.epochs` changes<br>at most 0.34 instance-hours of ml.m5.large |\n');
    expect(text).toContain('| **updates** | `Digits/Endpoint` | blue/green, all at once<br>`A`: the artifact of digits-train-1 → the artifact of Digits/Train (retrains)<br>at most 1460 instance-hours a month of ml.m5.large |\n');
    expect(text).toContain('<details><summary>Digits/Train: what changes</summary>\n\n| member | before | after | another result |\n| --- | --- | --- | --- |\n| `HyperParameters.epochs` | `20` | `30` | yes |\n| `Tags.team` |  | `a` | no |\n\n</details>');
    expect(text).toContain('\n2 more unchanged.\n');
    expect(text).not.toContain('Digits/Same');
  });

  test('has the gates that are missed', () => expect(markdown(PLAN, ['--fail-on retrain: Digits/Train'])).toContain('**Not within the gates:**\n\n- --fail-on retrain: Digits/Train\n'));

  test('holds values that are signs of Markdown, ends of cells, mentions, or HTML', () => {
    const changes = ['a|b', '`x`', '<b>&', '@someone', 'two\nlines', ' '].map((value, index) => ({ path: `m${index}`, old: value, new: 'z', counts: true }));
    const text = markdown(planOfParts([job('a', 'retrains', { usage: hours(1), changes })]));
    const cells = text.split('\n').filter((line) => /^\| `m\d`/.test(line)).map((line) => line.split('|'));
    expect(cells.map((each) => each.length)).toEqual([6, 6, 6, 6, 6, 6]);
    expect(cells.map(([, , old]) => old?.trim())).toEqual(['<code>a&#124;b</code>', '<code>&#96;x&#96;</code>', '`<b>&`', '`@someone`', '`two lines`', '<code> </code>']);
    expect(markdown(planOfParts([job('a', 'unknown', { hangsOn: ['@me | <script>'], usage: hours(1) })]))).toContain('hangs on &#64;me &#124; &#60;script&#62;');
  });

  test('is short enough for a comment, however many stacks there are', () => {
    const { stacks: [stack] } = planOfParts(Array.from({ length: 100 }, (_, index) => job(`Digits/${'x'.repeat(100)}${index}`, 'retrains', { usage: hours(1), changes: [{ path: 'y'.repeat(100), counts: true }] })));
    const text = markdown({ stacks: Array.from({ length: 20 }, () => stack as Plan['stacks'][number]) });
    expect(text.length).toBeLessThan(65_536);
    expect(text.match(/\*\*Digits\*\*/g)).toHaveLength(20);
  });

  test('is short enough for a comment, however much there is', () => {
    const changes = Array.from({ length: 100 }, (_, index) => ({ path: `m${index}`, old: 'a'.repeat(500), new: 'b'.repeat(500), counts: true }));
    const text = markdown(planOfParts(Array.from({ length: 200 }, (_, index) => job(`Digits/J${index}`, 'retrains', { usage: hours(1), changes }))));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('| | 140 more | |');
    expect(text).toMatch(/\nDetails of \d+ more are left out: `cdk-sagemaker plan` has them\.\n/);
  });
});

describe('gates', () => {
  const missed = (plan: Plan, gates: Partial<Gates>, prices?: { currency?: string }) => missedGates(plan, totalsOf(plan, prices), { failOn: [], ...gates });

  test('name what misses them', () => {
    expect(missed(PLAN, { failOn: ['retrain', 'unknown', 'replace', 'fail', 'stop', 'adopt', 'in-place', 'launch', 'delete'] })).toEqual([
      '--fail-on retrain: Digits/Train', '--fail-on unknown: Digits/Score', '--fail-on fail: Digits/Bad', '--fail-on stop: Digits/Old', '--fail-on adopt: Digits/Tune', '--fail-on in-place: Digits/Tag',
    ]);
    expect(missed(planOfParts([], [endpoint('E', 'replaces'), endpoint('F', 'deletes'), endpoint('G', 'unknown')]), { failOn: ['replace', 'delete', 'unknown'] })).toEqual(['--fail-on replace: E', '--fail-on delete: F', '--fail-on unknown: G']);
  });

  test('of hours are about all that is launched, the largest first, and not about endpoints', () => {
    const plan = planOfParts([job('a', 'launches', { usage: hours(2) }), job('b', 'unknown', { usage: hours(3) }), job('c', 'adopts', { usage: hours(99) })], [endpoint('E', 'creates', { usage: hours(730) })]);
    expect(missed(plan, { maxInstanceHours: 5 })).toEqual([]);
    expect(missed(plan, { maxInstanceHours: 4 })).toEqual(['--max-instance-hours 4: it may be 5: b 3, a 2']);
  });

  test('are missed by what has no bound, or no price', () => {
    expect(missed(PLAN, { maxInstanceHours: 50 })).toEqual(['--max-instance-hours 50: Digits/Score has no bound: a transform job has no time limit, and no deployment that waits for it']);
    const plan = planOfParts([job('a', 'launches', { usage: hours(2, { unpriced: ['ml.m5.large'] }) }), job('b', 'launches', { usage: hours(2, { cost: 3 }) })]);
    expect(missed(plan, { maxCost: 2 }, { currency: 'USD' })).toEqual(['--max-cost 2: it may be 3.00 USD: b 3.00 USD', '--max-cost 2: the price list has no price of ml.m5.large']);
  });

  test('come from the command line, apart or together', () => {
    expect(gatesOf({ failOn: ['retrain,replace', 'unknown'], maxInstanceHours: '50', maxCost: '1.5', prices: 'p.json' })).toEqual({ failOn: ['retrain', 'replace', 'unknown'], maxInstanceHours: 50, maxCost: 1.5 });
  });

  test.each([
    [{ failOn: ['retrains'] }, '--fail-on must be of launch, retrain, adopt, in-place, stop, unknown, fail, replace, delete, got retrains'],
    [{ failOn: [''] }, '--fail-on must be of launch, retrain, adopt, in-place, stop, unknown, fail, replace, delete, got nothing'],
    [{ failOn: [], maxInstanceHours: 'many' }, '--max-instance-hours must be a number, got many'],
    [{ failOn: [], maxCost: '-1', prices: 'p' }, '--max-cost must be a number, got -1'],
    [{ failOn: [], maxCost: '1' }, '--max-cost needs a price list: --prices prices.json'],
  ])('that can\'t be meant are refused: %j', (options, message) => expect(() => gatesOf(options)).toThrow(expect.objectContaining({ message, exitCode: 2 })));
});
