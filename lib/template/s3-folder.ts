/** A prefix as a folder: with one slash at its end and none before it, unless it is the whole bucket. */
export function folder(prefix: string): string {
  const path = withoutSlash(prefix).replace(/^\/+/, '');
  return path === '' ? '' : `${path}/`;
}

export function withoutSlash(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}
