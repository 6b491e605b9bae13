import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeEngineProps {
  readonly name?: 'docker' | 'podman';
  /** What a command does, in the shell: `pull` -> `echo no >&2; exit 1`. Otherwise it says nothing and succeeds; `image` finds nothing. */
  readonly does?: Readonly<Record<string, string>>;
}

/** A command that is taken for an engine, and writes down what it is told; and an AWS CLI beside it. */
export class FakeEngine {
  public readonly folder = mkdtempSync(join(tmpdir(), 'engine-'));
  public readonly program = join(this.folder, 'engine');

  constructor({ name = 'docker', does = {} }: FakeEngineProps = {}) {
    const commands = { 'version': 'echo "4.5|4.5"', '--version': `echo "${name} version 4.5"`, 'image': 'exit 1', ...does };
    this.script('engine', Object.entries(commands).map(([command, what]) => `${command}) ${what} ;;`).join('\n'));
  }

  /** An AWS CLI for those who have `path` as their PATH. */
  public aws(does: string): void {
    this.script('aws', `ecr) ${does} ;;`);
  }

  public get environment(): NodeJS.ProcessEnv {
    return { ...process.env, CDK_DOCKER: this.program };
  }

  /** Every call since the engine was found, but for those that ask what there is. */
  public get calls(): string[][] {
    return this.allCalls.filter(([command = '']) => !['version', '--version', 'info', 'ps', 'network'].includes(command));
  }

  public get allCalls(): string[][] {
    return readFileSync(join(this.folder, 'calls'), 'utf8').split('\n').filter((line) => line !== '').map((line) => line.split('\t').slice(0, -1));
  }

  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private script(name: string, cases: string): void {
    const file = join(this.folder, name);
    writeFileSync(file, `#!/bin/sh\nhere="${this.folder}"\n{ printf '%s\\t' "$@"; echo; } >> "$here/calls"\ncase "$1" in\n${cases}\nesac\n`);
    chmodSync(file, 0o755);
  }
}
