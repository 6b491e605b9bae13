import { Aws, Duration, Lazy } from 'aws-cdk-lib/core';
import { countInRange, durationInRange, inRange, lengthInRange, matches, oneOf, refuse, unique, wholeSeconds } from '../../lib/request/checks';
import { emptyStack } from '../support/stacks';

const scope = emptyStack('Job');
class Apple {}
class w0 extends Apple {}

describe('checks', () => {
  test.each<[string, () => void, string]>([
    ['a number', () => inRange(scope, 'count', 0, 1, 5), 'Job: count must be a whole number between 1 and 5, got 0'],
    ['a part of a number', () => inRange(scope, 'count', 1.5, 1, 5, 'GiB'), 'Job: count must be a whole number between 1 and 5 GiB, got 1.5'],
    ['a duration', () => durationInRange(scope, 'time', Duration.days(2), Duration.seconds(1), Duration.days(1)), 'Job: time must be between 1 second and 1 day, got 2 days'],
    ['a part of a second', () => wholeSeconds(scope, 'time', Duration.millis(1500)), 'Job: time must be a whole number of seconds, got 1 second 500 millis'],
    ['a length', () => lengthInRange(scope, 'text', 'abc', 0, 2), 'Job: text must have at most 2 characters, got 3 characters'],
    ['an empty text', () => lengthInRange(scope, 'text', '', 1, 2), 'Job: text must have 1 to 2 characters, got 0 characters'],
    ['a pattern', () => matches(scope, 'name', '-a', /^[a-z]+$/, 'letters'), 'Job: name must be letters, got -a'],
    ['a choice', () => oneOf(scope, 'mode', 'x', ['a', 'b']), 'Job: mode must be one of a, b, got x'],
    ['a count', () => countInRange(scope, 'list', [], 1, 2), 'Job: list must have 1 to 2 entries, got 0'],
    ['twins', () => unique(scope, 'names', ['a', 'b', 'a']), 'Job: names must be unique, got a twice'],
    ['a long value, cut', () => refuse(scope, 'x', 'be short', 'y'.repeat(300)), `got ${'y'.repeat(200)}...`],
    ['an object, by its class', () => refuse(scope, 'x', 'be text', new Apple()), 'Job: x must be text, got an Apple'],
    ['an object of a class that was minified, by what it extends', () => refuse(scope, 'x', 'be text', [new w0()]), 'Job: x must be text, got ["an Apple"]'],
    ['an object of a short class that extends nothing', () => refuse(scope, 'x', 'be text', new Map()), 'Job: x must be text, got a Map'],
    ['a token, named', () => refuse(scope, 'x', 'be known', Aws.REGION), 'got a value known at deployment'],
  ])('reject %s', (_what, check, message) => expect(check).toThrow(message));

  test('let pass what is left out, what fits, and tokens', () => {
    inRange(scope, 'a', undefined, 1, 2);
    inRange(scope, 'a', 2, 1, 2);
    inRange(scope, 'a', Lazy.number({ produce: () => 9 }), 1, 2);
    durationInRange(scope, 'a', Duration.seconds(Lazy.number({ produce: () => 9 })), Duration.seconds(1), Duration.seconds(2));
    lengthInRange(scope, 'a', `${Aws.REGION}-and-more`, 1, 2);
    matches(scope, 'a', Aws.REGION, /^x$/, 'x');
    oneOf(scope, 'a', Aws.REGION, ['x']);
    countInRange(scope, 'a', Lazy.list({ produce: () => [] }), 1, 2);
    unique(scope, 'a', ['x', 'y']);
  });
});
