import { planOf } from '../../lib/plan/plan-of';
import type { StackPlan } from '../../lib/plan/plan';
import { secretsOf, withoutSecrets } from '../../lib/plan/secrets';
import { assembly, job, REQUEST, side } from './paper-side';

const change = (old: string, wanted: string) => ({ path: 'HyperParameters.token', old, new: wanted, counts: true });
const plan = (changes: readonly ReturnType<typeof change>[]): StackPlan => ({
  path: 'A', stackName: 'A', comparedWith: 'x', isDeployed: true,
  jobs: [{ path: 'A/Train', logicalId: 'Train', kind: 'TrainingJob', verdict: 'fails', changes, hangsOn: [], reason: 'no hunter22' }],
  endpoints: [{ path: 'A/E', logicalId: 'E', verdict: 'updates', changes, hangsOn: ['hunter22'], models: [{ variant: 'V', old: 's3://hunter22/' }] }],
});

test('values of parameters that are not to be echoed are those of either side, and their defaults', () => {
  const template = { Resources: {}, Parameters: { Token: { Type: 'String', NoEcho: true, Default: 'd' }, Other: { Type: 'String', NoEcho: 'true' }, Shown: { Type: 'String' } } };
  expect(secretsOf(template, { Token: 'new', Shown: 'x' }, { Token: 'old', Other: '' })).toEqual(['d', 'new', 'old']);
});

test('they are nowhere in a plan', () => {
  const hidden = withoutSecrets(plan([change('hunter22', 'a hunter22 b')]), ['hunter22']);
  expect(JSON.stringify(hidden)).not.toContain('hunter22');
  expect(hidden.jobs[0]?.changes).toEqual([{ path: 'HyperParameters.token', old: '****', new: 'a **** b', counts: true }]);
});

test('short ones are hidden where they are all of a value', () => {
  expect(withoutSecrets(plan([change('1', '10')]), ['1']).jobs[0]?.changes[0]).toMatchObject({ old: '****', new: '10' });
});

describe('a parameter whose value CloudFormation does not show', () => {
  const secret = { Parameters: { Token: { Type: 'String', NoEcho: true, Default: 'not that of the deployment' } } };
  const withToken = (more: object = {}) => ({ Train: job({ HyperParameters: { epochs: 1, token: { Ref: 'Token' } }, ...more }) });
  const deployed = side(withToken(), { Train: 'digits-train-0123456789' }, { 'digits-train-0123456789': {} }, { template: { Resources: withToken(), ...secret } as never });
  const verdict = async (wanted: object) => (await planOf(assembly(wanted as never, secret), deployed)).jobs[0]?.verdict;

  test('stays what it is: the job that uses it is the same, whatever its default', async () => expect(await verdict(withToken())).toBe('unchanged'));
  test('does not hide that something else is another', async () => expect(await verdict(withToken({ ResourceConfig: { ...REQUEST.ResourceConfig, InstanceCount: 2 } }))).toBe('retrains'));
});
