import { FileAssetPackaging, Stack, Stage, type FileAssetLocation } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeArchive } from './source-archive';
import type { SourceFile } from './source-files';

/** Counts in where the archive is kept and not in what the code is: a better way of packing is uploaded, and no job is run again for it. */
const PACKING = 1;

/**
 * The files as a `sourcedir.tar.gz` among the assets of the app. It is called after what is in it, and packed only where
 * the output directory has none of that name from an earlier synthesis or another job.
 */
export function sourceAsset(scope: Construct, files: readonly SourceFile[], contentHash: string): FileAssetLocation {
  const stack = Stack.of(scope);
  const stage = Stage.of(stack)!;
  const sourceHash = createHash('sha256').update(`sourcedir ${PACKING} ${contentHash}`).digest('hex');
  const archive = join(stage.assetOutdir, `asset.${sourceHash}.tar.gz`);
  if (!existsSync(archive)) { writeArchive(archive, files, contentHash); }
  return stack.synthesizer.addFileAsset({
    packaging: FileAssetPackaging.FILE, sourceHash, fileName: relative(stage.outdir, archive), displayName: `${scope.node.path} script`,
  });
}
