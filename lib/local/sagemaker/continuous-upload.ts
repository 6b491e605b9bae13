import type { Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { S3Folder } from '../s3-folder';
import { filesLeft } from './left-files';
import { uploadFile } from './s3-source';

export interface ContinuousUploadProps {
  readonly s3: S3Folder;
  readonly folder: string;
  readonly uri: string;
  /** Milliseconds between two looks. @default a second */
  readonly every?: number;
}

/** A file that could not be uploaded. */
export interface NotUploaded {
  readonly path: string;
  readonly error: Error;
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
    // Where the folder is now; whoever writes to it may put a link in its place.
    const upload = new ContinuousUpload(props, await realpath(props.folder));
    for (const [path, info] of (await filesLeft(upload.top)).files) { upload.known.set(path, stateOf(info)); }
    upload.next();
    return upload;
  }

  private constructor(private readonly props: ContinuousUploadProps, private readonly top: string) {}

  /** Uploads what is left; nobody writes any more. One that can't be uploaded does not hold back the others. */
  public async finish(): Promise<{ readonly failed: readonly NotUploaded[]; readonly others: readonly string[] }> {
    await this.stop();
    const failed: NotUploaded[] = [];
    const { files, others } = await filesLeft(this.top);
    for (const [path, info] of files) {
      if (this.known.get(path) !== stateOf(info)) { await this.upload(path, stateOf(info)).catch((error: Error) => failed.push({ path, error })); }
    }
    return { failed, others };
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
    const now = new Map([...(await filesLeft(this.top)).files].map(([path, info]) => [path, stateOf(info)]));
    for (const [path, state] of now) {
      if (this.ended) { return; }
      if (this.before.get(path) === state && this.known.get(path) !== state) { await this.upload(path, state).catch(() => undefined); }
    }
    this.before = now;
  }

  private async upload(path: string, state: string): Promise<void> {
    await uploadFile(this.props.s3, this.top, path, this.props.uri);
    this.known.set(path, state);
  }
}

const stateOf = ({ size, mtimeMs, ino }: Stats) => `${size} ${mtimeMs} ${ino}`;
