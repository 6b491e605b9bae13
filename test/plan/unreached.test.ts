import { assemblySide } from '../../lib/plan/assembly-side';
import { gatesOf, missedGates } from '../../lib/plan/gates';
import type { StackPlan } from '../../lib/plan/plan';
import { planOf } from '../../lib/plan/plan-of';
import { totalsOf } from '../../lib/plan/totals';
import { assembly, job, nameOf, REQUEST, side } from './paper-side';

const outcome = (of: unknown, properties: object = {}) => ({ Type: 'Custom::SageMakerJobOutcome', Properties: { ServiceToken: 'arn:function', Kind: 'TrainingJob', JobName: of, Seconds: '60', Within: '60', ...properties } });
const reading = (value: unknown, more: object = {}) => job({ HyperParameters: { value } }, { NamePrefix: 'digits-after' }, more);
const GATE = { Gates: [{ Metric: 'accuracy', AtLeast: '0.95' }] };
const NINE = { details: { FinalMetricDataList: [{ MetricName: 'accuracy', Value: 0.9 }] } };
const MISSING = job({}, { Adopt: { Name: 'by-hand' } });
const TRAIN = nameOf(job());
/** A job with its outcome, as it is deployed. */
const DEPLOYED = { Train: job(), Outcome: outcome({ Ref: 'Train' }) };
const PHYSICAL = { Train: TRAIN, Outcome: 'outcome' };

const verdicts = ({ jobs, endpoints }: StackPlan) => Object.fromEntries([...jobs, ...endpoints].map(({ logicalId, verdict }) => [logicalId, verdict]));

test('what needs a job that fails is not reached, however it needs it, and uses nothing', async () => {
  const plan = await planOf(assembly({
    Train: MISSING, Outcome: outcome({ Ref: 'Train' }), Reads: reading({ 'Fn::GetAtt': ['Outcome', 'Status'] }), Waits: reading('1', { DependsOn: 'Reads' }), Names: reading({ Ref: 'Train' }), Other: reading('2'),
    Processing: { Type: 'AWS::SageMaker::ProcessingJob', DependsOn: 'Outcome', Properties: {} },
  }), side({}, {}));
  expect(verdicts(plan)).toEqual({ Train: 'fails', Reads: 'blocked', Waits: 'blocked', Names: 'blocked', Processing: 'blocked', Other: 'launches' });
  expect(plan.jobs.find(({ logicalId }) => logicalId === 'Waits')).toEqual(expect.objectContaining({ hangsOn: [], reason: 'not reached: Digits/Train fails' }));
  const totals = totalsOf({ stacks: [plan] });
  expect(totals.jobs).toMatchObject({ launched: 1, mayLaunch: 0, hours: 1, unbounded: [] });
  expect(missedGates({ stacks: [plan] }, totals, gatesOf({ failOn: ['launch,fail,unknown'] }))).toEqual(['--fail-on launch: Digits/Other', '--fail-on fail: Digits/Train']);
});

test('what stays as it is stays, and what goes does not go', async () => {
  const resources = { ...DEPLOYED, Reads: reading({ 'Fn::GetAtt': ['Outcome', 'Status'] }), Gone: reading('3') };
  const on = side(resources, { ...PHYSICAL, Outcome: { physicalId: 'outcome', attribute: () => 'Completed' }, Reads: 'digits-after-0123456789', Gone: 'digits-after-9876543210' }, { [TRAIN]: NINE });
  const { Gone: _gone, ...left } = resources;
  expect(verdicts(await planOf(assembly({ ...left, Outcome: outcome({ Ref: 'Train' }, GATE) }), on))).toEqual({ Train: 'fails', Reads: 'unchanged', Gone: 'blocked' });
});

test('an endpoint that serves what fails stays as it is, and one that is new is not made', async () => {
  const serving = (size: number, id = 'Config') => ({
    [id]: { Type: 'AWS::SageMaker::EndpointConfig', DependsOn: 'Train', Properties: { ProductionVariants: [{ VariantName: 'All', InitialInstanceCount: size, InstanceType: 'ml.m5.large' }] } },
    [`${id}Endpoint`]: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': [id, 'EndpointConfigName'] } } },
  });
  const old = { Train: job(), ...serving(1) };
  const on = side(old, { Train: TRAIN, Config: { physicalId: 'config', attribute: () => 'config' }, ConfigEndpoint: 'endpoint' }, { [TRAIN]: {} });
  const plan = await planOf(assembly({ Train: MISSING, ...serving(2), ...serving(1, 'New') }), on);
  expect(plan.endpoints).toMatchObject([{ logicalId: 'ConfigEndpoint', verdict: 'blocked', how: 'not reached: Digits/Train fails', usage: { hours: 730 } }, { logicalId: 'NewEndpoint', verdict: 'blocked' }]);
  expect(totalsOf({ stacks: [plan] }).endpoints).toMatchObject({ hours: 730, oldHours: 730, unbounded: [] });
});

