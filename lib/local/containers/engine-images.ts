import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { contentHash } from '../images/content-hash';
import { instructionsOf, wordsOf } from '../images/dockerfile';
import type { ImageStore, StoredImage } from '../images/image-store';
import { EngineError, type Engine } from './engine';
import { Registry } from './registry';
import { SharedWork, type Waiting } from './shared-work';

/** What is to become of an image that is not on this machine. */
export interface ImageWish extends Waiting {
  /** It can't be done without a container. */
  readonly isNeeded: boolean;
}

export interface EngineImagesProps {
  readonly engine: Engine;
  /** Images of the user's own, of which an image is built. */
  readonly store: ImageStore;
  /** Of what is built: `name=value`. */
  readonly label: string;
  /** Everything is run in containers. */
  readonly isAlways: boolean;
}

/** The images that containers are made of: built of their Dockerfiles, here already, or pulled. */
export class EngineImages {
  private readonly registry: Registry;
  private readonly underway = new Map<string, SharedWork<void>>();
  private readonly contents = new Map<string, string>();

  constructor(private readonly props: EngineImagesProps) {
    this.registry = new Registry(props.engine);
  }

  /**
   * The image to run for a URI of a request.
   *
   * @returns nothing where what it is for is to run as a process; why is in the log
   * @throws EngineError: why there is no such image
   */
  public async find(uri: string, wish: ImageWish): Promise<string | undefined> {
    const { engine, store, isAlways } = this.props;
    const stored = store.find(uri);
    if (stored !== undefined) { return this.built(uri, stored, wish); }
    if (await engine.hasImage(uri)) { return uri; }
    if (!isAlways && !wish.isNeeded) {
      wish.log(`The image ${uri} is not on this machine: this runs as a process. \`${engine.program} pull\` it to run it in a container.`);
      return undefined;
    }
    await this.pulled(uri, wish);
    return uri;
  }

  private async built(uri: string, stored: StoredImage, wish: ImageWish): Promise<string | undefined> {
    const tag = await this.tagOf(stored);
    if (await this.props.engine.hasImage(tag)) { return tag; }
    try {
      for (const base of basesOf(stored)) {
        if (!await this.props.engine.hasImage(base)) { await this.pulled(base, wish); }
      }
    } catch (error) {
      if (!(error instanceof EngineError) || this.props.isAlways || wish.isNeeded) { throw error; }
      wish.log(`${error.message}. The image ${uri} is FROM it and can't be built: this runs as a process.`);
      return undefined;
    }
    await this.once(tag, wish, (waiting) => this.build(uri, stored, tag, waiting));
    return tag;
  }

  private async build(uri: string, { dockerfile, target, buildArgs, context }: StoredImage, tag: string, { log, signal }: Waiting): Promise<void> {
    const last: string[] = [];
    const onLine = (line: string) => {
      log(line);
      last.push(line);
      if (last.length > LAST_LINES) { last.shift(); }
    };
    log(`Building the image ${uri}`);
    try {
      await this.props.engine.call([
        'build', '--file', dockerfile, '--tag', tag, '--label', this.props.label, ...target === undefined ? [] : ['--target', target],
        ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]), context,
      ], { signal, onLine });
    } catch (error) {
      throw error instanceof EngineError ? new EngineError(`The image ${uri} can't be built of its Dockerfile: ${last.join('\n') || error.message}`) : error;
    }
  }

  private pulled(image: string, wish: ImageWish): Promise<void> {
    return this.once(image, wish, (waiting) => this.registry.pull(image, waiting));
  }

  /** Jobs that want the same wait for the same. */
  private once(what: string, wish: ImageWish, work: (waiting: Waiting) => Promise<void>): Promise<void> {
    let shared = this.underway.get(what);
    if (shared === undefined || shared.isGivenUp) {
      const begun = new SharedWork(async (waiting) => {
        try {
          await work(waiting);
        } finally {
          if (this.underway.get(what) === begun) { this.underway.delete(what); }
        }
      });
      shared = begun;
      this.underway.set(what, begun);
    }
    return shared.wait(wish);
  }

  /** By what it is built of, whoever keeps that under whatever URI: what is built once need not be built by others. */
  private async tagOf({ context, dockerfile, buildArgs, target }: StoredImage): Promise<string> {
    // What is kept under a URI may be replaced.
    const key = `${context} ${statSync(context).ctimeMs}`;
    const content = this.contents.get(key) ?? await contentHash(context);
    this.contents.set(key, content);
    const hash = createHash('sha256').update(JSON.stringify([content, relative(context, dockerfile), buildArgs, target]));
    return `cdk-sagemaker-local/${hash.digest('hex').slice(0, 24)}:latest`;
  }
}

/** What the stages of a Dockerfile are FROM, but for one another; nothing where only the engine understands it. */
function basesOf({ dockerfile, buildArgs }: StoredImage): string[] {
  try {
    const variables: Record<string, string> = {};
    const stages = new Set<string>(['scratch']);
    const bases: string[] = [];
    for (const { keyword, text } of instructionsOf(readFileSync(dockerfile, 'utf8'))) {
      if (keyword === 'ARG' && bases.length === 0) {
        const [, name = '', value = ''] = /^(\w+)(?:=(.*))?$/s.exec(text) ?? [];
        variables[name] = buildArgs[name] ?? wordsOf(value, variables).join(' ');
      }
      if (keyword !== 'FROM') { continue; }
      const [base = '', , stage] = wordsOf(text, variables);
      if (!stages.has(base.toLowerCase()) && !/^\d+$/.test(base)) { bases.push(base); }
      if (stage !== undefined) { stages.add(stage.toLowerCase()); }
    }
    return bases.filter((base) => base !== '');
  } catch {
    return [];
  }
}

const LAST_LINES = 8;
