import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CommandError } from '../cli/output';
import type { Properties } from '../cloudformation/stack-record';
import { placedFiles, publishAssets, type Place } from '../publish';
import { cdkCustomTypes } from '../resources/cdk-custom';
import type { LocalServices } from '../resources/services';
import { parseS3Uri, S3Folder } from '../s3-folder';
import { filesBelowFolder } from './files-below';
import type { RunnableConstruct } from './construct';
import { dataAt } from './local-path';
import type { RunMachine } from './run-machine';
import { lastRun } from './run-folder';
import type { TemplateValues } from './template-values';
import type { Unknown } from './unknown';

/** Bucket of what the command line brings, which no app has. */
const OURS = 'cdk-sagemaker-run';
const DEPLOYMENT = 'Custom::CDKBucketDeployment';

export interface RunDataOptions {
  readonly construct: RunnableConstruct;
  readonly values: TemplateValues;
  readonly machine: Pick<RunMachine, 's3' | 'images'>;
  readonly state: string;
  readonly place: Place;
}

/** Brings what a run needs to its own S3, and only that: assets of the stack, data of buckets that are here, files of the user. */
export class RunData {
  private count = 0;

  constructor(private readonly options: RunDataOptions) {}

  /** The assets that a request, or another text, names. */
  async publish(request: unknown): Promise<void> {
    const { construct: { stack }, machine, place } = this.options;
    const text = JSON.stringify(request);
    await publishAssets(stack, machine, place, (name) => text.includes(name));
  }

  /**
   * What is to be found below a URI: assets, files that the stack deploys there, and what the local AWS of the state folder has there.
   *
   * @returns whether there is anything
   */
  async bring(uri: string): Promise<boolean> {
    const place = parseS3Uri(uri);
    if (place === undefined) { return true; }
    const { bucket, key } = place;
    const { s3 } = this.options.machine;
    await this.bucket(bucket);
    await this.publish(uri);
    await this.deploy(uri);
    if ((await s3.list(bucket, key)).length > 0) { return true; }
    const theirs = new S3Folder(join(this.options.state, 's3'));
    const found = await theirs.list(bucket, key).catch(() => []);
    for (const object of found) { await s3.link(bucket, object.key, theirs.pathOf(bucket, object.key)); }
    return found.length > 0;
  }

  /** Files of the user as objects: of a folder those below it. @returns the URI of the file, or of the folder with a slash at its end */
  async add(name: string, text: string): Promise<string> {
    const { s3 } = this.options.machine;
    const path = dataAt(text);
    const prefix = `${name}/${this.count++}`;
    await this.bucket(OURS);
    if ((await stat(path)).isFile()) {
      await s3.link(OURS, `${prefix}/${basename(path)}`, path);
      return `s3://${OURS}/${prefix}/${basename(path)}`;
    }
    for (const file of await filesBelowFolder(path)) { await s3.link(OURS, `${prefix}/${file}`, join(path, file)); }
    return `s3://${OURS}/${prefix}/`;
  }

  /** A place for what the command line itself makes. */
  async ours(key: string): Promise<{ readonly bucket: string; readonly key: string }> {
    await this.bucket(OURS);
    return { bucket: OURS, key };
  }

  /** Where a job may write: a bucket that no stack of the app makes is made. @returns the URI, or another one for what is not known */
  async writable(uri: string, key: string): Promise<string> {
    const known = this.options.values.unknowns.in(uri) === undefined;
    const { bucket, key: at } = known ? parseS3Uri(uri) ?? await this.ours(key) : await this.ours(key);
    await this.bucket(bucket);
    return at === '' ? `s3://${bucket}` : `s3://${bucket}/${at}`;
  }

  /** What the last run of the job has left whose result a value is. */
  lastResult({ logicalId, attribute }: Unknown): { readonly path: string; readonly job: string } | undefined {
    const job = this.jobOf(logicalId);
    if (job === undefined) { return undefined; }
    const isModel = attribute === 'ModelArtifacts';
    const path = lastRun(this.options.state, job, (record) => (isModel ? record.model : record.output));
    return path === undefined ? undefined : { path, job };
  }

  /** The path of the job that a resource of a job belongs to. */
  jobOf(logicalId: string | undefined): string | undefined {
    const { values } = this.options;
    const { Type: type = '', Properties: properties } = values.resources[logicalId ?? ''] ?? {};
    if (logicalId === undefined || !type.startsWith('Custom::SageMaker')) { return undefined; }
    const ref = (properties?.JobName as { readonly Ref?: string } | undefined)?.Ref;
    return values.pathOf(ref ?? logicalId);
  }

  private async bucket(name: string): Promise<void> {
    const { s3 } = this.options.machine;
    if (!await s3.hasBucket(name)) { await s3.createBucket(name); }
  }

  /** Does the bucket deployments whose files may be below a URI. */
  private async deploy(uri: string): Promise<void> {
    const { values } = this.options;
    for (const [logicalId] of Object.entries(values.resources).filter(([, { Type: type }]) => type === DEPLOYMENT)) {
      const properties = await values.properties(logicalId);
      const prefix = String(properties.DestinationBucketKeyPrefix ?? '').replace(/^\/+|\/+$/g, '');
      const to = `s3://${String(properties.DestinationBucketName)}/${prefix}`;
      if (uri.startsWith(to) || to.startsWith(uri)) { await this.deployFiles(logicalId, properties, prefix); }
    }
  }

  /** A folder needs not be packed and unpacked on its way. */
  private async deployFiles(logicalId: string, properties: Properties, prefix: string): Promise<void> {
    const { construct: { stack }, machine: { s3, images }, place } = this.options;
    const bucket = String(properties.DestinationBucketName);
    const keys = properties.SourceObjectKeys as string[];
    const folders = keys.map((key) => placedFiles(stack, place).find((file) => file.key === key && file.isZipped)?.path);
    const isPlain = properties.Extract === undefined && ((properties.SourceMarkers ?? []) as object[]).every((markers) => Object.keys(markers).length === 0);
    if (isPlain && folders.every((folder) => folder !== undefined)) {
      for (const folder of folders as string[]) {
        for (const file of await filesBelowFolder(folder)) { await s3.link(bucket, prefix === '' ? file : `${prefix}/${file}`, join(folder, file)); }
      }
      return;
    }
    await publishAssets(stack, { s3, images }, place, (name) => keys.includes(name));
    const type = new Map(cdkCustomTypes({ s3 } as LocalServices)).get(DEPLOYMENT);
    const request = { logicalId, properties: { ...properties, Prune: false }, stack: { partition: 'aws' }, generatedName: () => logicalId };
    await type?.create(request as never).catch((error: Error) => { throw new CommandError(`${this.options.values.pathOf(logicalId)}: ${error.message}`); });
  }
}
