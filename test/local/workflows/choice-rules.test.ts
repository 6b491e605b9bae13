import { holds, requireRule } from '../../../lib/local/workflows/choice-rules';

const INPUT = { n: 3, m: 3.5, s: 'model.tar.gz', b: false, nothing: null, at: '2026-01-01T00:00:00Z', later: '2026-01-01T02:00:00+01:00', list: [1] };
const chosen = (rule: object) => {
  requireRule(rule as never);
  return holds(rule as never, { input: INPUT, context: { State: { RetryCount: 1 } } });
};

test.each<[object, boolean]>([
  [{ Variable: '$.n', NumericEquals: 3 }, true], [{ Variable: '$.n', NumericLessThan: 3 }, false], [{ Variable: '$.n', NumericLessThanEquals: 3 }, true], [{ Variable: '$.n', NumericGreaterThan: 2 }, true],
  [{ Variable: '$.n', NumericGreaterThanEquals: 4 }, false], [{ Variable: '$.n', NumericLessThanPath: '$.m' }, true], [{ Variable: '$.n', NumericGreaterThanEqualsPath: '$.m' }, false], [{ Variable: '$.s', NumericEquals: 3 }, false],
  [{ Variable: '$.s', StringEquals: 'x' }, false], [{ Variable: '$.s', StringEqualsPath: '$.s' }, true], [{ Variable: '$.s', StringLessThan: 'z' }, true], [{ Variable: '$.s', StringGreaterThanEquals: 'z' }, false],
  [{ Variable: '$.s', StringMatches: '*.tar.*' }, true], [{ Variable: '$.s', StringMatches: 'model' }, false], [{ Variable: '$.s', StringMatches: 'model\\*' }, false],
  [{ Variable: '$.b', BooleanEquals: false }, true], [{ Variable: '$.b', BooleanEqualsPath: '$.b' }, true],
  [{ Variable: '$.at', TimestampEquals: '2026-01-01T00:00:00.000Z' }, true], [{ Variable: '$.at', TimestampLessThanPath: '$.later' }, true], [{ Variable: '$.s', TimestampGreaterThan: '2026-01-01T00:00:00Z' }, false],
  [{ Variable: '$.none', IsPresent: false }, true], [{ Variable: '$.n', IsPresent: true }, true], [{ Variable: '$.nothing', IsNull: true }, true], [{ Variable: '$.n', IsNumeric: true }, true], [{ Variable: '$.n', IsString: true }, false],
  [{ Variable: '$.b', IsBoolean: true }, true], [{ Variable: '$.at', IsTimestamp: true }, true], [{ Variable: '$.s', IsTimestamp: false }, true],
  [{ And: [{ Variable: '$.b', BooleanEquals: false }, { Not: { Variable: '$.s', StringEquals: 'y' } }] }, true], [{ Or: [{ Variable: '$.n', NumericEquals: 1 }, { Variable: '$.n', NumericEquals: 2 }] }, false],
  [{ And: [{ Variable: '$.none', IsPresent: true }, { Variable: '$.none', NumericEquals: 1 }] }, false], [{ Variable: '$$.State.RetryCount', NumericEquals: 1 }, true],
])('%j', (rule, expected) => expect(chosen(rule)).toBe(expected));

test('a rule that compares what is not there is an error', () => {
  expect(() => chosen({ Variable: '$.none', NumericEquals: 1 })).toThrow("Invalid path '$.none': The choice state's condition path references an invalid value.");
  expect(() => chosen({ Variable: '$.n', NumericEqualsPath: '$.none' })).toThrow("Invalid path '$.none'");
});

test.each<[object, string]>([
  [{ Variable: '$.a', StringBegins: 'x' }, 'StringBegins'], [{ Variable: '$.a', StringMatchesPath: '$.b' }, 'StringMatchesPath'], [{ Variable: '$.a', IsNullPath: '$.b' }, 'IsNullPath'],
  [{ Variable: '$.a' }, 'a rule with no operator'], [{ Variable: '$.a', IsNull: true, IsPresent: true }, 'a rule with IsNull and IsPresent'], [{ Variable: 'a', IsNull: true }, 'not a path'],
])('%j is no rule', (rule, what) => expect(() => requireRule(rule as never)).toThrow(what));
