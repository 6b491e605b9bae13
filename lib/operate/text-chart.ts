import type { Chart, Panel, Point } from './chart';

const HEIGHT = 8;
const DOT = '•';
const LINE = '─';

/** A chart in characters, for a terminal of so many columns. Panels of one value are left out: that is no course. */
export function textChart({ panels, since, legend }: Chart, columns: number): string[] {
  const drawn = panels.filter(({ dots }) => dots.length > 1);
  if (drawn.length === 0) { return []; }
  return [...drawn.flatMap((panel) => panelLines(panel, columns, since)), ...legend === undefined ? [] : [`${DOT} ${legend.dots}   ${LINE} ${legend.line}`]];
}

function panelLines({ label, dots, steps }: Panel, columns: number, since: string): string[] {
  const values = dots.map(({ value }) => value);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const labels = [shortNumber(greatest), shortNumber(least)] as const;
  const margin = Math.max(...labels.map(({ length }) => length));
  const width = Math.max(10, Math.min(100, columns) - margin - 3);
  const longest = Math.max(...dots.map(({ seconds }) => seconds));
  const column = (seconds: number) => (longest === 0 ? 0 : Math.round((seconds / longest) * (width - 1)));
  const row = (value: number) => (greatest === least ? HEIGHT - 1 : Math.round(((greatest - value) / (greatest - least)) * (HEIGHT - 1)));
  const grid = Array.from({ length: HEIGHT }, () => Array<string>(width).fill(' '));
  const put = ({ seconds, value }: Point, character: string) => { (grid[row(value)] as string[])[column(seconds)] = character; };
  steps?.forEach((step, index) => {
    const end = column(steps[index + 1]?.seconds ?? longest);
    for (let at = column(step.seconds); at <= end; at++) { (grid[row(step.value)] as string[])[at] = LINE; }
  });
  dots.forEach((dot) => put(dot, DOT));
  const margins = (index: number) => (index === 0 ? labels[0] : index === HEIGHT - 1 ? labels[1] : '').padStart(margin);
  const time = `${shortNumber(longest)} s`;
  return [
    label,
    ...grid.map((cells, index) => `${margins(index)} │${cells.join('')}`.trimEnd()),
    `${' '.repeat(margin)} └${'─'.repeat(width)}`,
    `${' '.repeat(margin + 2)}0${`${time} ${since}`.padStart(width - 1)}`,
  ];
}

const shortNumber = (value: number) => String(Number(value.toPrecision(4)));
