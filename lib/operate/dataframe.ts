import { aligned, utc } from './status-lines';

/** Nothing is what a data frame of Python has as `None` or `NaN`. */
export type Cell = string | number | Date | undefined;
/** The cells of a row by their columns, in their order. */
export type Row = ReadonlyMap<string, Cell>;

/** A table of results, as the Python SDK's data frames are. */
export interface Frame {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Columns are in the order in which rows first have them, as in pandas. */
export function frameOf(rows: readonly Row[], columns: readonly string[] = []): Frame {
  return { columns: [...new Set([...columns, ...rows.flatMap((row) => [...row.keys()])])], rows };
}

export const FORMATS = ['table', 'csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** A frame as text, which ends with a newline. */
export function textOf(frame: Frame, format: Format): string {
  return { table: tableOf, csv: csvOf, json: jsonOf }[format](frame);
}

/** RFC 4180, with the newlines of Unix; what there is not is empty. */
function csvOf({ columns, rows }: Frame): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const shown = (cell: Cell) => {
    if (cell instanceof Date) { return cell.toISOString(); }
    if (typeof cell === 'number' && !Number.isFinite(cell)) { return Number.isNaN(cell) ? '' : cell > 0 ? 'inf' : '-inf'; }
    return String(cell ?? '');
  };
  return [columns.map(quoted), ...rows.map((row) => columns.map((column) => quoted(shown(row.get(column)))))].map((cells) => `${cells.join(',')}\n`).join('');
}

/** An array with an object for each row, which has all columns; what there is not, or is no number, is null. */
function jsonOf({ columns, rows }: Frame): string {
  const lines = rows.map((row) => `  ${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row.get(column) ?? null])))}`);
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** For people. */
const tableOf = (frame: Frame) => aligned(cellsOf(frame)).map((line) => `${line}\n`).join('');

/** The columns' names, and the rows below each other: numbers with six digits, times as UTC, texts without the quotes of JSON. */
export function cellsOf({ columns, rows }: Frame): string[][] {
  const shown = (cell: Cell) => {
    if (cell instanceof Date) { return utc(cell.getTime()); }
    if (typeof cell === 'number') { return Number.isNaN(cell) ? '' : String(Number(cell.toPrecision(6))); }
    return printable(unquoted(cell ?? ''));
  };
  return [columns.map(printable), ...rows.map((row) => columns.map((column) => shown(row.get(column))))];
}

/** Framework estimators give their scripts texts as JSON. */
function unquoted(text: string): string {
  try {
    const value = /^".*"$/.test(text) ? JSON.parse(text) as unknown : text;
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** Without what would move a terminal's cursor. */
 
const printable = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

/** A number where Python's `float` reads one, otherwise the text. */
export function numberOrText(text: string): number | string {
  if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) { return Number(text); }
  const [, sign, word] = /^\s*([+-]?)(inf|infinity|nan)\s*$/i.exec(text) ?? [];
  return word === undefined ? text : /nan/i.test(word) ? NaN : sign === '-' ? -Infinity : Infinity;
}
