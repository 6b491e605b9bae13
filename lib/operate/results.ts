import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { htmlOf, svgOf, type Chart } from './chart';
import { cellsOf, FORMATS, textOf, type Format, type Frame } from './dataframe';
import { CommandError, usageError } from './faults';
import type { Screen } from './screen';

/** How a command gives its results. */
export interface ResultOptions {
  readonly json: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly picture?: string;
}

/** Where results go, checked before anything is looked up. */
export interface Destination {
  readonly format: Format;
  readonly output?: string;
  readonly picture?: string;
}

const PICTURES = ['.svg', '.html'];

/** @throws CommandError for a format that there is not */
export function destinationOf({ json, format, output, picture }: ResultOptions): Destination {
  if (format !== undefined && !FORMATS.includes(format as Format)) { throw usageError(`--format must be one of ${FORMATS.join(', ')}, got ${format}`); }
  if (json && format !== undefined && format !== 'json') { throw usageError(`--json is --format json, and --format ${format} is given too`); }
  if (picture !== undefined && !PICTURES.includes(extname(picture).toLowerCase())) { throw usageError(`--picture must be a file that ends in ${PICTURES.join(' or ')}, got ${picture}`); }
  const byName = FORMATS.find((each) => output !== undefined && extname(output).toLowerCase() === `.${each}`);
  return { format: json ? 'json' : format as Format | undefined ?? byName ?? 'table', output, picture };
}

export interface Results {
  /** As the Python SDK has it. */
  readonly frame: Frame;
  /** The same for people, in the order that they want. */
  readonly table: Frame;
  /** Nothing where there is nothing to draw, and why. */
  readonly chart: Chart | string;
}

/** Prints results, or writes them to a file, and draws them. @throws CommandError for a file that can't be written, or nothing to draw */
export async function give({ frame, table, chart }: Results, { format, output, picture }: Destination, screen: Screen): Promise<void> {
  const text = textOf(format === 'table' ? table : frame, format);
  if (output === undefined) {
    await screen.result(text.slice(0, -1));
  } else {
    written(output, text);
    screen.say(undefined, `${frame.rows.length} ${frame.rows.length === 1 ? 'row' : 'rows'} written to ${output}`);
  }
  draw({ table, chart }, picture, screen);
}

/** Draws results, where a picture is wanted. @throws CommandError for a file that can't be written, or nothing to draw */
export function draw({ table, chart }: Pick<Results, 'table' | 'chart'>, picture: string | undefined, screen: Screen): void {
  if (picture === undefined) { return; }
  if (typeof chart === 'string') { throw new CommandError(`${picture} is not drawn: ${chart}`); }
  written(picture, extname(picture).toLowerCase() === '.svg' ? svgOf(chart) : htmlOf(chart, cellsOf(table)));
  screen.say(undefined, `picture written to ${picture}`);
}

function written(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`${file} can't be written: ${(error as Error).message}`);
  }
}
