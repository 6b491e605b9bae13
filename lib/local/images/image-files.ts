import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import type { CopyStep, ImagePlan } from './image-plan';
import { isRequirement } from './run-instruction';

/** Lays the files of an image out in a folder that stands for its root, and says which Python distributions go with them. */
export class ImageFiles {
  /** Requirement specifiers of every `pip install`. */
  public readonly requirements: string[] = [];
  /** What was left out, in the words of the Dockerfile. */
  public readonly leftOut: string[] = [];

  /** @throws Error for what a build would fail with: a file that is not there */
  constructor(public readonly root: string, context: string, plan: ImagePlan) {
    mkdirSync(root, { recursive: true });
    for (const step of plan.steps) {
      if (step.kind === 'copy') {
        this.copy(step, context);
      } else if (step.kind === 'folder') {
        mkdirSync(this.at(step.path), { recursive: true });
      } else if (step.kind === 'mode') {
        for (const path of step.paths) { this.setMode(path, step.mode); }
      } else if (step.kind === 'install') {
        this.requirements.push(...step.requirements, ...step.files.flatMap((file) => this.requirementsIn(file)));
      } else {
        this.leftOut.push(step.what);
      }
    }
  }

  /** A path of the image, here. */
  public at(path: string): string {
    return join(this.root, path);
  }

  /** A path of the image that is one of its files, here; any other text is left alone. */
  public here(text: string): string {
    return text.startsWith('/') && text !== '/' && existsSync(this.at(text)) ? this.at(text) : text;
  }

  private copy({ sources, to, mode }: CopyStep, context: string): void {
    const destination = this.at(to);
    for (const source of sources.flatMap((pattern) => matching(context, pattern))) {
      const from = join(context, source);
      const isFolder = statSync(from).isDirectory();
      // A file keeps its name in a folder; of a folder, what is in it goes along.
      const target = !isFolder && (to.endsWith('/') || isFolderAt(destination)) ? join(destination, basename(source)) : destination;
      mkdirSync(dirname(target), { recursive: true });
      cpSync(from, target, { recursive: true, verbatimSymlinks: true });
      if (mode !== undefined && !isFolder) { chmodSync(target, parseInt(mode, 8)); }
    }
  }

  private setMode(path: string, mode: string): void {
    const [folder, name] = [dirname(path), basename(path)];
    const names = name.includes('*') ? matching(this.at(folder), name) : [name];
    for (const each of names) {
      const file = this.at(join(folder, each));
      if (!existsSync(file)) { throw new Error(`chmod ${mode} ${path}: there is no such file`); }
      chmodSync(file, changed(statSync(file).mode, mode));
    }
  }

  private requirementsIn(path: string): string[] {
    const file = this.at(path);
    if (!existsSync(file)) { throw new Error(`pip install -r ${path}: there is no such file`); }
    const lines = readFileSync(file, 'utf8').split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '');
    const other = lines.find((line) => !isRequirement(line));
    if (other !== undefined) { throw new Error(`${path}: "${other}": only names with versions are followed without a container`); }
    return lines;
  }
}

/** The files and folders of a context that a source of COPY names, relative to it. */
function matching(context: string, pattern: string): string[] {
  const path = normalize(join('/', pattern)).slice(1).replace(/\/$/, '');
  if (/^\.\.(\/|$)/.test(normalize(pattern))) { throw new Error(`COPY ${pattern}: it is outside of the build context`); }
  let found = [''];
  for (const part of path.split('/').filter((each) => each !== '')) {
    found = /[*?[]/.test(part)
      ? found.flatMap((folder) => (isFolderAt(join(context, folder)) ? readdirSync(join(context, folder)).filter((name) => likeness(part).test(name)).sort().map((name) => join(folder, name)) : []))
      : found.map((folder) => join(folder, part));
  }
  const there = found.filter((each) => existsSync(join(context, each)));
  if (there.length === 0) { throw new Error(`COPY ${pattern}: the build context has no such file`); }
  return there;
}

const likeness = (part: string) => new RegExp(`^${part.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
const isFolderAt = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** `755`, `+x`, `ug+rx` */
function changed(before: number, mode: string): number {
  const [, who = '', what] = /^([ugoa]*)\+([rwx]+)$/.exec(mode) ?? [];
  if (what === undefined) { return parseInt(mode, 8); }
  const bits = [...what].reduce((sum, letter) => sum | ({ r: 4, w: 2, x: 1 }[letter] as number), 0);
  const shifts = who === '' || who.includes('a') ? [6, 3, 0] : [...who].map((letter) => ({ u: 6, g: 3, o: 0 }[letter] as number));
  return shifts.reduce((sum, shift) => sum | (bits << shift), before & 0o7777);
}
