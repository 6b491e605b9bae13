import { textChart } from '../../lib/operate/text-chart';

const since = 'since the first value';
const dots = (...values: number[]) => values.map((value, seconds) => ({ seconds, value }));

describe('a chart in characters', () => {
  test('has the greatest value at the top, the least at the bottom, and the time below', () => {
    expect(textChart({ title: '', description: '', since, panels: [{ label: 'loss', dots: dots(8, 1, 4.5) }] }, 60)).toEqual([
      'loss',
      '8 │•',
      '  │',
      '  │',
      '  │',
      `  │${' '.repeat(55)}•`,
      '  │',
      '  │',
      `1 │${' '.repeat(28)}•`,
      `  └${'─'.repeat(56)}`,
      `   0${'2 s since the first value'.padStart(55)}`,
    ]);
  });

  test('has no panel of a single value, and a line for the best until then', () => {
    expect(textChart({ title: '', description: '', since, panels: [{ label: 'one', dots: dots(1) }] }, 80)).toEqual([]);
    const lines = textChart({ title: '', description: '', since, legend: { dots: 'a job', line: 'the best' }, panels: [{ label: 'auc', dots: dots(1, 2, 1), steps: dots(1, 2) }] }, 40);
    expect(lines[1]).toMatch(/^2 │ +•─+$/);
    expect(lines.at(-1)).toBe('• a job   ─ the best');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  test('draws values that are all alike', () => {
    expect(textChart({ title: '', description: '', since, panels: [{ label: 'flat', dots: dots(3, 3) }] }, 30)[8]).toMatch(/^3 │• +•$/);
  });
});
