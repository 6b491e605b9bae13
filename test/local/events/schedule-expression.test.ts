import { scheduleOf } from '../../../lib/local/events/schedule-expression';

const MINUTE = 60_000;
const at = (time: string) => Date.parse(time);
const isDue = (expression: string, time: string, zone?: string) => scheduleOf(expression, zone).isDue(at(time), at('2026-01-01T00:00:00Z'));

test('a rate counts from when the schedule was made, to the minute', () => {
  const since = at('2026-01-01T00:00:30Z');
  const { isDue: due } = scheduleOf('rate(5 minutes)');
  expect(Array.from({ length: 13 }, (_, index) => due(at('2026-01-01T00:00:00Z') + index * MINUTE, since)).flatMap((is, index) => (is ? [index] : []))).toEqual([6, 11]);
  expect(isDue('rate(1 day)', '2026-01-02T00:00:00Z')).toBe(true);
  expect(isDue('rate(1 hour)', '2026-01-01T01:30:00Z')).toBe(false);
});

test.each([
  ['cron(0 3 * * ? *)', '2026-03-05T03:00:00Z', true], ['cron(0 3 * * ? *)', '2026-03-05T03:01:00Z', false], ['cron(0/15 8-17 ? * MON-FRI *)', '2026-03-06T17:45:00Z', true], ['cron(0/15 8-17 ? * MON-FRI *)', '2026-03-07T17:45:00Z', false],
  ['cron(0 0 1,15 JAN,jul ? 2026-2030)', '2026-07-15T00:00:00Z', true], ['cron(0 0 1,15 JAN,jul ? 2027)', '2026-07-15T00:00:00Z', false], ['cron(0 0 L * ? *)', '2028-02-29T00:00:00Z', true], ['cron(0 0 L * ? *)', '2026-02-27T00:00:00Z', false],
  ['cron(0 0 15W * ? *)', '2026-08-14T00:00:00Z', true], ['cron(0 0 1W * ? *)', '2026-08-03T00:00:00Z', true], ['cron(0 0 LW * ? *)', '2026-05-29T00:00:00Z', true], ['cron(0 0 ? * 6L *)', '2026-05-29T00:00:00Z', true],
  ['cron(0 0 ? * MON#2 *)', '2026-06-08T00:00:00Z', true], ['cron(0 0 ? * 2#2 *)', '2026-06-15T00:00:00Z', false], ['cron(0 0 ? * L *)', '2026-06-13T00:00:00Z', true],
  ['at(2026-06-01T12:30:00)', '2026-06-01T12:30:00Z', true], ['at(2026-06-01T12:30:00)', '2026-06-01T12:31:00Z', false],
])('%s at %s: %s', (expression, time, expected) => expect(isDue(expression, time)).toBe(expected));

test('cron and at mean the clock of their zone', () => {
  expect(isDue('cron(0 3 * * ? *)', '2026-07-01T01:00:00Z', 'Europe/Berlin')).toBe(true);
  expect(isDue('cron(0 3 * * ? *)', '2026-01-01T02:00:00Z', 'Europe/Berlin')).toBe(true);
  expect(isDue('at(2026-06-01T00:00:00)', '2026-05-31T22:00:00Z', 'Europe/Berlin')).toBe(true);
});

test.each([
  ['every day', 'it must be rate(…), cron(…) or at(…)'], ['rate(0 minutes)', 'a rate is a number'], ['rate(5 minute)', 'more than one has an s'], ['rate(5 weeks)', 'a rate is a number'], ['cron(0 3 * * ?)', 'six fields'], ['cron(0 3 * * * *)', 'must be ?'],
  ['cron(0 3 ? * ? *)', 'must be ?'], ['cron(60 3 * * ? *)', '60 is not from 0 to 59'], ['cron(0 3 * FOO ? *)', 'FOO is not from 1 to 12'], ['cron(0/0 3 * * ? *)', 'has no step'], ['at(2026-06-01)', 'yyyy-mm-dd'],
])('%s is refused', (expression, why) => expect(() => scheduleOf(expression)).toThrow(why));

test('a zone that is none is refused', () => expect(() => scheduleOf('rate(1 day)', 'Mars/Base')).toThrow('there is no time zone Mars/Base'));
