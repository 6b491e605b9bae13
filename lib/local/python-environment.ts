import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ProcessGroup } from './process-group';
import { pythonFile } from './python-files';
import { lock, Locked } from './state-lock';

export interface PythonEnvironmentsOptions {
  /** @default CDK_SAGEMAKER_CACHE, else $XDG_CACHE_HOME/cdk-sagemaker or ~/.cache/cdk-sagemaker */
  readonly cacheFolder?: string;
  /** @default python3 from PATH */
  readonly python?: string;
}

export interface PythonNeeds {
  /** Requirement specifiers, as in a line of requirements.txt. */
  readonly packages: readonly string[];
  /** Must be there, but are not installed unasked. */
  readonly expected?: readonly string[];
  /** A requirements.txt, if there is one at that path. */
  readonly requirementsFile?: string;
  /** Whether the requirements file may be installed from; `packages` always may. @default true */
  readonly mayInstallRequirements?: boolean;
  /** What is being installed, for a log. */
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** An interpreter that has what was asked for, and the variables to run it with. */
export interface PythonEnvironment {
  readonly python: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What is wrong lies with the machine or with what was asked for, not with a script. */
export class PythonEnvironmentError extends Error {}

/**
 * Virtual environments of scripts, made once and kept: `<cache>/python/<hash of what is in it>`. They see the system's
 * packages, and nothing is made or installed where those are enough.
 */
export class PythonEnvironments {
  private readonly folder: string;
  private readonly python: string;

  constructor(options: PythonEnvironmentsOptions = {}) {
    this.folder = join(options.cacheFolder ?? defaultCacheFolder(), 'python');
    this.python = options.python ?? 'python3';
  }

  /** @throws PythonEnvironmentError that names what is missing and how to get it */
  async environment(needs: PythonNeeds): Promise<PythonEnvironment> {
    const system = await this.systemPython();
    const requirements = needs.requirementsFile === undefined ? '' : await readFile(needs.requirementsFile, 'utf8').catch(() => '');
    const lines = requirementLines(requirements);
    if (await isSatisfied(system.executable, [...needs.packages, ...needs.expected ?? [], ...lines])) { return { python: system.executable, variables: {} }; }
    await refuseMissing(system.executable, needs, lines);
    const mayInstall = needs.mayInstallRequirements ?? true;
    if (!mayInstall && await isSatisfied(system.executable, needs.packages)) { throw await notWithoutNetwork(system.executable, lines); }
    const folder = join(this.folder, await keyOf(system.version, needs, mayInstall ? requirements : ''));
    const python = join(folder, 'bin', 'python');
    if (!await exists(join(folder, 'ready'))) {
      await this.whileLocked(`${folder}.lock`, needs.signal, async () => {
        if (await exists(join(folder, 'ready'))) { return; }               // made by the one who had the lock
        await rm(folder, { recursive: true, force: true });                // left behind half made
        await mkdir(this.folder, { recursive: true });
        await this.make(system.executable, folder, needs, mayInstall && lines.length > 0);
        await writeFile(join(folder, 'ready'), `${[...needs.packages, ...lines].join('\n')}\n`);
      });
    }
    if (!mayInstall && !await isSatisfied(python, lines)) { throw await notWithoutNetwork(python, lines); }
    return { python, variables: { VIRTUAL_ENV: folder, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH ?? ''}` } };
  }

  /** The interpreter that is there already. */
  async systemPython(): Promise<{ readonly executable: string; readonly version: string }> {
    const told = await output(this.python, ['-c', 'import sys; print(sys.executable); print(sys.version)']).catch(() => undefined);
    if (told === undefined) {
      throw new PythonEnvironmentError(`${this.python} can't be run: process mode needs Python 3.8 or newer as python3 in PATH`);
    }
    const [executable, ...version] = told.split('\n');
    return { executable: executable as string, version: version.join('\n') };
  }

