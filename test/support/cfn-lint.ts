import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith } from './python-with';

const REQUIREMENTS = join(__dirname, 'cfn-lint-requirements.txt');

/** How cfn-lint is called: as it is installed, or else in an environment made for it; nothing without a package index. */
export const linter: readonly string[] | undefined = [['cfn-lint'], ['python3', '-m', 'cfnlint']].find(hasVersion) ?? ownLinter();

function hasVersion([command, ...rest]: string[]): boolean {
  const [, wanted] = /^cfn-lint==(.*)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))!;
  const { status, stdout } = spawnSync(command!, [...rest, '--version'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === `cfn-lint ${wanted}`;
}

function ownLinter(): string[] | undefined {
  const found = pythonWith(REQUIREMENTS);
  return 'missing' in found ? undefined : [found.python, '-m', 'cfnlint'];
}

/** A test that needs it, or one that is skipped and says why. */
export function testWithLinter(name: string, work: () => void, timeout: number): void {
  if (linter) { test(name, work, timeout); } else { test.skip(`${name}: not looked at by cfn-lint, which can't be had here`, work); }
}

/** What it reports of templates, as if they were deployed to a Region; the empty text for nothing. */
export function lint(templates: readonly string[], region: string): string {
  const [command, ...rest] = linter!;
  const { status, stdout, stderr } = spawnSync(command!, [...rest, '--format', 'parseable', '--regions', region, '--', ...templates], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const report = `${stdout}${stderr}`;
  return status === 0 || report !== '' ? report : `cfn-lint ended with ${status}`;
}
