import { compareVersions, newestOf } from '../../lib/images/version-order';

describe('Order of versions', () => {
  test.each([['1.9', '1.10'], ['1.9.1', '1.10.0'], ['0.90-1', '0.90-2'], ['0.90', '0.90-1'], ['2.x', '3.x'], ['latest', '1'], ['1', '1.0.1']])('puts %s before %s', (one, other) => {
    expect(compareVersions(one, other)).toBeLessThan(0);
    expect(compareVersions(other, one)).toBeGreaterThan(0);
  });

  test('knows the newest, the first of equal ones, and none of none', () => {
    expect(newestOf(['2.9', '2.10', '2.1'])).toBe('2.10');
    expect(newestOf(['0.11', '0.11.0'])).toBe('0.11');
    expect(newestOf([])).toBeUndefined();
  });
});
