import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRAPS } from './traps';

const TESTS = join(__dirname, '..');

/** Every test whose name says which trap it is about. */
const tested = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).flatMap((name) =>
  [...readFileSync(join(TESTS, name), 'utf8').matchAll(/(?:^ *test(?:\.each[^(]*)?\(|^ *\]\)\(|\]\)\()'trap (\d+): /gm)].map(([, number]) => Number(number)));

describe('The traps', () => {
  test('are numbered without a gap', () => expect(TRAPS.map(({ number }) => number)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1)));

  test.each(TRAPS)('$number has a test, or a reason why it needs none: $what', ({ number, untouched }) => {
    expect(untouched ?? '').toMatch(tested.includes(number) ? /^$/ : /\w+ \w+/);
  });

  test('of the tests are all in the list', () => expect(tested.filter((number) => !TRAPS.some((trap) => trap.number === number))).toEqual([]));
});
