import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, relative } from 'node:path';
import { awsImage } from '../aws-image';
import { ImageFiles } from '../images/image-files';
import { planOf, type ImagePlan } from '../images/image-plan';
import type { StoredImage } from '../images/image-store';
import type { PythonEnvironment, PythonNeeds } from '../python-environment';
import { JobFailure } from './failure-reason';
import type { JobLog } from './job-log';
import { machineVariables, type Machine } from './machine';

/** An image whose Dockerfile is here. */
export interface LocalImage {
  readonly stored: StoredImage;
  readonly plan: ImagePlan;
  /** It leaves its entry point to AWS's training or inference toolkit, which runs scripts; otherwise it has programs of its own. */
  readonly runsScripts: boolean;
}

/** @throws ServiceError for a Dockerfile that can't be followed */
export function localImage(machine: Machine, uri: string | undefined): LocalImage | undefined {
  const stored = machine.images.find(uri);
  if (stored === undefined) { return undefined; }
  const plan = planOf(stored);
  const hasToolkit = awsImage(plan.base) !== undefined || plan.steps.some((step) => step.kind === 'install' && step.requirements.some(isToolkit));
  return { stored, plan, runsScripts: hasToolkit && plan.entrypoint === undefined };
}

/**
 * Lays out an image's files in a folder that stands for the root of the container; `/opt/ml` is in it already.
 *
 * @throws JobFailure for what building the image would fail with
 */
export function imageFiles({ stored, plan }: LocalImage, root: string): ImageFiles {
  try {
    return new ImageFiles(root, stored.context, plan);
  } catch (error) {
    throw new JobFailure(`ClientError: The image can't be made of its Dockerfile: ${(error as Error).message}`);
  }
}

/** A program that an image is told to run, and that can't be started. */
export class CannotStart extends Error {}

/**
 * An image of the user's own without a container: its files in a working folder, its Python packages in a virtual
 * environment, its programs as processes.
 */
export class Container {
  /**
   * @param files of this image
   * @param needs what a script needs in addition
   */
  public static async create(image: LocalImage, files: ImageFiles, machine: Machine, log: JobLog, needs: Omit<PythonNeeds, 'packages'> = {}): Promise<Container> {
    const { plan } = image;
    const base = awsImage(plan.base);
    // What a toolkit does is done here by this library.
    const packages = [...base?.packages ?? [], ...files.requirements.filter((requirement) => !image.runsScripts || !isToolkit(requirement))];
    const python = await machine.python.environment({ packages, expected: base?.expected, log: (line) => log.note(line), ...needs });
    const container = new Container(plan, files, python);
    container.notes().forEach((note) => log.note(note));
    return container;
  }

  /** Folder of the machine that the container's programs are started in. */
  public readonly workingFolder: string;
  private readonly ml: string;

  private constructor(private readonly plan: ImagePlan, private readonly files: ImageFiles, public readonly python: PythonEnvironment) {
    this.workingFolder = files.at(plan.workingFolder);
    this.ml = files.at('/opt/ml');
    if (python.variables.VIRTUAL_ENV === undefined) { this.nameInterpreter(); }
  }