  private async make(python: string, folder: string, needs: PythonNeeds, withFile: boolean): Promise<void> {
    const log = needs.log ?? (() => undefined);
    log(`Making a Python environment in ${folder}`);
    const failed = (lines: string) => `${python} can't make a virtual environment (on Debian and Ubuntu it needs the package python3-venv): ${lines}`;
    // The system's pip serves a virtual environment that sees it; to unpack another one takes seconds.
    await run([python, '-m', 'venv', '--system-site-packages', '--without-pip', folder], this.folder, needs, failed);
    if (!await isSatisfied(join(folder, 'bin', 'python'), ['pip'])) { await run([join(folder, 'bin', 'python'), '-m', 'ensurepip'], this.folder, needs, failed); }
    const install = async (what: readonly string[], name: string, cwd: string) => {
      log(`Installing ${name}`);
      await run([join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', ...what], cwd, needs, (lines) =>
        `Python packages could not be installed (${name}). Is a Python package index within reach, and does it have them? ${lines}`);
    };
    const missing = await missingPackages(join(folder, 'bin', 'python'), needs.packages);
    if (missing.length > 0) { await install(missing, missing.join(', '), this.folder); }
    if (withFile) {
      const file = needs.requirementsFile as string;
      await install(['-r', file], `requirements.txt: ${requirementLines(await readFile(file, 'utf8')).join(', ')}`, dirname(file));
    }
  }

  /** One at a time, across processes: a folder can be made only once. */
  private async whileLocked(folder: string, signal: AbortSignal | undefined, action: () => Promise<void>): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const release = await lock(folder, folder).catch((error: unknown) => {
        if (!(error instanceof Locked)) { throw error; }
      });
      if (release !== undefined) {
        try { return await action(); } finally { release(); }
      }
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
}

function defaultCacheFolder(): string {
  return process.env.CDK_SAGEMAKER_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk-sagemaker');
}

async function refuseMissing(python: string, needs: PythonNeeds, lines: readonly string[]): Promise<void> {
  const required = lines.map(nameOf);
  const absent = await missingPackages(python, (needs.expected ?? []).filter((name) => !required.includes(nameOf(name))));
  if (absent.length > 0) {
    throw new PythonEnvironmentError(`The image brings ${absent.join(', ')}, which process mode does not install unasked: `
      + `install it for python3, or name it in the requirements.txt of the script`);
  }
}

async function notWithoutNetwork(python: string, lines: readonly string[]): Promise<PythonEnvironmentError> {
  return new PythonEnvironmentError(`requirements.txt can't be installed without a network (network isolation): ${(await missingPackages(python, lines)).join(', ')}`);
}

async function isSatisfied(python: string, lines: readonly string[]): Promise<boolean> {
  return (await missingPackages(python, lines)).length === 0;
}

async function missingPackages(python: string, lines: readonly string[]): Promise<string[]> {
  if (lines.length === 0) { return []; }
  const told = await output(python, [pythonFile('missing_packages.py')], lines.join('\n'));
  return told.split('\n').filter((line) => line !== '');
}

/** The key of an environment. A requirements file that points at files beside it stands for those too. */
async function keyOf(version: string, needs: PythonNeeds, requirements: string): Promise<string> {
  const hash = createHash('sha256').update(version).update('\0').update([...needs.packages].sort().join('\n')).update('\0').update(requirementLines(requirements).join('\n'));
  if (needs.requirementsFile !== undefined && requirementLines(requirements).some((line) => /^-|^\.|^\/|:/.test(line))) {
    const folder = dirname(needs.requirementsFile);
    for (const entry of (await readdir(folder, { withFileTypes: true, recursive: true })).filter((each) => each.isFile()).sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))) {
      hash.update('\0').update(pathOf(entry).slice(folder.length)).update(await readFile(pathOf(entry)));
    }
  }
  return hash.digest('hex').slice(0, 24);
}

// Node 20.12 renamed `path` to `parentPath`.
const pathOf = (entry: { readonly name: string; readonly parentPath?: string; readonly path?: string }) => join(entry.parentPath ?? entry.path ?? '', entry.name);

const requirementLines = (text: string) => text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '');
const nameOf = (requirement: string) => (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? requirement).toLowerCase().replace(/[._]/g, '-');
const exists = (path: string) => stat(path).then(() => true, () => false);

function output(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { encoding: 'utf8' }, (error, stdout) => (error === null ? resolve(stdout.trimEnd()) : reject(error)));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs a program to its end; the tail of what it said goes into the error. */
async function run(command: readonly string[], cwd: string, needs: PythonNeeds, message: (lines: string) => string): Promise<void> {
  let said = '';
  const group = new ProcessGroup(command, { cwd, env: process.env, isMarked: true, onOutput: (chunk) => { said = (said + chunk.toString()).slice(-8000); } });
  group.input.end();
  const abort = () => group.signal('SIGKILL');
  needs.signal?.addEventListener('abort', abort);
  const end = await group.end;
  needs.signal?.removeEventListener('abort', abort);
  needs.signal?.throwIfAborted();
  if (end.code !== 0) {
    const lines = said.split('\n').filter((line) => line.trim() !== '');
    const errors = lines.filter((line) => /^ERROR|Error:/.test(line));
    throw new PythonEnvironmentError(message(end.error ?? (errors.length > 0 ? errors : lines).slice(-3).join(' ')));
  }
}
