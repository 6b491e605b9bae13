import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseS3Uri, type S3Folder } from '../s3-folder';
import { packFolder } from './archive';

/** Puts what is in a folder, or nothing at all, to S3 as one `.tar.gz`, which is made in the folder `scratch`. */
export async function uploadArchive(s3: S3Folder, folder: string | undefined, uri: string, scratch: string): Promise<void> {
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  const archive = join(scratch, basename(uri));
  const nothing = join(scratch, 'nothing');
  try {
    if (folder === undefined) { await mkdir(nothing, { recursive: true }); }
    await packFolder(folder ?? nothing, archive);
    await s3.put(bucket, key, createReadStream(archive), { contentType: 'application/x-tar' });
  } finally {
    for (const made of [archive, nothing]) { await rm(made, { recursive: true, force: true }); }
  }
}
