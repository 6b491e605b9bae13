import { htmlOf, svgOf, type Chart, type Panel } from '../../lib/operate/chart';

const chart = (more: Partial<Chart> = {}): Chart => ({
  title: 'Tuning job tune', description: 'Two jobs.', since: 'since the first training job began',
  panels: [{ label: 'accuracy', dots: [{ seconds: 60, value: 0.5, name: 'tune-001: 0.5' }, { seconds: 600, value: 0.75 }] }], ...more,
});
const panel = (...values: number[]): Panel => ({ label: 'x', dots: values.map((value, index) => ({ seconds: index * 60, value })) });
const elements = (svg: string, name: string) => svg.match(new RegExp(`<${name}[ >][^]*?(/>|</${name}>)`, 'g')) ?? [];
const texts = (svg: string) => elements(svg, 'text').map((each) => each.replace(/<[^>]*>/g, ''));

describe('a picture', () => {
  test('says what it shows, in its title, its description, and the units of its time', () => {
    const svg = svgOf(chart());
    expect(svg).toContain('role="img" aria-labelledby="chart-title chart-description"');
    expect(svg).toContain('<title id="chart-title">Tuning job tune</title>\n<desc id="chart-description">Two jobs.</desc>');
    expect(texts(svg)).toEqual(['Tuning job tune', 'Two jobs.', '0.5', '0.6', '0.7', '0.8', 'accuracy', '0', '2', '4', '6', '8', '10', 'minutes since the first training job began']);
  });

  test('has a dot for each value, with its name, and a line through them', () => {
    const svg = svgOf(chart());
    expect(elements(svg, 'circle')).toHaveLength(2);
    expect(svg).toContain('<title>tune-001: 0.5</title></circle>');
    expect(svg.match(/class="through" d="(M[\d.]+ [\d.]+L[\d.]+ [\d.]+)"/)).not.toBeNull();
  });

  test('has greater values above lesser ones, and later ones to the right', () => {
    const [first, second] = [...svgOf(chart()).matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
    expect(first!.x).toBeLessThan(second!.x);
    expect(first!.y).toBeGreaterThan(second!.y);
  });

  test('has steps where those are wanted, to its right end, and says what is what', () => {
    const [only] = chart().panels;
    const svg = svgOf(chart({ legend: { dots: 'a job', line: 'the best' }, panels: [{ ...only!, steps: only!.dots }] }));
    expect(svg).toMatch(/class="steps" d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+H776"/);
    expect(texts(svg)).toEqual(expect.arrayContaining(['a job', 'the best']));
  });

  test('has one below the other what has an axis of its own, over the same time', () => {
    const svg = svgOf(chart({ panels: [panel(0.1, 0.2), { ...panel(1000, 2000), label: 'y' }] }));
    expect(elements(svg, 'path').filter((each) => each.includes('"axis"'))).toHaveLength(2);
    expect(texts(svg).filter((text) => text.startsWith('seconds since'))).toHaveLength(1);
    expect(texts(svg)).toEqual(expect.arrayContaining(['0.1', '2000']));
  });

  test.each([
    ['one value', [0.5]], ['equal values', [3, 3, 3]], ['nothing but zeros', [0, 0]], ['values that hardly differ', [1, 1 + 1e-15]], ['great values', [1e12, 3e12]], ['negative values', [-5, -3]],
    ['values of all sizes', [1e-9, 1e9]],
  ])('of %s has numbers everywhere', (_, values) => {
    const svg = svgOf(chart({ panels: [panel(...values)] }));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const [, y] of svg.matchAll(/cy="([-\d.]+)"/g)) {
      expect(Number(y)).toBeGreaterThan(0);
      expect(Number(y)).toBeLessThan(Number(/viewBox="0 0 800 (\d+)"/.exec(svg)![1]));
    }
    expect(new Set(texts(svg).slice(2, -1)).size).toBeGreaterThan(2);
  });

  test.each([[90, 'seconds'], [1800, 'minutes'], [36_000, 'hours'], [604_800, 'days']])('of %s seconds counts %s', (seconds, unit) => {
    expect(texts(svgOf(chart({ panels: [{ label: 'x', dots: [{ seconds: 0, value: 1 }, { seconds, value: 2 }] }] }))).at(-1)).toBe(`${unit} since the first training job began`);
  });

  test('is no program, whatever its names are, and needs nothing from elsewhere', () => {
    const nasty = '<script>alert("1")</script>&\u0000\ud800\'';
    const [first] = chart().panels;
    const given = chart({ title: nasty, description: nasty, since: nasty, legend: { dots: nasty, line: nasty }, panels: [{ label: nasty, dots: first!.dots.map((dot) => ({ ...dot, name: nasty })) }] });
    for (const text of [svgOf(given), htmlOf(given, [[nasty], [nasty]])]) {
      expect(text).not.toContain('<script');
      expect(text).not.toMatch(/[\u0000\ud800]/);
      expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
      expect(text.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
      expect(text).not.toMatch(/url\(|@import|href|src=/);
    }
  });

  test('is the same for the same values, and has colours for light and dark', () => {
    expect(svgOf(chart())).toBe(svgOf(chart()));
    expect(svgOf(chart())).toContain('@media (prefers-color-scheme:dark)');
  });

  test('of very many values is a line alone; where dots are of their own, all are there', () => {
    const many = panel(...Array.from({ length: 1000 }, (_, index) => index % 7));
    const svg = svgOf(chart({ panels: [many] }));
    expect(elements(svg, 'circle')).toHaveLength(0);
    expect(svg).toContain('class="through"');
    expect(elements(svgOf(chart({ panels: [{ ...many, steps: [] }] })), 'circle')).toHaveLength(1000);
  });

  test('breaks the lines of a long description, and cuts a long name', () => {
    const shown = texts(svgOf(chart({ description: 'word '.repeat(60).trim(), panels: [{ ...panel(1, 2), label: 'm'.repeat(300) }] })));
    expect(Math.max(...shown.map((text) => text.length))).toBeLessThan(120);
    expect(shown.filter((text) => text.startsWith('word')).join(' ')).toBe('word '.repeat(60).trim());
  });
});

test('a page has the picture, and its data as a table', () => {
  const html = htmlOf(chart(), [['name', 'value'], ['tune-001', '0.5']]);
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(html).toContain(svgOf(chart()).trimEnd());
  expect(html).toContain('<thead><tr><th scope="col">name</th><th scope="col">value</th></tr></thead>\n<tbody>\n<tr><td>tune-001</td><td>0.5</td></tr>\n</tbody>');
  expect(htmlOf(chart(), [['a']])).toBe(htmlOf(chart(), [['a']]));
});
