/**
 * Order of versions: part by part as numbers, so that 1.10 is after 1.9; an added `-1` is a later build of the same
 * version. A part that is no number (`latest`, the x of `3.x`) is before every number.
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) { return difference; }
  }
  return 0;
}

/** The newest of some versions, the first of equal ones (0.11 and 0.11.0); undefined of none. */
export function newestOf(versions: readonly string[]): string | undefined {
  return [...versions].sort((one, other) => compareVersions(other, one))[0];
}

const partsOf = (version: string) => version.split(/[.-]/).map((part) => (/^\d+$/.test(part) ? Number(part) : -1));
