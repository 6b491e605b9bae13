/** Values over time. */
export interface Chart {
  readonly title: string;
  /** What there is to be seen, in words: below the title, and for whoever can't see it. */
  readonly description: string;
  /** What the time is counted from, e.g. `since the first training job began`. */
  readonly since: string;
  /** What dots and line are, where there are both. */
  readonly legend?: { readonly dots: string; readonly line: string };
  /** One below the other, over the same time; each has an axis of its own. */
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly label: string;
  readonly dots: readonly Point[];
  /** @default - from dot to dot */
  readonly steps?: readonly Point[];
}

export interface Point {
  readonly seconds: number;
  readonly value: number;
  /** Shown when it is pointed at. */
  readonly name?: string;
}

const WIDTH = 800;
const MARGIN = { left: 24, right: 24, top: 34, bottom: 56 };
const LINE_HEIGHT = 18;
/** How wide a character of a label is, at most. */
const CHARACTER = 7;
/** With more of them a line through them is easier to read alone. */
const MOST_DOTS = 60;

const COLOURS = {
  light: { ground: '#ffffff', ink: '#1f2328', faint: '#59636e', grid: '#e3e6ea', dot: '#0969da', line: '#bc4c00' },
  dark: { ground: '#0d1117', ink: '#e6edf3', faint: '#9da7b3', grid: '#2b323b', dot: '#58a6ff', line: '#f0883e' },
} as const;

/** A picture that needs nothing else: no script, no font, no resource; in the colours that its reader prefers. The same chart gives the same bytes. */
export function svgOf(chart: Chart): string {
  const description = wrapped(chart.description, Math.floor((WIDTH - MARGIN.left - MARGIN.right) / CHARACTER));
  const first = MARGIN.top + description.length * LINE_HEIGHT + (chart.legend === undefined ? 0 : LINE_HEIGHT + 4) + 46;
  const height = chart.panels.length > 1 ? 150 : 300;
  const below = height + 44;
  const longest = Math.max(0, ...chart.panels.flatMap(({ dots }) => dots.map(({ seconds }) => seconds)));
  const time = timeAxis(longest);
  const scales = chart.panels.map(({ dots }) => valueAxis(dots.map(({ value }) => value)));
  const left = MARGIN.left + Math.max(24, ...scales.flatMap(({ ticks }) => ticks.map((tick) => tick.text.length * CHARACTER))) + 8;
  const box = (index: number): Box => ({ left, right: WIDTH - MARGIN.right, top: first + index * below, bottom: first + index * below + height });
  const end = box(chart.panels.length - 1).bottom;
  const total = end + MARGIN.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" aria-labelledby="chart-title chart-description">`,
    `<title id="chart-title">${escaped(chart.title)}</title>`,
    `<desc id="chart-description">${escaped(chart.description)}</desc>`,
    `<style>${style()}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${total}"/>`,
    text('title', MARGIN.left, MARGIN.top, chart.title),
    ...description.map((line, index) => text('faint', MARGIN.left, MARGIN.top + 6 + (index + 1) * LINE_HEIGHT, line)),
    ...chart.legend === undefined ? [] : legend(chart.legend, MARGIN.top + 10 + (description.length + 1) * LINE_HEIGHT),
    ...chart.panels.flatMap((panel, index) => panelParts(panel, box(index), time, scales[index] as Axis)),
    ...time.ticks.map(({ at, text: label }) => text('faint middle', round(left + at * (WIDTH - MARGIN.right - left)), end + 18, label)),
    text('faint middle', round((left + WIDTH - MARGIN.right) / 2), end + 40, `${time.unit} ${chart.since}`),
    '</svg>',
  ].join('\n') + '\n';
}

