import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { audited, type AuditedRole } from '../../lib/audit/audit';
import { withNested } from '../../lib/audit/synthesized';
import { stacksOf } from '../../lib/local/assembly';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const emptyFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'audited-')));
  return folders.at(-1)!;
};

export const ENV = { env: { region: 'us-east-1', account: '123456789012' } };

/** The folder that an app is synthesized to. */
export function assemblyWith(build: (app: App) => void): string {
  const app = new App({ outdir: emptyFolder(), analyticsReporting: false });
  build(app);
  app.synth();
  return app.outdir;
}

/** What the roles of all stacks of an assembly may do, and why. */
export function rolesIn(folder: string, isAsked: (path: string) => boolean = () => true): AuditedRole[] {
  const stacks = stacksOf(folder);
  return audited(stacks.flatMap(withNested), stacks.map(({ metadata }) => metadata), ({ path }) => isAsked(path));
}

/** The same of an app with one stack, `Digits`. */
export function rolesOfStack(build: (stack: Stack) => void): AuditedRole[] {
  return rolesIn(assemblyWith((app) => build(new Stack(app, 'Digits', ENV))));
}

export function roleAt(roles: readonly AuditedRole[], path: string): AuditedRole {
  const role = roles.find((each) => each.path === path);
  if (role === undefined) { throw new Error(`no role at ${path}; there are ${roles.map((each) => each.path).join(', ')}`); }
  return role;
}

/** What no prop needs of the roles of jobs, models and the function. */
export function unexplainedOf(roles: readonly AuditedRole[]): string[] {
  return roles.filter(({ isOfLibrary }) => isOfLibrary)
    .flatMap(({ path, trust, statements }) => [
      ...trust.filter(({ isUnexplained }) => isUnexplained).map(({ principals = [], actions }) => `${path}: ${principals.join()} does ${actions.join()}`),
      ...statements.flatMap(({ unexplained }) => unexplained.map(({ action, resource }) => `${path}: ${action} on ${resource}`)),
    ]);
}

/** What props need and no policy allows. */
export function lackingOf(roles: readonly AuditedRole[]): string[] {
  return roles.filter(({ stack }) => stack !== undefined).flatMap(({ path, lacking }) => lacking.flatMap(({ statement, reasons }) => `${path}: ${statement.actions.join()} on ${statement.resources.join()} (${reasons[0].construct} ${reasons[0].prop})`));
}
