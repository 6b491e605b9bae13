import { definedMembers, nonEmpty } from '../../lib/request/members';

describe('The members of a request', () => {
  test('are those with a value, whatever else it may be', () => {
    expect(definedMembers({ a: undefined, b: null, c: '', d: 0, e: false })).toEqual({ b: null, c: '', d: 0, e: false });
    expect(definedMembers({ a: undefined })).not.toHaveProperty('a');
  });

  test('are left out together where there are none', () => {
    const map = { a: 1 };
    expect(nonEmpty(map)).toBe(map);
    expect(nonEmpty({})).toBeUndefined();
  });
});
