import { createReadStream, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AssemblyStack } from './assembly';
import type { ImageStore } from './images/image-store';
import type { S3Folder } from './s3-folder';
import { filesBelow, zip } from './zip';

interface FileAsset {
  readonly source: { readonly path?: string; readonly packaging?: string; readonly executable?: readonly string[] };
  readonly destinations: { readonly [id: string]: { readonly bucketName: string; readonly objectKey: string } };
}

interface ImageAsset {
  readonly source: {
    readonly directory?: string; readonly dockerFile?: string; readonly dockerBuildArgs?: { readonly [name: string]: string }; readonly dockerBuildTarget?: string;
  };
  readonly destinations: { readonly [id: string]: { readonly repositoryName: string; readonly imageTag: string } };
}

interface AssetManifest {
  readonly files?: { readonly [id: string]: FileAsset };
  readonly dockerImages?: { readonly [id: string]: ImageAsset };
}

/** What has been published. */
export interface Published {
  readonly files: number;
  /** Images are built when jobs and endpoints run them in containers; processes follow their Dockerfiles. */
  readonly images: number;
}

/** Where assets go. */
export interface Publishing {
  readonly s3: S3Folder;
  readonly images: ImageStore;
}

/** Where a stack is put. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A file or a folder among a stack's assets, and where its template looks for it. */
export interface PlacedFile {
  /** Nothing where a command of the user's own makes it, which `id` is called by. */
  readonly path?: string;
  readonly id: string;
  readonly isZipped: boolean;
  readonly bucket: string;
  readonly key: string;
}

/** The files among a stack's assets. */
export function placedFiles(stack: AssemblyStack, place: Place): PlacedFile[] {
  return manifestsOf(stack).flatMap(({ files = {} }) => Object.entries(files).flatMap(([id, { source, destinations }]) => Object.values(destinations).map((destination) => ({
    id: source.executable === undefined ? id : `${id} is made by ${source.executable.join(' ')}`, path: source.path === undefined ? undefined : below(stack, source.path), isZipped: source.packaging === 'zip',
    bucket: filled(destination.bucketName, place), key: filled(destination.objectKey, place),
  }))));
}

/**
 * Puts the assets of a stack where its template looks for them. What is there already is left alone: its key is its hash.
 *
 * @param isWanted by key, or by the tag of an image. @default - all are
 */
export async function publishAssets(stack: AssemblyStack, { s3, images: store }: Publishing, place: Place, isWanted: (name: string) => boolean = () => true): Promise<Published> {
  let images = 0;
  for (const { source, destinations } of manifestsOf(stack).flatMap(({ dockerImages = {} }) => Object.values(dockerImages))) {
    images += 1;
    // One that a command of the user's own builds has no Dockerfile to follow.
    if (source.directory === undefined) { continue; }
    for (const destination of Object.values(destinations)) {
      const [repository, tag] = [filled(destination.repositoryName, place), filled(destination.imageTag, place)];
      if (!isWanted(tag) || store.has(repository, tag)) { continue; }
      store.put(repository, tag, { directory: below(stack, source.directory), dockerfile: source.dockerFile, buildArgs: source.dockerBuildArgs, target: source.dockerBuildTarget });
    }
  }
  let files = 0;
  for (const { id, path, isZipped, bucket, key } of placedFiles(stack, place).filter((file) => isWanted(file.key))) {
    if (path === undefined) { throw new Error(`Not supported by the local AWS: asset ${id}`); }
    if (!await s3.hasBucket(bucket)) { await s3.createBucket(bucket); }
    if (await s3.isWhole(bucket, key)) { continue; }
    await s3.put(bucket, key, isZipped ? zip(await filesBelow(path)) : createReadStream(path));
    files += 1;
  }
  return { files, images };
}

const manifestsOf = (stack: AssemblyStack) => stack.assetFiles.map((file) => JSON.parse(readFileSync(file, 'utf8')) as AssetManifest);
const below = (stack: AssemblyStack, path: string) => (isAbsolute(path) ? path : join(stack.folder, path));
const filled = (text: string, { account, region }: Place) => text.replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region).replaceAll('${AWS::Partition}', 'aws');