  /** The variables of its ENV instructions, and what it finds its programs by. */
  public environment(): Record<string, string> {
    const { PATH: _, ...given } = this.plan.environment;
    return {
      ...machineVariables(join(this.ml, 'tmp')),
      ...this.python.variables,
      PATH: [...this.ownFolders(), process.env.PATH ?? ''].join(delimiter),
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.split(':').map((part) => this.here(part)).join(':')])),
      SAGEMAKER_BASE_DIR: this.ml,
    };
  }

  /**
   * What `docker run <image> <args>` would run.
   *
   * @param entrypoint in place of the image's own
   * @throws CannotStart
   */
  public command(entrypoint: readonly string[] | undefined, args: readonly string[]): string[] {
    const [program = '', ...rest] = [...entrypoint ?? this.plan.entrypoint ?? [], ...args];
    // What the machine happens to have under the name `train` or `serve` is not the image's.
    const isNamed = entrypoint !== undefined || this.plan.entrypoint !== undefined;
    return [...this.programAt(program, isNamed), ...rest.map((arg) => this.argument(arg))];
  }

  /** Paths of this machine in what the container said, as the container has them. */
  public asInside(text: string): string {
    return text.replaceAll(this.files.root, '');
  }

  private programAt(program: string, mayBeOfMachine: boolean): string[] {
    const file = program.includes('/')
      ? [isAbsolute(program) ? this.files.at(program) : join(this.workingFolder, program)].find(isFile)
      : this.ownFolders().map((folder) => join(folder, program)).find(isFile);
    if (file !== undefined && !relative(this.files.root, file).startsWith('.')) {
      if (!isExecutable(file)) { throw new CannotStart(`exec: "${program}": permission denied (the file is not executable; chmod +x it)`); }
      const interpreter = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(\S+)[ \t]*(.*)/.exec(readFileSync(file, 'utf8').slice(0, 200));
      // The image's Python is not at the same path here.
      const isPython = /^python[\d.]*$/.test(basename(interpreter?.[1] ?? ''));
      return isPython ? [this.python.python, ...(interpreter?.[2] ?? '').split(/\s+/).filter((flag) => flag !== ''), file] : [file];
    }
    if (/^python[\d.]*$/.test(basename(program))) { return [this.python.python]; }
    if (file !== undefined) { return [file]; }
    if (mayBeOfMachine && (!program.includes('/') || existsSync(program))) { return [program]; }
    throw new CannotStart(`exec: "${program}": executable file not found in $PATH (what the image has FROM ${this.plan.base} is not here; `
      + `its Dockerfile puts ${this.programsNamed()} there)`);
  }

  private programsNamed(): string {
    const names = this.ownFolders().filter((folder) => folder.startsWith(this.files.root) && folder !== this.interpreterFolder)
      .flatMap((folder) => readdirSync(folder).filter((name) => isFile(join(folder, name))));
    return names.length === 0 ? 'nothing' : names.sort().join(', ');
  }

  /** Where the image's programs are, here: the parts of its PATH that it has, and its Python's. */
  private ownFolders(): string[] {
    const parts = (this.plan.environment.PATH ?? '').split(':').filter((part) => part.startsWith('/') && existsSync(this.files.at(part))).map((part) => this.files.at(part));
    const { VIRTUAL_ENV } = this.python.variables;
    return [...parts, VIRTUAL_ENV === undefined ? this.interpreterFolder : join(VIRTUAL_ENV, 'bin')];
  }

  private get interpreterFolder(): string {
    return this.files.at('.python');
  }

  /** Images of Python have it as `python`; a machine may have `python3` alone. */
  private nameInterpreter(): void {
    mkdirSync(this.interpreterFolder, { recursive: true });
    for (const name of ['python', 'python3']) { writeFileSync(join(this.interpreterFolder, name), `#!/bin/sh\nexec "${this.python.python}" "$@"\n`, { mode: 0o755 }); }
  }

  private argument(text: string): string {
    const [, flag = '', value = ''] = /^(--?[\w-]+=)?(.*)$/s.exec(text) ?? [];
    return flag + this.here(value);
  }

  /** A path of the container, here. */
  private here(text: string): string {
    return text === '/opt/ml' || text.startsWith('/opt/ml/') ? this.files.at(text) : this.files.here(text);
  }

  private notes(): string[] {
    return [
      `Without a container: what ${this.plan.base} has is not here, the programs of the image run on this machine, and /opt/ml is ${this.ml} (SAGEMAKER_BASE_DIR).`,
      ...this.files.leftOut.map((what) => `Left out of the image: ${what}`),
      ...this.filesThatNameOptMl().map((file) => `${file} names /opt/ml and not the variable SAGEMAKER_BASE_DIR, which says where that is here.`),
    ];
  }

  private filesThatNameOptMl(): string[] {
    return this.programFiles('').filter((path) => {
      const text = readFileSync(this.files.at(path), 'latin1');
      return !text.includes('\0') && text.includes('/opt/ml') && !text.includes('SAGEMAKER_BASE_DIR');
    });
  }

  /** Files that came with the image and are small enough to be written by hand. */
  private programFiles(folder: string): string[] {
    return readdirSync(this.files.at(folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) { return path === '/opt/ml' ? [] : this.programFiles(path); }
      return entry.isFile() && statSync(this.files.at(path)).size < 256 * 1024 ? [path] : [];
    });
  }
}

const isToolkit = (requirement: string) => /^sagemaker[-_](training|inference)\b/i.test(requirement);
const isFile = (path: string) => existsSync(path) && statSync(path).isFile();

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return (statSync(path).mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
