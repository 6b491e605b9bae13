// Whether a program that was written for the last release still compiles: `npm run api:compat`, after `npm run compile`. Breaks that are meant are in api/allowed-breaking-changes.txt.
// With `-- --release` it writes api/released.jsii.gz, the API of the release that is about to be made (docs/releasing.md).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

const library = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { release: { type: 'boolean' }, root: { type: 'string', default: library } } });
/** What is compared: a folder with `.jsii`, `package.json` and, maybe, `api`. */
const root = resolve(values.root);
const RELEASED = join('api', 'released.jsii.gz');
const ALLOWED = join(root, 'api', 'allowed-breaking-changes.txt');

const now = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
process.exitCode = values.release ? release() : compare();

function release() {
  mkdirSync(join(root, 'api'), { recursive: true });
  writeFileSync(join(root, RELEASED), gzipSync(JSON.stringify(bare(now)), { level: 9 }));
  console.log(`${RELEASED}: the API of ${now.version}, ${Object.keys(now.types).length} types`);
  return 0;
}

function compare() {
  const tag = lastTag();
  const before = released(tag);
  if (before === undefined && tag === undefined) {
    console.log('api: nothing is released yet (no tag v*, no api/released.jsii.gz), so there is nothing to be compatible with');
    return 0;
  }
  if (before === undefined) {
    console.error(`api: ${tag} is released, but its API is neither in ${RELEASED} nor on npm`);
    return 1;
  }
  const { status, output } = difference(before);
  console.log(`api: ${now.version} against ${before.version}${tag === undefined ? '' : ` (${tag})`}\n${output}`.trim());
  if (status === 0) { console.log('api: compatible'); return 0; }
  console.error(`api: what is named above breaks programs that are written for ${before.version}. If it is meant, put the keys in square brackets into api/allowed-breaking-changes.txt, a line each`);
  return 1;
}

/** The newest tag of a release before this commit; undefined outside of a git repository too. */
function lastTag() {
  const { status, stdout } = spawnSync('git', ['-C', root, 'tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort=-version:refname'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.split('\n').find((line) => line !== '') : undefined;
}

/** As it is committed with the release, which may be the one of today that has no tag yet, or was then; else as it was published. */
function released(tag) {
  const committed = existsSync(join(root, RELEASED)) ? unpacked(readFileSync(join(root, RELEASED))) : undefined;
  if (tag === undefined || [tag.slice(1), now.version].includes(committed?.version)) { return committed; }
  const { status, stdout } = spawnSync('git', ['-C', root, 'show', `${tag}:./${RELEASED}`], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? unpacked(stdout) : published(tag.slice(1));
}

function unpacked(archive) { return JSON.parse(gunzipSync(archive).toString('utf8')); }

function published(version) {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const file = execFileSync('npm', ['pack', `${now.name}@${version}`, '--silent', '--pack-destination', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').at(-1);
    const assembly = JSON.parse(execFileSync('tar', ['-xzOf', join(folder, file), 'package/.jsii'], { encoding: 'utf8', maxBuffer: 1 << 28 }));
    return assembly.schema === 'jsii/file-redirect' ? unpacked(execFileSync('tar', ['-xzOf', join(folder, file), `package/${assembly.filename}`], { maxBuffer: 1 << 28 })) : assembly;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By jsii-diff, of two packages that lie beside what they refer to. Everything is held to what it was, also what is experimental. */
function difference(before) {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const [old, updated] = [[before, 'before'], [now, 'now']].map(([assembly, name]) => asPackage(join(folder, name), assembly));
    const allowed = existsSync(ALLOWED) ? ['--ignore-file', ALLOWED] : [];
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(library, 'node_modules', 'jsii-diff', 'bin', 'jsii-diff'), old, updated, '--error-on', 'all', '--keys', ...allowed], {
      encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' },
    });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asPackage(folder, assembly) {
  mkdirSync(folder);
  const { peerDependencies } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: assembly.name, version: assembly.version, peerDependencies, jsii: {} }));
  writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
  symlinkSync(join(library, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** What compatibility hangs on: no words for people, and no places of sources. */
function bare(value) {
  if (Array.isArray(value)) { return value.map(bare); }
  if (typeof value !== 'object' || value === null) { return value; }
  const { docs, locationInModule: _location, symbolId: _symbol, readme: _readme, ...rest } = value;
  const kept = Object.fromEntries(['stability', 'deprecated', 'subclassable'].flatMap((word) => (docs?.[word] === undefined ? [] : [[word, docs[word]]])));
  return { ...Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, bare(member)])), ...(Object.keys(kept).length > 0 && { docs: kept }) };
}
