type Tree = { [name: string]: unknown };

/** `$.a.b[0]` as its parts; the context object (`$$`) and filters are not understood. */
function parts(path: string): (string | number)[] {
  if (!/^\$(\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']+'\])*$/.test(path)) { throw new Error(`not a reference path that the local AWS understands: ${path}`); }
  return [...path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']+)'\]/g)].map((match) => (match[2] === undefined ? match[1] ?? match[3] as string : Number(match[2])));
}

/** The value at a path; undefined when there is none. */
export function valueAt(document: unknown, path: string): unknown {
  return parts(path).reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? (at as Tree)[part] : undefined), document);
}

/** The document with another value at the path; what it was stays as it was. */
export function withValueAt(document: unknown, path: string, value: unknown): unknown {
  const put = (at: unknown, [part, ...rest]: (string | number)[]): unknown => {
    if (part === undefined) { return value; }
    const object = typeof at === 'object' && at !== null ? at as Tree : {};
    return Array.isArray(at) ? at.map((element, index) => (index === part ? put(element, rest) : element)) : { ...object, [part]: put(object[part], rest) };
  };
  return put(document, parts(path));
}

/** A payload template: members whose name ends in `.$` are paths. */
export function filledIn(template: unknown, document: unknown): unknown {
  if (Array.isArray(template)) { return template.map((element) => filledIn(element, document)); }
  if (typeof template !== 'object' || template === null) { return template; }
  return Object.fromEntries(Object.entries(template).map(([name, member]) => {
    if (!name.endsWith('.$')) { return [name, filledIn(member, document)]; }
    const value = valueAt(document, String(member));
    if (value === undefined) { throw new Error(`The JSONPath '${String(member)}' specified for the field '${name}' could not be found in the input`); }
    return [name.slice(0, -2), value];
  }));
}
