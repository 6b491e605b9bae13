/** A prefix as a folder: with one slash at its end, unless it is the whole bucket. */
export function folder(prefix: string): string {
  const path = withoutSlash(prefix);
  return path === '' ? '' : `${path}/`;
}

export function withoutSlash(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}