/** The same on a page, with the data below as a table, whose first row is the names of its columns. */
export function htmlOf(chart: Chart, [columns = [], ...rows]: readonly (readonly string[])[]): string {
  const { light, dark } = COLOURS;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(chart.title)}</title>`,
    '<style>',
    ':root { color-scheme: light dark; }',
    `body { margin: 0 auto; max-width: 1000px; padding: 16px; font: 14px/1.5 system-ui, sans-serif; background: ${light.ground}; color: ${light.ink}; }`,
    'main svg { display: block; width: 100%; height: auto; }',
    '.data { overflow-x: auto; }',
    'table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }',
    `th, td { padding: 4px 12px 4px 0; text-align: left; border-bottom: 1px solid ${light.grid}; }`,
    `@media (prefers-color-scheme: dark) { body { background: ${dark.ground}; color: ${dark.ink}; } th, td { border-color: ${dark.grid}; } }`,
    '</style>',
    '</head>',
    '<body>',
    '<main>',
    svgOf(chart).trimEnd(),
    '<div class="data">',
    '<table>',
    `<thead><tr>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`),
    '</tbody>',
    '</table>',
    '</div>',
    '</main>',
    '</body>',
    '</html>',
  ].join('\n') + '\n';
}

interface Box { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/** Where a value is, from 0 to 1, and the values that are marked. */
interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

function panelParts({ label, dots, steps }: Panel, { left, right, top, bottom }: Box, time: Axis, values: Axis): string[] {
  const x = ({ seconds }: Point) => round(left + time.place(seconds) * (right - left));
  const y = ({ value }: Point) => round(bottom - values.place(value) * (bottom - top));
  const [start, ...others] = steps ?? dots;
  const path = start === undefined ? '' : [`M${x(start)} ${y(start)}`, ...others.map((point) => (steps === undefined ? `L${x(point)} ${y(point)}` : `H${x(point)}V${y(point)}`))].join('');
  return [
    ...values.ticks.map(({ at }) => `<path class="grid" d="M${left} ${round(bottom - at * (bottom - top))}H${right}"/>`),
    ...values.ticks.map(({ at, text: shown }) => text('faint end', left - 8, round(bottom - at * (bottom - top) + 4), shown)),
    text('label', left, top - 12, cut(label, Math.floor((right - left) / (CHARACTER + 1)))),
    `<path class="axis" d="M${left} ${bottom}H${right}"/>`,
    `<path class="${steps === undefined ? 'through' : 'steps'}" d="${path}${steps === undefined ? '' : `H${right}`}"/>`,
    ...steps === undefined && dots.length > MOST_DOTS ? [] : dots.map((dot) => `<circle class="dot" cx="${x(dot)}" cy="${y(dot)}" r="${steps === undefined ? 2.5 : 4}">${dot.name === undefined ? '' : `<title>${escaped(dot.name)}</title>`}</circle>`),
  ];
}

function legend({ dots, line }: NonNullable<Chart['legend']>, y: number): string[] {
  const next = MARGIN.left + 36 + dots.length * CHARACTER;
  return [
    `<circle class="dot" cx="${MARGIN.left + 5}" cy="${y - 4}" r="4"/>`, text('', MARGIN.left + 16, y, dots),
    `<path class="steps" d="M${next} ${y - 4}H${next + 24}"/>`, text('', next + 32, y, line),
  ];
}

/** Numbers that are easy to read, which span the values. */
function valueAxis(values: readonly number[]): Axis {
  const [least, greatest] = extent(values);
  // A line that is flat lies in the middle.
  const room = greatest - least <= Math.abs(greatest) * 1e-9 ? Math.abs(least) / 10 || 1 : 0;
  const step = easyStep((greatest - least + 2 * room) / 4);
  const from = Math.floor((least - room) / step);
  const to = Math.ceil((greatest + room) / step);
  const digits = Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(from), Math.abs(to)) + 1)) + 1);
  return {
    place: (value) => (value / step - from) / (to - from),
    ticks: Array.from({ length: to - from + 1 }, (_, index) => ({ at: index / (to - from), text: String(Number(((from + index) * step).toPrecision(digits))) })),
  };
}

const UNITS = [['seconds', 1, 180], ['minutes', 60, 10_800], ['hours', 3600, 259_200], ['days', 86_400, Infinity]] as const;

function timeAxis(seconds: number): Axis & { readonly unit: string } {
  const [unit, size] = UNITS.find(([, , most]) => seconds < most) as (typeof UNITS)[number];
  const end = (seconds || 1) * 1.02;
  const step = easyStep(end / size / 6);
  const ticks = Array.from({ length: Math.floor(end / size / step) + 1 }, (_, index) => ({ at: index * step * size / end, text: String(Number((index * step).toPrecision(6))) }));
  return { unit, place: (each) => each / end, ticks };
}

/** 1, 2 or 5 times a power of ten, and no less than is wanted. */
function easyStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10);
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([least, greatest], value) => [Math.min(least, value), Math.max(greatest, value)], [values[0] ?? 0, values[0] ?? 0]);
}

function style(): string {
  const colours = ({ ground, ink, faint, grid, dot, line }: { readonly [name in keyof typeof COLOURS.light]: string }) =>
    `.ground{fill:${ground}}text{fill:${ink}}.faint{fill:${faint}}.grid{stroke:${grid}}.axis{stroke:${faint}}.dot{fill:${dot};stroke:${ground}}.through{stroke:${dot}}.steps{stroke:${line}}`;
  return 'text{font:12px system-ui,sans-serif}.title{font-size:17px;font-weight:600}.label{font-weight:600}.middle{text-anchor:middle}.end{text-anchor:end}'
    + `path{fill:none}.through,.steps{stroke-width:2;stroke-linejoin:round}${colours(COLOURS.light)}@media (prefers-color-scheme:dark){${colours(COLOURS.dark)}}`;
}

const text = (kind: string, x: number, y: number, content: string) => `<text${kind === '' ? '' : ` class="${kind}"`} x="${x}" y="${y}">${escaped(content)}</text>`;
const round = (value: number) => Math.round(value * 100) / 100;
const cut = (content: string, most: number) => (content.length > most ? `${content.slice(0, most - 1)}…` : content);

/** Text in XML and HTML. What XML can't have is left out. */
function escaped(content: string): string {
  const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
   
  return content.replace(/\p{Surrogate}/gu, '').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"']/g, (character) => entities[character] as string);
}

function wrapped(content: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) { lines[lines.length - 1] = `${last} ${word}`; } else { lines.push(cut(word, most)); }
  }
  return lines;
}
