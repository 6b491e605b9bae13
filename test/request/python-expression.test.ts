import { isPythonExpression } from '../../lib/request/python-expression';

describe('A regular expression of Python', () => {
  test.each([
    '', '.*', 'loss=([0-9.]+)', '(?P<name>a)(?P=name)', '(?i)loss', '(?is)a(?P<x>b)', '(?i:a)b', '(?-i:a)', '[]abc]', '[^]]', '[](]', '[[]', '[\\](]', 'a\\(', '\\[(a)', 'a++', '(?>a)', '(a)?(?(1)b|c)', 'a(?#b[)c', '\\Aa\\Z', '(?x)a # a (', '(?<=a)b',
  ])('is %p', (text) => expect(isPythonExpression(text)).toBe(true));

  test.each(['(', ')', '[', 'a)', '*a', '(?P<1a>b)', '[b-a]', '(?P<a', 'a{2,1}', '(?P<a>b)(?P<a>c)', '(?i)(', '\\'])('is not %p', (text) => expect(isPythonExpression(text)).toBe(false));
});