describe('The outcome of a job that has ended', () => {
  const judged = async (wanted: object, jobs: Parameters<typeof side>[2], Outcome: object = { physicalId: 'outcome' }, Train: object = job()) =>
    (await planOf(assembly({ Train, Outcome: wanted }), side(DEPLOYED, { ...PHYSICAL, Outcome }, jobs))).jobs[0];

  test('is judged where it changes, or did not complete', async () => {
    expect(await judged(outcome({ Ref: 'Train' }, GATE), { [TRAIN]: NINE })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('accuracy is 0.9, and must be at least 0.95') });
    expect(await judged(outcome({ Ref: 'Train' }, { Gates: [{ Metric: 'accuracy', AtLeast: '0.5' }] }), { [TRAIN]: NINE })).toMatchObject({ verdict: 'unchanged' });
    expect(await judged(outcome({ Ref: 'Train' }, { Metrics: { Loss: 'loss' } }), { [TRAIN]: NINE })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('reported no value of the metric \'loss\'') });
    expect(await judged(DEPLOYED.Outcome, { [TRAIN]: { status: 'Failed' } })).toMatchObject({ verdict: 'unchanged' });
    for (const status of ['CREATE_FAILED', 'UPDATE_FAILED']) {
      expect(await judged(DEPLOYED.Outcome, { [TRAIN]: { status: 'Failed', details: { FailureReason: 'no' } } }, { physicalId: 'outcome', status })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining(`training job ${TRAIN} ended as Failed: no`) });
      expect(await judged(DEPLOYED.Outcome, { [TRAIN]: {} }, { physicalId: 'outcome', status })).toMatchObject({ verdict: 'unchanged' });
      expect(await judged(DEPLOYED.Outcome, {}, { physicalId: 'outcome', status })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('is gone') });
    }
  });

  test('is not judged where that is not known', async () => {
    expect(await judged(outcome({ Ref: 'Train' }, GATE), { [TRAIN]: { status: 'InProgress' } })).toMatchObject({ verdict: 'unchanged' });
    expect(await judged(outcome({ Ref: 'Train' }, GATE), { [TRAIN]: NINE }, undefined, job({ HyperParameters: { epochs: 2 } }))).toMatchObject({ verdict: 'retrains' });
    const on = assemblySide(assembly(DEPLOYED));
    expect((await planOf(assembly({ ...DEPLOYED, Outcome: outcome({ Ref: 'Train' }, GATE) }), on)).jobs).toMatchObject([{ verdict: 'unchanged' }]);
  });

  test('is said of one made elsewhere too', async () => {
    const plan = await planOf(assembly({ Found: outcome('by-hand'), Reads: reading({ 'Fn::GetAtt': ['Found', 'Status'] }) }), side({}, {}, { 'by-hand': { status: 'Stopped' } }));
    expect(plan.jobs).toMatchObject([{ path: 'Digits/Found', verdict: 'fails', newJob: 'by-hand', reason: 'training job by-hand ended as Stopped: it was stopped' }, { logicalId: 'Reads', verdict: 'blocked' }]);
  });
});

describe('A request', () => {
  const launched = async (request: object, more: object = {}) => (await planOf(assembly({ Train: job(request) }, more), side({}, {}))).jobs[0];
  const volume = (size: unknown) => ({ ResourceConfig: { ...REQUEST.ResourceConfig, VolumeSizeInGB: size } });

  test('that the handler refuses fails, in its words', async () => {
    expect(await launched(volume(0))).toMatchObject({ verdict: 'fails', reason: 'Request.ResourceConfig.VolumeSizeInGB: must be a whole number between 1 and 65536 GiB, got 0' });
    expect(await launched(volume('much'))).toMatchObject({ verdict: 'fails', reason: 'ResourceConfig.VolumeSizeInGB: must be a number, got "much"' });
    expect(await launched({ Tags: Array.from({ length: 48 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })) })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('Request.Tags') });
  });

  test('passes where it is not known', async () => {
    expect(await launched(volume({ 'Fn::GetAtt': ['Thing', 'Size'] }), { Resources: { Train: job(volume({ 'Fn::GetAtt': ['Thing', 'Size'] })), Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: 'arn' } } } })).toMatchObject({ verdict: 'launches' });
    expect(await launched(volume('{{resolve:secretsmanager:size}}'))).toMatchObject({ verdict: 'launches' });
  });

  test('is not asked of a job that is there', async () => {
    const wanted = job({ StoppingCondition: { MaxRuntimeInSeconds: 0 } });
    expect((await planOf(assembly({ Train: wanted }), side({ Train: job() }, { Train: TRAIN }, { [TRAIN]: {} }))).jobs).toMatchObject([{ verdict: 'unchanged' }]);
  });
});
