import type { Section } from './job-kind';

/** Rows without cells that are not known, and without rows that have nothing. */
export function section(label: string, rows: readonly (readonly (string | undefined)[])[]): Section {
  return { label, rows: rows.filter(([first]) => first !== undefined).map((row) => row.map((cell) => cell ?? '')) };
}

/** A map's entries by their names. */
export function sortedRows(map: { readonly [name: string]: string } | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Of a list, what is known, as one text; nothing when nothing is. */
export function listed(parts: readonly (string | false | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined && part !== false);
  return known.length === 0 ? undefined : known.join(', ');
}
