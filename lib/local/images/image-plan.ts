import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { unsupported } from '../service-error';
import { execForm, filled, instructionsOf, wordsOf, type Instruction } from './dockerfile';
import type { StoredImage } from './image-store';
import { runSteps, type RunStep } from './run-instruction';

/** Files of the build context that go into the image. */
export interface CopyStep {
  readonly kind: 'copy';
  readonly sources: readonly string[];
  /** Absolute; with a slash at its end it is a folder. */
  readonly to: string;
  readonly mode?: string;
}

/** What a Dockerfile makes, as far as a process can do without a container. */
export interface ImagePlan {
  /** What it is FROM. */
  readonly base: string;
  /** In order. */
  readonly steps: ReadonlyArray<CopyStep | RunStep>;
  readonly environment: { readonly [name: string]: string };
  readonly workingFolder: string;
  readonly entrypoint?: readonly string[];
  /** What a processing job runs that says nothing itself; gives way to `train` and `serve`. */
  readonly cmd?: readonly string[];
}

/** What Docker gives a container that says nothing itself. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Says what a container is for, or what a runtime is to do around it; nothing that a program sees. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['LABEL', 'EXPOSE', 'MAINTAINER', 'HEALTHCHECK', 'VOLUME']);

/**
 * Reads a Dockerfile. Nothing is built or run.
 *
 * @throws ServiceError that names the line that can't be followed
 */
export function planOf(image: StoredImage): ImagePlan {
  const reader = new Reader(image);
  for (const instruction of instructionsOf(readFileSync(image.dockerfile, 'utf8'))) { reader.read(instruction); }
  return reader.plan();
}

class Reader {
  private base?: string;
  private readonly globals: Record<string, string> = {};
  private readonly buildArguments: Record<string, string> = {};
  private readonly environment: Record<string, string> = { PATH };
  private readonly steps: Array<CopyStep | RunStep> = [];
  private workingFolder = '/';
  private entrypoint?: readonly string[];
  private cmd?: readonly string[];

  public constructor(private readonly image: StoredImage) {}

  public plan(): ImagePlan {
    if (this.base === undefined) { throw unsupported('Dockerfile: it has no FROM'); }
    return { base: this.base, steps: this.steps, environment: this.environment, workingFolder: this.workingFolder, entrypoint: this.entrypoint, cmd: this.cmd };
  }

  public read(instruction: Instruction): void {
    const { keyword, text, line } = instruction;
    const readers: { readonly [keyword: string]: () => void } = {
      FROM: () => this.from(instruction),
      ARG: () => this.argument(text),
      ENV: () => this.variables(text),
      WORKDIR: () => this.enter(posix.resolve(this.workingFolder, filled(text, this.known))),
      COPY: () => this.copy(instruction),
      ADD: () => this.copy(instruction),
      RUN: () => { this.steps.push(...runSteps(instruction, this.known, this.workingFolder)); },
      ENTRYPOINT: () => { this.entrypoint = execForm(text) ?? this.refuse(instruction, 'in shell form, which does not pass train and serve on; write ["program"]'); },
      CMD: () => { this.cmd = execForm(text) ?? ['/bin/sh', '-c', text]; },
      USER: () => { this.steps.push({ kind: 'left out', what: `USER ${text}` }); },
      STOPSIGNAL: () => { if (!/^(SIG)?TERM$|^15$/.test(text)) { this.refuse(instruction, 'other than SIGTERM'); } },
    };
    if (Object.hasOwn(readers, keyword)) { return readers[keyword]!(); }
    if (!WITHOUT_EFFECT.has(keyword)) { throw unsupported(`Dockerfile line ${line}: ${keyword}`); }
  }

  /** What `$NAME` can stand for: ENV overrules ARG. */
  private get known(): Record<string, string> {
    return { ...this.buildArguments, ...this.environment };
  }

  private from(instruction: Instruction): void {
    if (this.base !== undefined) { this.refuse(instruction, 'for a second time (several stages)'); }
    const [base = '', as = '', stage] = wordsOf(instruction.text, this.globals);
    const { target } = this.image;
    if (target !== undefined && !(as.toUpperCase() === 'AS' && stage === target)) { throw unsupported(`Dockerfile: the build target ${target}, which is not its only stage`); }
    this.base = base;
  }

  private argument(text: string): void {
    for (const word of wordsOf(text, this.base === undefined ? this.globals : this.known)) {
      const [name = '', ...value] = word.split('=');
      const given = this.image.buildArgs[name];
      if (this.base === undefined) {
        this.globals[name] = given ?? value.join('=');
      } else {
        this.buildArguments[name] = given ?? (word.includes('=') ? value.join('=') : this.globals[name] ?? '');
      }
    }
  }

  private variables(text: string): void {
    const known = this.known;
    const words = wordsOf(text, known);
    // The old form: ENV NAME the rest of the line
    if (!/^\w+=/.test(text)) {
      this.environment[words[0] ?? ''] = words.slice(1).join(' ');
    } else {
      for (const word of words) { this.environment[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1); }
    }
  }

  private enter(folder: string): void {
    this.workingFolder = folder;
    this.steps.push({ kind: 'folder', path: folder });
  }

  private copy(instruction: Instruction): void {
    const { keyword, flags, text } = instruction;
    const unknown = Object.keys(flags).find((flag) => !['chown', 'chmod', 'link'].includes(flag));
    if (unknown !== undefined) { this.refuse(instruction, `--${unknown}`); }
    if (flags.chmod !== undefined && !/^[0-7]{3,4}$/.test(flags.chmod)) { this.refuse(instruction, `--chmod=${flags.chmod}`); }
    const words = execForm(text)?.map((word) => filled(word, this.known)) ?? wordsOf(text, this.known);
    const sources = words.slice(0, -1);
    const to = words.at(-1) ?? '';
    if (sources.length === 0) { this.refuse(instruction, 'without a source and a destination'); }
    const fetched = keyword === 'ADD' ? sources.find((source) => /:\/\/|^git@|\.(tar|tgz|tar\.\w+)$/.test(source)) : undefined;
    if (fetched !== undefined) { this.refuse(instruction, `of ${fetched}, which is fetched or unpacked; use COPY`); }
    const isFolder = to.endsWith('/') || to === '.' || sources.length > 1;
    this.steps.push({ kind: 'copy', sources, to: posix.resolve(this.workingFolder, to).replace(/\/?$/, isFolder ? '/' : ''), mode: flags.chmod });
  }

  private refuse({ keyword, line }: Instruction, why: string): never {
    throw unsupported(`Dockerfile line ${line}: ${keyword} ${why}`);
  }
}
