import { cannotWrite } from './errors';

/** One row of LibSVM: its label, and by index the features that are not zero. */
export interface LibSvmRow {
  /** @default 0, which a model does not look at */
  readonly label?: number;
  readonly features: { readonly [index: number]: number };
}

/** `label index:value index:value`, a line for each row, in the order of the indices; a text is sent as it is. */
export function writeLibSvm(data: string | readonly LibSvmRow[]): string {
  if (typeof data === 'string') { return data; }
  if (!Array.isArray(data)) { throw cannotWrite(`LibSVM is written of a text or a list of rows { label, features }, got ${typeof data}`); }
  if (data.length === 0) { throw cannotWrite('Cannot serialize empty array'); }
  return (data as readonly LibSvmRow[]).map(({ label = 0, features }, row) => {
    if (!Number.isFinite(label)) { throw cannotWrite(`the label of LibSVM is a number, got ${String(label)} in row ${row}`); }
    if (typeof features !== 'object' || features === null || Array.isArray(features)) { throw cannotWrite(`row ${row} has no features { index: value }`); }
    const pairs = Object.entries(features).map(([index, value]) => {
      if (!/^\d+$/.test(index) || !Number.isFinite(value)) { throw cannotWrite(`a feature of LibSVM is a number at an index, got ${index}:${value} in row ${row}`); }
      return [Number(index), value as number] as const;
    });
    return [label, ...pairs.sort(([one], [other]) => one - other).map(([index, value]) => `${index}:${value}`)].join(' ');
  }).join('\n');
}
