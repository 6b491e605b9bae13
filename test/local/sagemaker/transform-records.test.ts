import type { DataProcessing } from '@aws-sdk/client-sagemaker';
import { batchesOf, formatOf, linesOf, RecordProcessing } from '../../../lib/local/sagemaker/transform-records';

const buffers = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const texts = (batches: Buffer[][]) => batches.map((batch) => batch.map(String));

describe('records', () => {
  test('are lines, each with its newline', () => {
    expect(linesOf(Buffer.from('a\nb\r\n\nc')).map(String)).toEqual(['a\n', 'b\r\n', '\n', 'c']);
    expect(linesOf(Buffer.alloc(0))).toEqual([]);
  });

  test('are sent one by one, or as many as fit', () => {
    const records = buffers('aa', 'bb', 'c', 'dddd');
    expect(texts(batchesOf(records, 'SingleRecord', 4))).toEqual([['aa'], ['bb'], ['c'], ['dddd']]);
    expect(texts(batchesOf(records, 'MultiRecord', 4))).toEqual([['aa', 'bb'], ['c'], ['dddd']]);
    expect(texts(batchesOf(records, 'MultiRecord', 0))).toEqual([['aa', 'bb', 'c', 'dddd']]);
    expect(batchesOf([], 'MultiRecord', 4)).toEqual([]);
  });

  test('must each fit in a request', () => {
    expect(() => batchesOf(buffers('aaaaa'), 'MultiRecord', 4)).toThrow('Too much data for max payload size');
    expect(batchesOf(buffers('aaaaa'), 'SingleRecord', 0)).toHaveLength(1);
  });

  test('have a format by their media type', () => {
    expect(['text/csv; charset=utf-8', 'application/json', 'application/jsonlines', 'image/png', undefined].map(formatOf)).toEqual(['csv', 'json', 'jsonlines', undefined, undefined]);
  });
});

describe('filters and joins', () => {
  const sent = (processing: DataProcessing, type: string, ...records: string[]) => RecordProcessing.of(processing).request(buffers(...records), type).toString();
  const wrote = (processing: DataProcessing, type: string, records: string[], answer: string, answered = type) => RecordProcessing.of(processing).answer(buffers(...records), type, Buffer.from(answer), answered).toString();

  test('leave everything as it is without any', () => {
    expect(RecordProcessing.of({ InputFilter: '$', JoinSource: 'None' }).isNone).toBe(true);
    expect(sent({}, 'image/png', 'a\n', 'b')).toBe('a\nb');
    expect(wrote({}, 'image/png', ['a'], 'x\n')).toBe('x\n');
  });

  test('take columns of CSV, quotes and all', () => {
    expect(sent({ InputFilter: '$[1:]' }, 'text/csv', '1,"a,b",3\n', '4,5,\n')).toBe('"a,b",3\n5,');
    expect(sent({ InputFilter: '$[-1]' }, 'text/csv', '1,2,3\n')).toBe('3');
    expect(sent({ InputFilter: '$[0,2]' }, 'text/csv', ',b,c"d\n')).toBe(',c"d');
    expect(() => sent({ InputFilter: '$[3]' }, 'text/csv', '1,2,3\n')).toThrow('position 3 is not among 3');
  });

  test('take parts of JSON, a document or a line each', () => {
    expect(sent({ InputFilter: '$.features' }, 'application/json', '{"id": 1,\n "features": [1, 2]}')).toBe('[1,2]');
    expect(sent({ InputFilter: '$.x' }, 'application/jsonlines', '{"x":1}\n', '{"x":2}\n')).toBe('1\n2');
    expect(() => sent({ InputFilter: '$.x' }, 'application/json', 'no')).toThrow('Unable to parse data as json');
  });

  test('append the answer to the columns of CSV', () => {
    expect(wrote({ JoinSource: 'Input' }, 'text/csv', ['1,2\n', '3,4\n'], '0.5\n0.7\n')).toBe('1,2,0.5\n3,4,0.7');
    expect(wrote({ JoinSource: 'Input', OutputFilter: '$[0,-1]', InputFilter: '$[1:]' }, 'text/csv', ['1,2\n'], '0.5')).toBe('1,0.5');
  });

  test('put the answer into a JSON object, and beside any other value', () => {
    expect(wrote({ JoinSource: 'Input' }, 'application/json', ['{"id":1}'], '{"p": 0.5}')).toBe('{"id":1,"SageMakerOutput":{"p":0.5}}');
    expect(wrote({ JoinSource: 'Input' }, 'application/json', ['[1]'], '0.5')).toBe('{"SageMakerInput":[1],"SageMakerOutput":0.5}');
    expect(wrote({ JoinSource: 'Input' }, 'application/json', ['["a"]'], '["b"]')).toBe('{"SageMakerInput":["a"],"SageMakerOutput":["b"]}');
    expect(wrote({ JoinSource: 'Input', OutputFilter: "$['id','SageMakerOutput']" }, 'application/jsonlines', ['{"id":1,"x":2}\n', '{"id":2,"x":3}\n'], '5\n6')).toBe('{"id":1,"SageMakerOutput":5}\n{"id":2,"SageMakerOutput":6}');
  });

  test('choose of the answer alone when nothing is joined', () => {
    expect(wrote({ OutputFilter: '$.p' }, 'text/csv', ['1\n'], '{"p": 1}', 'application/json')).toBe('1');
    expect(wrote({ OutputFilter: '$[0]' }, 'text/csv', ['1\n'], '7,8\n9,10\n')).toBe('7\n9');
  });

  test('fail when records and answers do not match, or are of no format they know', () => {
    expect(() => wrote({ JoinSource: 'Input' }, 'text/csv', ['1\n', '2\n'], '5\n')).toThrow('the model answered 2 records with 1');
    expect(() => wrote({ JoinSource: 'Input' }, 'text/csv', ['1\n'], '5', 'application/json')).toThrow('the records are text/csv, the answers application/json');
    expect(() => wrote({ OutputFilter: '$[0]' }, 'text/csv', ['1\n'], '5', 'image/png')).toThrow('the Accept is image/png');
  });
});
