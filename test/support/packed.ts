import { buildSync } from 'esbuild';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const ROOT = join(__dirname, '..', '..');
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Packs the built package as it is published. */
export function packed(folder: string): string {
  const name = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').pop()!;
  return join(folder, name);
}

/** Whether a version of a package can be had from an npm registry. */
export function canHaveNpmPackage(name: string, version: string): boolean {
  const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version', '--silent', '--fetch-retries=0', '--fetch-timeout=20000'], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });
  return status === 0 && stdout.trim() === version;
}

/** Packages put into a folder's `node_modules`: archives unpacked, folders linked. */
export function withPackages(folder: string, packages: { readonly [name: string]: string }): string {
  for (const [name, source] of Object.entries(packages)) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(join(target, '..'), { recursive: true });
    if (!source.endsWith('.tgz')) { symlinkSync(source, target); continue; }
    mkdirSync(target);
    execFileSync('tar', ['-xzf', source, '--strip-components=1', '-C', target]);
  }
  return folder;
}

/** The templates of an app, synthesized in a folder with the packages that are installed there. The app's own folder is copied. */
export function templatesOf(folder: string, app: string): { [file: string]: any } {
  const name = app.replace(/\W/g, '-');
  cpSync(join(ROOT, app, '..'), join(folder, name), { recursive: true });
  buildSync({ entryPoints: [join(ROOT, app)], outfile: join(folder, name, 'app.js'), bundle: true, packages: 'external', platform: 'node', format: 'cjs', logLevel: 'error' });
  const outdir = join(folder, `${name}.out`);
  execFileSync(process.execPath, [join(folder, name, 'app.js')], { cwd: folder, stdio: 'pipe', env: assemblyAt(outdir) });
  return readTemplates(outdir);
}

/** The same settings for an app in whatever language. */
export function assemblyAt(outdir: string): NodeJS.ProcessEnv {
  return { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}', CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' };
}

export function readTemplates(outdir: string): { [file: string]: any } {
  const files = readdirSync(outdir).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(outdir, file), 'utf8'))]));
}

/** The types of an assembly of jsii by name, also where it is compressed. */
export function jsiiAssembly(folder: string): any {
  const assembly = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8'));
  return assembly.schema === 'jsii/file-redirect' ? JSON.parse(gunzipSync(readFileSync(join(folder, assembly.filename))).toString()) : assembly;
}

/**
 * What CDK itself changes in its bucket deployment from version to version: the code of its function and of the layer with the
 * AWS CLI, and the function's architecture. None of it is ours to keep.
 */
export function withoutCdksOwnCode(templates: { [file: string]: any }): { [file: string]: any } {
  for (const [id, { Type, Properties }] of Object.values(templates).flatMap(({ Resources }) => Object.entries<any>(Resources))) {
    if (Type === 'AWS::Lambda::Function' && id.startsWith('CustomCDKBucketDeployment')) { delete Properties.Code.S3Key; delete Properties.Architectures; }
    if (Type === 'AWS::Lambda::LayerVersion' && /AwsCliLayer[0-9A-F]{8}$/.test(id)) { delete Properties.Content.S3Key; }
  }
  return templates;
}
