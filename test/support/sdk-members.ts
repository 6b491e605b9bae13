/** What a schema of the SDK says of one request, as the compact table the library keeps: `training-job-members.json`. */
export type MemberTable = string | [MemberTable] | { [member: string]: MemberTable };

const LIST = 64;
const MAP = 128;
const SIMPLE: { [code: number]: string } = { 0: 'string', 1: 'number', 2: 'boolean' };

export function membersOf(schema: unknown): MemberTable {
  const resolved = typeof schema === 'function' ? schema() : schema;
  if (typeof resolved === 'number') {
    if (resolved & MAP) { return { '*': membersOf(resolved ^ MAP) }; }
    if (resolved & LIST) { return [membersOf(resolved ^ LIST)]; }
    return SIMPLE[resolved];
  }
  switch (resolved[0]) {
    case 0: return membersOf(resolved[4]);
    case 1: return [membersOf(resolved[4])];
    case 2: return { '*': membersOf(resolved[5]) };
    default: return Object.fromEntries((resolved[4] as string[]).map((member, index) => [member, membersOf(resolved[5][index])])
      .sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Paths of a request that the schema does not know. */
export function unknownMembers(schema: unknown, value: unknown, path = ''): string[] {
  const visit = (table: MemberTable, entry: unknown, at: string): string[] => {
    if (entry === undefined || typeof table === 'string') { return []; }
    if (Array.isArray(table)) { return (entry as unknown[]).flatMap((element, index) => visit(table[0], element, `${at}[${index}]`)); }
    return Object.entries(entry as object).flatMap(([member, inner]) => {
      const known = table['*'] ?? table[member];
      return known === undefined ? [`${at}.${member}`] : visit(known, inner, `${at}.${member}`);
    });
  };
  return visit(membersOf(schema), value, path);
}

/** Every path at which the schema has a value: `A.B[].C`, values of a map as `A{}`. */
export function leaves(table: MemberTable, path = ''): string[] {
  if (typeof table === 'string') { return [path]; }
  if (Array.isArray(table)) { return leaves(table[0], `${path}[]`); }
  return Object.entries(table).flatMap(([member, inner]) => leaves(inner, member === '*' ? `${path}{}` : path === '' ? member : `${path}.${member}`));
}

/** Every path at which a request has one, by the same names. */
export function leavesOf(table: MemberTable, value: unknown, path = ''): string[] {
  if (value === undefined) { return []; }
  if (typeof table === 'string') { return [path]; }
  if (Array.isArray(table)) { return Array.isArray(value) ? value.flatMap((entry) => leavesOf(table[0], entry, `${path}[]`)) : [path]; }
  const isMap = '*' in table;
  return Object.entries(value as object).flatMap(([member, entry]) => leavesOf(isMap ? table['*'] : table[member], entry, isMap ? `${path}{}` : path === '' ? member : `${path}.${member}`));
}
