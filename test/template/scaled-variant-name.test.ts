import { Stack, Token } from 'aws-cdk-lib/core';
import { scaledVariantName } from '../../lib/template/scaled-variant-name';

/** Deployed stacks carry these names: none of them may change. */
describe('The name of a variant that is scaled', () => {
  test.each<[string, string[], string]>([
    ['AllTraffic', ['ml.m5.large'], 'AllTraffic-m5-large'],
    ['live', ['ml.p4de.24xlarge'], 'live-p4de-24xlarge'],
    ['live', ['ml.p6-b200.48xlarge'], 'live-p6-b200-48xlarge'],
    ['x'.repeat(63), ['ml.m5.large'], `${'x'.repeat(45)}-75220b47-m5-large`],
    ['live', ['ml.m5.large', 'ml.c5.large'], 'live-pool-cfcfa09e'],
    ['live', ['ml.c5.large', 'ml.m5.large'], 'live-pool-cfcfa09e'],
    ['live', ['ml.c5.large', 'ml.m5.xlarge'], 'live-pool-5cb3f385'],
  ])('%s on %s', (name, types, expected) => {
    expect(scaledVariantName(name, types)).toBe(expected);
    expect(expected).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  });

  test('has room for the longest instance type where that is known at deployment', () => {
    const joined = new Stack().resolve(scaledVariantName('x'.repeat(63), [Token.asString({ Ref: 'Type' })]))['Fn::Join'];
    expect(joined[0]).toBe('-');
    expect(joined[1][0]).toMatch(/^x+-[0-9a-f]{8}$/);
    expect(`${joined[1][0]}-p6-b200-48xlarge`.length).toBeLessThanOrEqual(63);
  });
});
