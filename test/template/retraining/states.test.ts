import { CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { metricKey } from '../../../lib/template/retraining/gate-states';
import { formatted, inARow, parameters, type Step } from '../../../lib/template/retraining/states';

const NAME = { JobName: '$.job.name' };

describe('A text that a run completes', () => {
  test.each([
    ['s3://out/{JobName}/model', 'States.Format(\'s3://out/{}/model\', $.job.name)'],
    ['{JobName}-{JobName}', 'States.Format(\'{}-{}\', $.job.name, $.job.name)'],
    ['it\'s {"a": "{JobName}"} \\ {b}', 'States.Format(\'it\\\'s \\{"a": "{}"\\} \\\\ \\{b\\}\', $.job.name)'],
  ])('is %s', (words, expression) => expect(formatted(words, NAME)).toBe(expression));

  test('is left as it is without a place in it', () => expect(formatted('it\'s {b}', NAME)).toBeUndefined());

  test('may have what is known at deployment in it', () => {
    const value = new CfnParameter(new Stack(), 'Bucket').valueAsString;
    expect(formatted(`s3://${value}/{JobName}`, NAME)).toBe(`States.Format('s3://${value}/{}', $.job.name)`);
  });

  test('takes the place that comes first, whichever that is', () => {
    expect(formatted('{b}{a}', { a: '$.a', b: '$.b' })).toBe('States.Format(\'{}{}\', $.b, $.a)');
  });
});

describe('The parameters of a task', () => {
  test('are completed at the paths that are said, and nowhere else', () => {
    expect(parameters({ A: { x: '{JobName}', y: '{JobName}' }, List: [{ z: '{JobName}' }], Number: 1, Off: false, Nothing: undefined }, NAME, ['A.x', 'List.0.z'])).toEqual({
      A: { 'x.$': 'States.Format(\'{}\', $.job.name)', 'y': '{JobName}' }, List: [{ 'z.$': 'States.Format(\'{}\', $.job.name)' }], Number: 1, Off: false,
    });
  });

  test('keep what is known at deployment', () => {
    const later = Token.asAny({ Ref: 'Tags' });
    expect((parameters({ Tags: later }, NAME) as { Tags: unknown }).Tags).toBe(later);
  });
});

test('Steps lead to each other, and the last to the end', () => {
  const step = (entry: string): Step => ({ entry, states: (Next) => ({ [entry]: { Type: 'Pass', Next } }) });
  expect(inARow([step('one'), step('two')], 'end')).toEqual({ entry: 'one', states: { one: { Type: 'Pass', Next: 'two' }, two: { Type: 'Pass', Next: 'end' } } });
  expect(inARow([], 'end')).toEqual({ entry: 'end', states: {} });
});

test('Names of metrics are told apart in paths, whatever signs they have', () => {
  const names = ['validation:auc', 'validation_auc', 'validation auc', 'validation_3aauc', 'größe', '1'];
  const keys = names.map(metricKey);
  expect(new Set(keys).size).toBe(names.length);
  expect(keys.filter((key) => !/^m[A-Za-z0-9_]*$/.test(key))).toEqual([]);
});
