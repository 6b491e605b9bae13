import { FileAssetPackaging, Stack, Stage, type FileAssetLocation } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { writeArchive } from './source-archive';
import type { SourceFile, SourceRoot } from './source-files';

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

/** Context by which the CDK's command line asks for paths of this machine. */
const PATHS_WANTED = 'aws:cdk:enable-asset-metadata';
/** What `cdk-sagemaker local train` finds the files of an archive by. */
const SOURCE = 'cdk-sagemaker:source';

/**
 * Writes down where an archive's files are on this machine, where the CDK writes down such paths too: the CDK's command line asks for
 * it, and an assembly that is to be the same on every machine is made without.
 */
export function recordSource(scope: Construct, { objectKey: archive }: FileAssetLocation, roots: readonly SourceRoot[]): void {
  if (!scope.node.tryGetContext(PATHS_WANTED)) { return; }
  scope.node.addMetadata(SOURCE, { archive, roots: roots.map(({ path, name }) => ({ path: resolve(path), name })) });
}
