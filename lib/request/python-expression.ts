/** Escapes and classes as a whole, so that what is in them is no group; then what Python writes in another way, or alone has. */
const PARTS = /\\[\s\S]|\[(\^?)(\]?)((?:\\[\s\S]|[^\]\\])*)\]|\(\?#[^)]*\)|\(\?P<|\(\?P=(\w+)\)|\(\?(?:[a-zA-Z]*-?[a-zA-Z]*:|>|\(\w+\))|([*+?}])\+/g;

/** Flags for all of the expression, at its beginning. */
const FLAGS = /^\(\?([aiLmsux]+)\)/;

/**
 * Whether a text may be a regular expression of Python's. What both languages refuse is none; what Python alone refuses passes, for its
 * compiler is not here, and so does an expression with comments (flag `x`), which may have anything in them.
 */
export function isPythonExpression(text: string): boolean {
  const [prefix = '', flags = ''] = FLAGS.exec(text) ?? [];
  if (flags.includes('x')) { return true; }
  try {
    return new RegExp(text.slice(prefix.length).replace(PARTS, inJavaScript)) instanceof RegExp;
  } catch {
    return false;
  }
}

/** The same part as JavaScript has it, or one that is legal exactly when it is. */
function inJavaScript(part: string, not: string | undefined, bracket: string | undefined, members: string | undefined, group: string | undefined, repeat: string | undefined): string {
  if (part.startsWith('[')) { return `[${not}${bracket && '\\]'}${members}]`; }   // a bracket that is first is a member
  if (part.startsWith('(?#')) { return ''; }
  if (part === '(?P<') { return '(?<'; }
  if (group !== undefined) { return `\\k<${group}>`; }
  return repeat ?? (part.startsWith('(') ? '(?:' : part);                          // flags, atoms and conditions of a group; greed for good
}
