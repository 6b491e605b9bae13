import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseS3Uri, type S3Folder } from '../s3-folder';

export interface ContinuousUploadProps {
  readonly s3: S3Folder;
  readonly folder: string;
  readonly uri: string;
  /** Milliseconds between two looks. @default a second */
  readonly every?: number;
}

/** Uploads what is new or has changed in a folder while somebody writes to it, and the rest at the end. Nothing is deleted. */
export class ContinuousUpload {
  /** Path -> what a file was when it was uploaded, or before anybody wrote to it. */
  private readonly known = new Map<string, string>();
  private before = new Map<string, string>();
  private timer?: NodeJS.Timeout;
  private underWay: Promise<void> = Promise.resolve();
  private ended = false;

  /** What is in the folder now is where it is uploaded to already. */
  public static async start(props: ContinuousUploadProps): Promise<ContinuousUpload> {
    const upload = new ContinuousUpload(props);
    for (const [path, state] of await filesBelow(props.folder)) { upload.known.set(path, state); }
    upload.next();
    return upload;
  }

  private constructor(private readonly props: ContinuousUploadProps) {}

  /** Uploads what is left; nobody writes any more. @throws Error of what can't be uploaded */
  public async finish(): Promise<void> {
    await this.stop();
    for (const [path, state] of await filesBelow(this.props.folder)) {
      if (this.known.get(path) !== state) { await this.upload(path, state); }
    }
  }

  /** Without uploading what is left. */
  public async stop(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private next(): void {
    if (this.ended) { return; }
    this.timer = setTimeout(() => { this.underWay = this.look().finally(() => this.next()); }, this.props.every ?? 1000);
    this.timer.unref();
  }

  /** A file that two looks find the same is whole. What fails now, for instance since it is gone again, is tried again at the end. */
  private async look(): Promise<void> {
    const now = await filesBelow(this.props.folder);
    for (const [path, state] of now) {
      if (this.ended) { return; }
      if (this.before.get(path) === state && this.known.get(path) !== state) { await this.upload(path, state).catch(() => undefined); }
    }
    this.before = now;
  }

  private async upload(path: string, state: string): Promise<void> {
    const { s3, folder, uri } = this.props;
    const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
    await s3.put(bucket, key === '' ? path : `${key.replace(/\/+$/, '')}/${path}`, createReadStream(join(folder, path)));
    this.known.set(path, state);
  }
}

/** Path below the folder -> size and time of change. */
async function filesBelow(folder: string, below = '', found = new Map<string, string>()): Promise<Map<string, string>> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      await filesBelow(folder, path, found);
    } else if (entry.isFile()) {
      const info = await stat(join(folder, path)).catch(() => undefined);
      if (info !== undefined) { found.set(path, `${info.size} ${info.mtimeMs} ${info.ino}`); }
    }
  }
  return found;
}
