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
  ['grün \u007f 😀', '"gr\\u00fcn \u007f \\ud83d\\ude00"', 'grün \u007f 😀'],
  [[1, 2], '[1, 2]', '[1, 2]'],
  [['a', "it's", true, null], '["a", "it\'s", true, null]', '[\'a\', "it\'s", True, None]'],
  [{ a: 'b', c: [1.5] }, '{"a": "b", "c": [1.5]}', "{'a': 'b', 'c': [1.5]}"],
  [{}, '{}', '{}'],
];

describe('values as Python writes them', () => {
  test.each(RECORDED)('%j as json.dumps has it', (value, json) => expect(pythonJson(value)).toBe(json));
  test.each(RECORDED)('%j as str has it', (value, _json, str) => expect(pythonStr(value)).toBe(str));

  test('a token stays a token, in quotes where a text would be', () => {
    expect(pythonJson(Aws.REGION)).toBe(`"${Aws.REGION}"`);
    expect(pythonStr(Aws.REGION)).toBe(Aws.REGION);
    expect(pythonJson(Token.asNumber({ resolve: () => 7 }))).toMatch(/^\$\{Token\[/);
    expect(pythonJson(`über ${Aws.REGION}`)).toBe(`"\\u00fcber ${Aws.REGION}"`);
  });

  test.each([[NaN], [Infinity], [new Date(0)], [[new Map()]]])('rejects %p, which has no such text', (value) => {
    expect(() => pythonJson(value)).toThrow(TypeError);
    expect(() => pythonStr(value)).toThrow(TypeError);
  });
});
