import { validationException } from '../service-error';

/** What the List operations have in common. */
export interface ListInput {
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly NameContains?: string;
  readonly CreationTimeAfter?: Date | number;
  readonly CreationTimeBefore?: Date | number;
  readonly LastModifiedTimeAfter?: Date | number;
  readonly LastModifiedTimeBefore?: Date | number;
  readonly StatusEquals?: string;
  readonly SortBy?: string;
  readonly SortOrder?: string;
}

export interface ListRow {
  readonly name: string;
  readonly created: number;
  readonly modified: number;
  readonly status?: string;
  /** What FinalObjectiveMetricValue sorts by. */
  readonly value?: number;
  readonly summary: Record<string, unknown>;
}

/** Filters, sorts and cuts rows as SageMaker does: the newest first, ten a page unless told otherwise. */
export function page(member: string, rows: readonly ListRow[], input: ListInput): Record<string, unknown> {
  const found = rows.filter((row) => (input.NameContains === undefined || row.name.toLowerCase().includes(input.NameContains.toLowerCase()))
    && (input.StatusEquals === undefined || row.status === input.StatusEquals)
    && row.created > time(input.CreationTimeAfter, -Infinity) && row.created < time(input.CreationTimeBefore, Infinity)
    && row.modified > time(input.LastModifiedTimeAfter, -Infinity) && row.modified < time(input.LastModifiedTimeBefore, Infinity));
  const direction = (input.SortOrder ?? (input.SortBy === 'Name' ? 'Ascending' : 'Descending')) === 'Ascending' ? 1 : -1;
  const key = (row: ListRow) => (input.SortBy === 'Name' ? row.name : input.SortBy === 'Status' ? row.status ?? '' : input.SortBy === 'FinalObjectiveMetricValue' ? row.value ?? 0 : row.created);
  found.sort((a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const from = Number(input.NextToken ?? 0);
  if (!Number.isInteger(from) || from < 0) { throw validationException('Invalid NextToken'); }
  const to = from + (input.MaxResults ?? 10);
  return { [member]: found.slice(from, to).map((row) => row.summary), NextToken: to < found.length ? String(to) : undefined };
}

// On the wire a time is a number of seconds.
const time = (value: Date | number | undefined, without: number) => (value === undefined ? without : value instanceof Date ? value.getTime() : value * 1000);
