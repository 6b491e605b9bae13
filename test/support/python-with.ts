import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** An interpreter, or why there is none. */
export type FoundPython = { readonly python: string } | { readonly missing: string };

/** One that has what this file names, in a virtual environment that is made once and kept. */
export function pythonWith(requirements: string): FoundPython {
  try {
    return { python: execFileSync(process.execPath, [join(ROOT, 'scripts', 'venv.mjs'), requirements], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim() };
  } catch (error) {
    return { missing: String((error as { stderr?: string }).stderr ?? error).trim().split('\n').at(-1) as string };
  }
}

/**
 * A group of tests that need it. Without a package index they are skipped and say why; with CDK_SAGEMAKER_E2E=required they fail.
 *
 * @param what what can't be had, for the sentence that says so
 * @param tests gets a function that answers the interpreter, once tests run
 */
export function describeWithPython(name: string, requirements: string, what: string, tests: (python: () => string) => void): void {
  const found = pythonWith(requirements);
  const isSkipped = 'missing' in found && process.env.CDK_SAGEMAKER_E2E !== 'required';
  if ('missing' in found && isSkipped) { console.warn(`skipped: ${what}, which can't be had here: ${found.missing}`); }
  (isSkipped ? describe.skip : describe)(name, () => {
    beforeAll(() => {
      if ('missing' in found) { throw new Error(`${what}, which can't be had here: ${found.missing}`); }
    });
    tests(() => (found as { python: string }).python);
  });
}
