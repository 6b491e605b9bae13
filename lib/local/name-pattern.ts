/** Whether a name is one of those that a pattern means, in which `*` stands for anything. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** @throws Error for what is none */
export function requirePattern(pattern: unknown, what: string): void {
  if (typeof pattern !== 'string' || pattern === '') { throw new Error(`${what} must be a name, in which * stands for anything; got ${JSON.stringify(pattern)}`); }
}
