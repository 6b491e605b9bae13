import { execForm, instructionsOf, wordsOf } from '../../../lib/local/images/dockerfile';

describe('A Dockerfile', () => {
  test('is read instruction by instruction, continued lines joined, comments between them left out', () => {
    expect(instructionsOf([
      '# syntax=docker/dockerfile:1', 'from python:3.12 as base', '', 'RUN pip install \\', '  # the numbers', '', '  numpy \\', '  pandas', 'COPY --chown=app:app --link train \\', '  /opt/program/', 'CMD ["train"]',
    ].join('\n'))).toEqual([
      { keyword: 'FROM', flags: {}, text: 'python:3.12 as base', line: 2 },
      { keyword: 'RUN', flags: {}, text: 'pip install  numpy  pandas', line: 4 },
      { keyword: 'COPY', flags: { chown: 'app:app', link: '' }, text: 'train  /opt/program/', line: 9 },
      { keyword: 'CMD', flags: {}, text: '["train"]', line: 11 },
    ]);
  });

  test('is read with the line ends of Windows', () => {
    expect(instructionsOf('FROM a\r\nENV A=1 \\\r\n  B=2\r\n').map(({ text }) => text)).toEqual(['a', 'A=1  B=2']);
  });

  test.each([
    ['another escape character', '# escape=`\nFROM a', 'the directive escape=`'],
    ['a here-document', 'FROM a\nRUN <<EOF\npip install numpy\nEOF', 'Dockerfile line 2: a here-document in RUN'],
  ])('rejects %s', (_name, text, message) => {
    expect(() => instructionsOf(text)).toThrow(message);
  });
});

describe('The words of an instruction', () => {
  const known = { HOME: '/root', EMPTY: '' };

  test.each([
    ['A=1 B="two words" C=three\\ words', ['A=1', 'B=two words', 'C=three words']],
    ['$HOME/x ${HOME}y "$HOME" \'$HOME\' \\$HOME', ['/root/x', '/rooty', '/root', '$HOME', '$HOME']],
    ['${NONE:-here} ${EMPTY:-here} ${HOME:+set} ${NONE:+set}.', ['here', 'here', 'set', '.']],
    ['"" a', ['', 'a']],
  ])('of %s are split and filled in as Docker does', (text, words) => {
    expect(wordsOf(text, known)).toEqual(words);
  });

  test('are rejected when a variable is asked for in a way that is not followed', () => {
    expect(() => wordsOf('${HOME#/}', known)).toThrow('${HOME#/}');
  });

  test('are a list where they are one', () => {
    expect([execForm('["python", "-u"]'), execForm('[python]'), execForm('python'), execForm('[1]')]).toEqual([['python', '-u'], undefined, undefined, undefined]);
  });
});
