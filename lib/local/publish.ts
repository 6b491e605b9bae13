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
  /** Images are not built here: jobs and endpoints follow their Dockerfiles, as processes. */
  readonly images: number;
}

/** Where assets go. */
export interface Publishing {
  readonly s3: S3Folder;
  readonly images: ImageStore;
}

/**
 * Puts the assets of a stack where its template looks for them. What is there already is left alone: its key is its hash.
 *
 * @param isWanted by key, or by the tag of an image. @default - all are
 */
export async function publishAssets(
  stack: AssemblyStack, { s3, images: store }: Publishing, place: { readonly account: string; readonly region: string }, isWanted: (name: string) => boolean = () => true,
): Promise<Published> {
  const fill = (text: string) => text.replaceAll('${AWS::AccountId}', place.account).replaceAll('${AWS::Region}', place.region).replaceAll('${AWS::Partition}', 'aws');
  let files = 0;
  let images = 0;
  for (const file of stack.assetFiles) {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as AssetManifest;
    for (const { source, destinations } of Object.values(manifest.dockerImages ?? {})) {
      images += 1;
      // One that a command of the user's own builds has no Dockerfile to follow.
      if (source.directory === undefined) { continue; }
      const directory = isAbsolute(source.directory) ? source.directory : join(stack.folder, source.directory);
      for (const destination of Object.values(destinations)) {
        const [repository, tag] = [fill(destination.repositoryName), fill(destination.imageTag)];
        if (!isWanted(tag) || store.has(repository, tag)) { continue; }
        store.put(repository, tag, { directory, dockerfile: source.dockerFile, buildArgs: source.dockerBuildArgs, target: source.dockerBuildTarget });
      }
    }
    for (const [id, { source, destinations }] of Object.entries(manifest.files ?? {})) {
      const { path } = source;
      if (!Object.values(destinations).some(({ objectKey }) => isWanted(fill(objectKey)))) { continue; }
      if (path === undefined) { throw new Error(`Not supported by the local AWS: asset ${id} is made by ${String(source.executable?.join(' '))}`); }
      const at = isAbsolute(path) ? path : join(stack.folder, path);
      for (const destination of Object.values(destinations)) {
        const [bucket, key] = [fill(destination.bucketName), fill(destination.objectKey)];
        if (!await s3.hasBucket(bucket)) { await s3.createBucket(bucket); }
        if (await s3.isWhole(bucket, key)) { continue; }
        await s3.put(bucket, key, source.packaging === 'zip' ? zip(await filesBelow(at)) : createReadStream(at));
        files += 1;
      }
    }
  }
  return { files, images };
}
