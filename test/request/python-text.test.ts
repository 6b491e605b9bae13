import { Aws, Token } from 'aws-cdk-lib/core';
import { pythonJson, pythonStr } from '../../lib/request/python-text';

// value, json.dumps, str: as Python 3 writes them
const RECORDED: [unknown, string, string][] = [
  [1, '1', '1'],
  [0.1, '0.1', '0.1'],
  [1e-5, '1e-05', '1e-05'],
  [0.0001, '0.0001', '0.0001'],
  [1.5e-7, '1.5e-07', '1.5e-07'],
  [123456.789, '123456.789', '123456.789'],
  [1e22, '1e+22', '1e+22'],
  [-2.5, '-2.5', '-2.5'],
  [-0, '-0.0', '-0.0'],
  [true, 'true', 'True'],
  [false, 'false', 'False'],
  [null, 'null', 'None'],
  ['text', '"text"', 'text'],
  ['say "hi"', '"say \\"hi\\""', 'say "hi"'],
  ['grün \u007f 😀', '"gr\\u00fcn \\u007f \\ud83d\\ude00"', 'grün \u007f 😀'],
  ['\u0000\u001b', '"\\u0000\\u001b"', '\u0000\u001b'],
  [NaN, 'NaN', 'nan'],
  [Infinity, 'Infinity', 'inf'],
  [-Infinity, '-Infinity', '-inf'],
  [[NaN, { a: -Infinity }], '[NaN, {"a": -Infinity}]', "[nan, {'a': -inf}]"],
  [123456789012345678901234567890n, '123456789012345678901234567890', '123456789012345678901234567890'],
  [[-1n], '[-1]', '[-1]'],
  [['\u0000\u001b\u007f'], '["\\u0000\\u001b\\u007f"]', "['\\x00\\x1b\\x7f']"],
  [['a\tb\n\r\\'], '["a\\tb\\n\\r\\\\"]', "['a\\tb\\n\\r\\\\']"],
  [['caf\u00e9\u00ad'], '["caf\\u00e9\\u00ad"]', "['café\\xad']"],
  [['\u200d\u2028\u3000'], '["\\u200d\\u2028\\u3000"]', "['\\u200d\\u2028\\u3000']"],
  [['\u{e0001}😀\ud800'], '["\\udb40\\udc01\\ud83d\\ude00\\ud800"]', "['\\U000e0001😀\\ud800']"],
  [{ 'a\u00a0': 'b' }, '{"a\\u00a0": "b"}', "{'a\\xa0': 'b'}"],
  [[1, 2], '[1, 2]', '[1, 2]'],
  [['a', "it's", true, null], '["a", "it\'s", true, null]', '[\'a\', "it\'s", True, None]'],
  [{ a: 'b', c: [1.5] }, '{"a": "b", "c": [1.5]}', "{'a': 'b', 'c': [1.5]}"],
  [{}, '{}', '{}'],
];

describe('values as Python writes them', () => {
  test.each(RECORDED)('%p as json.dumps has it', (value, json) => expect(pythonJson(value)).toBe(json));
  test.each(RECORDED)('%p as str has it', (value, _json, str) => expect(pythonStr(value)).toBe(str));

  test('a token stays a token, in quotes where a text would be', () => {
    expect(pythonJson(Aws.REGION)).toBe(`"${Aws.REGION}"`);
    expect(pythonStr(Aws.REGION)).toBe(Aws.REGION);
    expect(pythonJson(Token.asNumber({ resolve: () => 7 }))).toMatch(/^\$\{Token\[/);
    expect(pythonJson(`über ${Aws.REGION}`)).toBe(`"\\u00fcber ${Aws.REGION}"`);
  });

  test.each([[new Date(0)], [[new Map()]]])('rejects %p, which has no such text', (value) => {
    expect(() => pythonJson(value)).toThrow(TypeError);
    expect(() => pythonStr(value)).toThrow(TypeError);
  });
});
