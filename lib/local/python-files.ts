import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A Python program that comes with the package: beside the source, and beside the bundle that is made of it. */
export function pythonFile(name: string): string {
  const file = join(__dirname, 'python', name);
  if (!existsSync(file)) { throw new Error(`${file} is missing; the package is not whole`); }
  return file;
}
