import { cannotWrite } from './errors';
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
  const fields = Array.from(row as ArrayLike<CsvField>, fieldText);
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
