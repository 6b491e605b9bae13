import { released, shortNames, shownText, sinceTime, type LogLine } from '../../lib/operate/log-lines';

const line = (stream: string, time: number): LogLine => ({ stream, time, message: `${stream}${time}` });
const texts = (lines: readonly LogLine[]) => lines.map(({ message }) => message).join(' ');

describe('the lines of several streams', () => {
  test('are given on by time, as far as no earlier one can come', () => {
    const { lines, kept } = released([
      { lines: [line('a', 1), line('a', 4), line('a', 9)], hasMore: true },
      { lines: [line('b', 2), line('b', 4), line('b', 5)], hasMore: true },
      { lines: [line('c', 3), line('c', 30)], hasMore: false },
    ]);
    expect(texts(lines)).toBe('a1 b2 c3 a4 b4 b5');
    expect(kept.map(texts)).toEqual(['a9', '', 'c30']);
  });

  test('wait for a stream of which nothing is known yet', () => {
    const { lines, kept } = released([{ lines: [], hasMore: true }, { lines: [line('b', 2)], hasMore: false }]);
    expect(lines).toEqual([]);
    expect(kept.map(texts)).toEqual(['', 'b2']);
  });

  test('are all given on when everything has been read', () => {
    expect(texts(released([{ lines: [line('a', 3)], hasMore: false }, { lines: [line('b', 1)], hasMore: false }]).lines)).toBe('b1 a3');
    expect(released([]).lines).toEqual([]);
  });
});

test('a stream is called by its instance, one of a later start by a number too', () => {
  expect([...shortNames(['job/algo-2-1767268800', 'job/algo-1-1767268900', 'job/algo-1-1767268800', 'job/own'])]).toEqual([
    ['job/algo-1-1767268800', 'algo-1'], ['job/algo-1-1767268900', 'algo-1.2'], ['job/algo-2-1767268800', 'algo-2'], ['job/own', 'own'],
  ]);
});

test('streams of several jobs are called by their jobs too, without what the names of all begin with', () => {
  expect([...shortNames(['my-tune-001-0a1b2c3d/algo-1-1767268800', 'my-tune-010-0a1b2c3e/algo-1-1767268900'])]).toEqual([
    ['my-tune-001-0a1b2c3d/algo-1-1767268800', '001-0a1b2c3d/algo-1'], ['my-tune-010-0a1b2c3e/algo-1-1767268900', '010-0a1b2c3e/algo-1'],
  ]);
});

test.each([['10%\r50%\r100%', '100%'], ['text\r\n', 'text'], ['plain', 'plain'], ['', '']])('%j is shown as %j', (message, shown) => {
  expect(shownText(message)).toBe(shown);
});

test.each([['30s', 970_000], ['10m', 400_000], ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)], ['2026-01-01', Date.UTC(2026, 0, 1)], ['10', undefined], ['yesterday', undefined], ['10w', undefined]])('since %s is %s', (text, time) => {
  expect(sinceTime(text, 1_000_000)).toBe(time);
});
