import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../whole-file';

/** What an image would be built from. */
export interface ImageSource {
  /** The build context. */
  readonly directory: string;
  /** Relative to the directory. @default Dockerfile */
  readonly dockerfile?: string;
  readonly buildArgs?: { readonly [name: string]: string };
  /** The stage to build. @default the last */
  readonly target?: string;
}

/** An image as it is kept: not built, but with all it would be built from. */
export interface StoredImage {
  readonly context: string;
  /** Path of the file. */
  readonly dockerfile: string;
  readonly buildArgs: { readonly [name: string]: string };
  readonly target?: string;
}

/**
 * The image repositories of the local AWS. What is kept of an image is its Dockerfile and the folder it is built from:
 * containers have it built, processes follow it.
 */
export class ImageStore {
  constructor(private readonly folder: string) {}

  public has(repository: string, tag: string): boolean {
    return this.read(`${repository}:${tag}`) !== undefined;
  }

  /** Keeps an image, in place of the one that had the tag. */
  public put(repository: string, tag: string, source: ImageSource): void {
    const folder = this.folderOf(`${repository}:${tag}`);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    cpSync(source.directory, join(partial, CONTEXT), { recursive: true, verbatimSymlinks: true });
    const { dockerfile = 'Dockerfile', buildArgs = {}, target } = source;
    if (!existsSync(join(partial, CONTEXT, dockerfile))) { throw new Error(`${source.directory} has no ${dockerfile}`); }
    writeWhole(join(partial, FILE), JSON.stringify({ dockerfile, buildArgs, target }));
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }

  /** The image of a URI, whatever registry it names; nothing for one that is not here. */
  public find(uri: string | undefined): StoredImage | undefined {
    const [, name] = /^[^/]+\/([^@]+:[^/:@]+)$/.exec(uri ?? '') ?? [];
    const image = name === undefined ? undefined : this.read(name);
    if (name === undefined || image === undefined) { return undefined; }
    const context = join(this.folderOf(name), CONTEXT);
    return { context, dockerfile: join(context, image.dockerfile), buildArgs: image.buildArgs, target: image.target };
  }

  /** Nothing for one that is not there, or not whole: it is put there again then. */
  private read(name: string): { readonly dockerfile: string; readonly buildArgs: { readonly [name: string]: string }; readonly target?: string } | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folderOf(name), FILE), 'utf8')) as ReturnType<ImageStore['read']>;
    } catch {
      return undefined;
    }
  }

  private folderOf(name: string): string {
    return join(this.folder, encodeURIComponent(name));
  }
}

const FILE = 'image.json';
const CONTEXT = 'context';
