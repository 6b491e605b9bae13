import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended, RealCli } from './real-cli';

const ROOT = join(__dirname, '..', '..');

/** A copy of an app outside of the repository, as a user has it, and the CDK's command line in it. */
export class AppFolder {
  private readonly folder: string;

  public constructor(private readonly cli: RealCli, private readonly name: string, source: string) {
    this.folder = join(cli.folder, name);
    cpSync(source, this.folder, { recursive: true });
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const [link, target] of [['cdk-sagemaker', ROOT], ['aws-cdk-lib', join(ROOT, 'node_modules', 'aws-cdk-lib')], ['constructs', join(ROOT, 'node_modules', 'constructs')]] as const) {
      symlinkSync(target, join(modules, link));
    }
  }

  public cdk(...args: string[]): Promise<Ended> {
    return this.cli.cdk(this.folder, ...args, '--app', `${join(ROOT, 'node_modules', '.bin', 'tsx')} app.ts`, '--output', join(this.cli.folder, `${this.name}.out`));
  }

  /** Answers how it ended, well or not. */
  public deploy(...args: string[]): Promise<Ended> { return this.cdk('deploy', '--all', '--require-approval', 'never', ...args); }

  /** As `cdk`, for what must go well: its output. */
  public async done(...args: string[]): Promise<string> { return whenWell(await this.cdk(...args)); }

  public async deployed(...args: string[]): Promise<string> { return whenWell(await this.deploy(...args)); }

  public read(file: string): string { return readFileSync(join(this.folder, file), 'utf8'); }

  public edit(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const edited = text.replace(from, to);
    if (edited === text) { throw new Error(`${file} has nothing like ${from}`); }
    writeFileSync(join(this.folder, file), edited);
  }
}

function whenWell({ code, output }: Ended): string {
  if (code !== 0) { throw new Error(output); }
  return output;
}
