import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceAsset } from '../../lib/template/source-asset';
import { contentHash, sourceFiles } from '../../lib/template/source-files';
import { folderWith, tar } from '../support/folders';

/** Synthesizes an app with the files as an asset of its stack, and says where the archive is. */
function synthesized(source: string, outdir: string, scopeOf: (app: App) => App | Stage = (app) => app): { archive: string; objectKey: string; location: string } {
  const app = new App({ outdir });
  const stack = new Stack(scopeOf(app), 'Stack');
  const files = sourceFiles([{ path: source, name: '' }]);
  const { objectKey } = sourceAsset(stack, files, contentHash(files));
  const assembly = app.synth().getStackArtifact(stack.artifactId);
  const manifest = JSON.parse(readFileSync(join(assembly.assembly.directory, `${stack.artifactId}.assets.json`), 'utf8'));
  const { path } = (Object.values(manifest.files) as any[]).map((file) => file.source).find((file) => file.path.endsWith('.tar.gz'));
  return { archive: join(assembly.assembly.directory, path), objectKey, location: path };
}

describe('The archive of code among the assets', () => {
  test('lies in the output directory, called after what is in it', () => {
    const { archive, objectKey } = synthesized(folderWith({ 'train.py': '1' }), folderWith({}));
    expect(objectKey).toBe('3a5172bab40ae9f6252bdb4e1efd1502975e7b3d713d452eff827095d2fbbbc7.gz');
    expect(archive).toMatch(new RegExp(`asset\\.${objectKey.replace('.gz', '')}\\.tar\\.gz$`));
    expect(tar('-tzf', archive)).toEqual(['train.py']);
  });

  test('is not packed again when nothing has changed', () => {
    const [source, outdir] = [folderWith({ 'train.py': '1' }), folderWith({})];
    const { archive } = synthesized(source, outdir);
    utimesSync(archive, 1, 1);
    expect(synthesized(source, outdir).archive).toBe(archive);
    expect(statSync(archive).mtimeMs).toBe(1000);
  });

  test('is another when a byte has changed', () => {
    const [source, outdir] = [folderWith({ 'train.py': '1' }), folderWith({})];
    const before = synthesized(source, outdir).archive;
    writeFileSync(join(source, 'train.py'), '2');
    const after = synthesized(source, outdir).archive;
    expect(after).not.toBe(before);
    expect(readdirSync(outdir).filter((name) => name.endsWith('.tar.gz'))).toHaveLength(2);
  });

  test('is found from the assembly of a stage', () => {
    const { archive, location } = synthesized(folderWith({ 'train.py': '1' }), folderWith({}), (app) => new Stage(app, 'Prod'));
    expect(location).toMatch(/^\.\.\/asset\./);
    expect(tar('-tzf', archive)).toEqual(['train.py']);
  });
});
