import { patternOf } from '../../../lib/local/events/event-pattern';

const EVENT = {
  'source': 'aws.s3', 'detail-type': 'Object Created', 'resources': ['arn:aws:s3:::data', 'arn:other'],
  'detail': { bucket: { name: 'data' }, object: { key: 'train/New.csv', size: 100 }, empty: null, flag: true, parts: [{ n: 1 }, { n: 2 }] },
};

test.each<[object, boolean]>([
  [{ source: ['aws.s3'] }, true], [{ source: ['aws.ec2', 'aws.s3'] }, true], [{ source: ['aws.ec2'] }, false], [{ resources: ['arn:other'] }, true], [{ detail: { bucket: { name: ['data'] } } }, true], [{ detail: { none: ['x'] } }, false],
  [{ detail: { empty: [null], flag: [true], object: { size: [100] } } }, true], [{ detail: { object: { size: ['100'] } } }, false], [{ detail: { parts: { n: [2] } } }, true],
  [{ detail: { object: { key: [{ prefix: 'train/' }] } } }, true], [{ detail: { object: { key: [{ prefix: 'test/' }, { suffix: '.csv' }] } } }, true], [{ detail: { object: { key: [{ suffix: '.CSV' }] } } }, false],
  [{ detail: { object: { key: [{ suffix: { 'equals-ignore-case': '.CSV' } }] } } }, true], [{ detail: { object: { key: [{ prefix: { 'equals-ignore-case': 'TRAIN/' } }] } } }, true],
  [{ detail: { object: { key: [{ 'equals-ignore-case': 'TRAIN/new.CSV' }] } } }, true], [{ detail: { object: { key: [{ wildcard: 'train/*.csv' }] } } }, true], [{ detail: { object: { key: [{ wildcard: '*\\*' }] } } }, false],
  [{ source: [{ 'anything-but': 'aws.s3' }] }, false], [{ source: [{ 'anything-but': ['a', 'b'] }] }, true], [{ source: [{ 'anything-but': { prefix: 'aws.' } }] }, false], [{ source: [{ 'anything-but': { suffix: ['.ec2', '.sns'] } }] }, true], [{ detail: { none: [{ 'anything-but': 'x' }] } }, false],
  [{ detail: { object: { size: [{ numeric: ['>', 0, '<=', 100] }] } } }, true], [{ detail: { object: { size: [{ numeric: ['=', 99] }] } } }, false], [{ source: [{ numeric: ['>', 0] }] }, false],
  [{ detail: { object: { etag: [{ exists: false }] } } }, true], [{ detail: { object: { key: [{ exists: true }] } } }, true], [{ detail: { bucket: { name: [{ exists: false }] } } }, false],
  [{ $or: [{ source: ['aws.ec2'] }, { detail: { object: { size: [100] } } }] }, true], [{ 'source': ['aws.s3'], '$or': [{ 'detail-type': ['Object Deleted'] }] }, false],
])('%j', (pattern, expected) => expect(patternOf(pattern)(EVENT)).toBe(expected));

test.each<[unknown, string]>([
  [{}, 'EventPattern must be an object that is not empty'], [{ source: 'aws.s3' }, 'EventPattern.source must be an object'], [{ source: [] }, 'EventPattern.source must not be an empty list'],
  [{ source: [{ cidr: '10.0.0.0/8' }] }, 'EventPattern.source: {"cidr":"10.0.0.0/8"} is not understood by the local AWS'], [{ detail: { n: [{ numeric: ['>'] }] } }, 'EventPattern.detail.n: numeric'], [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'one operator is needed'],
  [{ source: [{ exists: 1 }] }, 'exists must be true or false'], [{ source: [{ 'anything-but': {} }] }, 'anything-but'], [{ $or: {} }, '$or must be a list of patterns'],
])('%j is refused', (pattern, why) => expect(() => patternOf(pattern)).toThrow(why));
