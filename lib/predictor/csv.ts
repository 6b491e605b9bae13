import { cannotRead, cannotWrite } from './errors';
import { isSequence, type Sequence } from './sequence';

/** A field of a row: nothing is an empty field. */
export type CsvField = string | number | bigint | boolean | null | undefined;
/** A list of fields, one of the array types of numbers, or a row that is written already. */
export type CsvRow = string | Sequence<CsvField>;
/** One row, several, or text that is CSV already. */
export type CsvData = CsvRow | readonly CsvRow[];

/** The lines of CSV as the Python SDK's `CSVSerializer` writes them: rows with a newline between them and none at the end. */
export function writeCsv(data: CsvData): string {
  if (typeof data === 'string') { return data; }
  if (!isSequence(data)) { throw cannotWrite(`CSV is written of a text, a list, or a list of lists, got ${typeof data}`); }
  const isTable = data.length > 0 && (typeof data[0] === 'string' || isSequence(data[0]));
  return isTable ? Array.from(data as readonly CsvRow[], writeRow).join('\n') : writeRow(data as Sequence<CsvField>);
}

function writeRow(row: CsvRow): string {
  if (typeof row === 'string') { return row; }
  if (!isSequence(row)) { throw cannotWrite(`a row of CSV is a text or a list, got ${typeof row}`); }
  if (row.length === 0) { throw cannotWrite('Cannot serialize empty array'); }
  const fields = row instanceof Float32Array ? Array.from(row, shortest) : Array.from(row as ArrayLike<CsvField>, fieldText);
  return fields.length === 1 && fields[0] === '' ? '""' : fields.map(quoted).join(',');
}

/** As Python writes them: readers of numbers in containers know `nan` and `inf`. */
function fieldText(field: CsvField): string {
  if (field === null || field === undefined) { return ''; }
  if (typeof field === 'object') { throw cannotWrite('a field of CSV is a text, a number or a boolean, got a list or an object'); }
  if (typeof field === 'boolean') { return field ? 'True' : 'False'; }
  if (typeof field === 'number' && !Number.isFinite(field)) { return Number.isNaN(field) ? 'nan' : field > 0 ? 'inf' : '-inf'; }
  return String(field);
}

/** The fewest digits that are the same float32: 0.1, where the number of 64 bits is 0.10000000149011612. */
function shortest(number: number): string {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find((count) => Math.fround(Number(number.toPrecision(count))) === number);
  return fieldText(digits === undefined ? number : Number(number.toPrecision(digits)));
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The rows of CSV, each a list of texts; a line break at the very end is none. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (let position = 0; position < text.length; position += text.startsWith('\r\n', position) ? 2 : 1) {
    const row: string[] = [];
    // A line with nothing on it is a row without a field.
    for (let goesOn = !/[\r\n]/.test(text[position] as string); goesOn; position += goesOn ? 1 : 0) {
      const [field, end] = text[position] === '"' ? quotedField(text, position) : plainField(text, position);
      row.push(field);
      position = end;
      goesOn = text[position] === ',';
    }
    rows.push(row);
  }
  return rows;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WORDS: { readonly [word: string]: number | boolean } = { 'nan': NaN, '+nan': NaN, '-nan': NaN, 'true': true, 'false': false };
for (const word of ['inf', 'infinity']) { Object.assign(WORDS, { [word]: Infinity, [`+${word}`]: Infinity, [`-${word}`]: -Infinity }); }

/** Rows of numbers, as NumPy reads them: without lines that are empty and what is behind a `#`; an empty field is NaN. @param keepsDigits whether whole numbers are bigints */
export function readNumbers(text: string, keepsDigits: boolean): (number | bigint | boolean)[][] {
  const lines = text.replace(/[ \t]*#.*$/gm, '').replace(/^[ \t]+$/gm, '');
  return readCsv(lines).filter((row) => row.length > 0).map((row, line) => row.map((field, index) => {
    const word = field.trim().toLowerCase();
    if (word === '') { return NaN; }
    if (Object.hasOwn(WORDS, word)) { return WORDS[word] as number | boolean; }
    if (!NUMBER.test(word)) { throw cannotRead(`the answer is no array of numbers: field ${index + 1} of row ${line + 1} is ${JSON.stringify(field)}; Deserializer.csv() reads texts`); }
    return keepsDigits && /^[+-]?\d+$/.test(word) ? BigInt(word) : Number(word);
  }));
}

function plainField(text: string, start: number): [string, number] {
  let end = start;
  while (end < text.length && !/[,\r\n]/.test(text[end] as string)) { end++; }
  return [text.slice(start, end), end];
}

function quotedField(text: string, start: number): [string, number] {
  let field = '';
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] !== '"') { field += text[position]; } else if (text[position + 1] === '"') { field += '"'; position++; } else {
      const [rest, end] = plainField(text, position + 1);
      return [field + rest, end];
    }
  }
  return [field, text.length];
}
