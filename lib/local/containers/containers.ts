import { createHash } from 'node:crypto';
import type { ImageStore } from '../images/image-store';
import { Engine } from './engine';
import { EngineImages, type ImageWish } from './engine-images';

/** `auto`: in containers where there is an engine and the image can be had without asking a registry; otherwise as processes. */
export type LocalMode = 'auto' | 'container' | 'process';
export const LOCAL_MODES: readonly LocalMode[] = ['auto', 'container', 'process'];

/** A mode that somebody gave. @throws what is made of the words for one that is none */
export function localMode(given: unknown, refused: (rule: string) => Error): LocalMode {
  const mode = LOCAL_MODES.find((each) => each === given);
  if (mode === undefined) { throw refused(`must be one of ${LOCAL_MODES.join(', ')}, got`); }
  return mode;
}

export interface ContainersOptions {
  readonly mode: LocalMode;
  /** What the containers and networks are recognized by, also by a later process: the folder of the local AWS. */
  readonly folder: string;
  /** Images of the user's own, of which an image is built. */
  readonly images: ImageStore;
}

/** Containers of this machine: the engine, what is run in it, and what was left in it. */
export class Containers {
  /**
   * Finds an engine and removes what an earlier process on the folder has left in it.
   *
   * @returns `containers` nothing where everything runs as a process; `said` what was found, in a sentence
   * @throws Error for mode `container` without an engine
   */
  public static async open(options: ContainersOptions, environment: NodeJS.ProcessEnv = process.env): Promise<{ readonly containers?: Containers; readonly said: string }> {
    if (options.mode === 'process') { return { said: 'jobs and endpoints run as processes' }; }
    const { engine, tried } = await Engine.find(environment);
    if (engine === undefined) {
      const why = `no container engine answers (${tried.join('; ')})`;
      if (options.mode === 'container') { throw new Error(`${why}; start one, or leave mode container`); }
      return { said: `jobs and endpoints run as processes: ${why}` };
    }
    const containers = new Containers(engine, options);
    await engine.sweep(containers.label);
    return { containers, said: `jobs and endpoints run in containers of ${String(engine)}${options.mode === 'auto' ? ', as processes where their image is not on this machine' : ''}` };
  }

  /** Marks what belongs to the folder: `name=value`. */
  public readonly label: string;
  /** Not the same name: a container has the labels of its image. */
  public readonly imageLabel: string;
  private readonly images: EngineImages;
  private count = 0;

  private constructor(public readonly engine: Engine, options: ContainersOptions) {
    this.label = `cdk-sagemaker.local=${createHash('sha256').update(options.folder).digest('hex').slice(0, 16)}`;
    this.imageLabel = this.label.replace('=', '-image=');
    this.images = new EngineImages({ engine, store: options.images, label: this.imageLabel, isAlways: options.mode === 'container' });
  }

  /** A name for a container or a network that nobody else has. */
  public name(what: string): string {
    this.count += 1;
    return `cdk-sagemaker-${this.label.slice(-8)}-${process.pid}-${this.count}-${what.replace(/[^\w.-]/g, '-').slice(0, 64)}`;
  }

  /**
   * The image to run for a URI of a request: built of its Dockerfile, on the machine already, or pulled.
   *
   * @returns nothing where what the image is for is to run as a process
   * @throws EngineError: why there is no such image
   */
  public image(uri: string, wish: ImageWish): Promise<string | undefined> {
    return this.images.find(uri, wish);
  }

  /** Removes the images that were built for the folder. */
  public async removeImages(): Promise<void> {
    await this.engine.removeImages(this.imageLabel).catch(() => undefined);
  }

  public async close(): Promise<void> {
    await this.engine.sweep(this.label).catch(() => undefined);
  }
}
