import * as fc from 'fast-check';
import { Algorithm, ContainerImage, DataSource, Script, type ScriptOptions } from 'cdk-sagemaker';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeArchive } from '../../lib/template/source-archive';
import { contentHash, sourceFiles } from '../../lib/template/source-files';
import { folderWith } from '../support/folders';
import { emptyStack, IMAGE_URI, trainingIn } from '../support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const withScript = (script: () => Script) => trainingIn(emptyStack(), { algorithm: Algorithm.image(image, { script: script() }) });
const withCode = (folder: string, options: Partial<ScriptOptions> = {}) => withScript(() => Script.fromDirectory(folder, { entryPoint: 'train.py', ...options }));
const withData = (path: string) => trainingIn(emptyStack(), { inputs: { train: DataSource.fromAsset(path) } });

interface Entry { readonly name: string; readonly type: string; readonly link: string }

/** What a tar says of itself, read by its format and by nothing of ours. */
function entriesOf(archive: string): Entry[] {
  const bytes = gunzipSync(readFileSync(archive));
  const text = (block: Buffer, from: number, to: number) => block.subarray(from, to).toString('utf8').replace(/\0.*$/s, '');
  const entries: Entry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + 512 <= bytes.length;) {
    const block = bytes.subarray(at, at + 512);
    if (block.every((byte) => byte === 0)) { break; }
    const size = parseInt(text(block, 124, 136), 8);
    const type = String.fromCharCode(block[156]!);
    const body = bytes.subarray(at + 512, at + 512 + size).toString('utf8');
    if (type === 'x') { longName = /^\d+ path=(.*)\n$/s.exec(body)![1]; } else {
      const prefix = text(block, 345, 500);
      entries.push({ name: longName ?? (prefix === '' ? '' : `${prefix}/`) + text(block, 0, 100), type, link: text(block, 157, 257) });
      longName = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

function archived(folder: string): string {
  const target = join(folderWith({}), 'sourcedir.tar.gz');
  const files = sourceFiles([{ path: folder, name: '' }]);
  writeArchive(target, files, contentHash(files));
  return target;
}

/** What a tree may have in it that is no file, each with what the error says of it. */
const TREES: readonly [string, (folder: string) => void, string][] = [
  ['a link out of it', (folder) => symlinkSync('/etc/hostname', join(folder, 'out')), 'out leads outside the directory'],
  ['a link out of it by way of itself', (folder) => symlinkSync(join('..', 'src', '..', '..'), join(folder, 'out')), 'out leads outside the directory'],
  ['a link to all files', (folder) => symlinkSync('/', join(folder, 'out')), 'out leads outside the directory'],
  ['a link to a link that leads out', (folder) => { symlinkSync('/etc', join(folder, 'far')); symlinkSync('far', join(folder, 'near')); }, 'leads outside the directory'],
  ['a link to itself', (folder) => symlinkSync('loop', join(folder, 'loop')), 'loop can\'t be found'],
  ['two links to one another', (folder) => { symlinkSync('b', join(folder, 'a')); symlinkSync('a', join(folder, 'b')); }, 'can\'t be found'],
  ['a link to where it is', (folder) => symlinkSync('.', join(folder, 'here')), 'here leads back to a directory above it'],
  ['a link to nothing', (folder) => symlinkSync('nothing', join(folder, 'gone')), 'gone can\'t be found'],
  ['a pipe', (folder) => { execFileSync('mkfifo', [join(folder, 'pipe')]); }, 'pipe is neither a file nor a directory'],
  ['a link to a device', (folder) => symlinkSync('/dev/zero', join(folder, 'zero')), 'zero leads outside the directory'],
];

const source = () => join(folderWith({ 'src/train.py': '1' }), 'src');

describe('A tree of files with', () => {
  test.each(TREES)('%s is no code: the error names the construct and the file', (_what, spoil, message) => {
    const folder = source();
    spoil(folder);
    expect(() => withCode(folder)).toThrow(new RegExp(`^Stack/Train: script must be code that can be packed: .*${message}`, 's'));
  });

  test.each(TREES)('%s is no data, for the same reason', (_what, spoil, message) => {
    const folder = source();
    spoil(folder);
    expect(() => withData(folder)).toThrow(new RegExp(`^Stack/Train: inputs must be files that can be uploaded: .*${message}`, 's'));
  });

  test('a socket is no code', async () => {
    const folder = source();
    const server = createServer();
    await new Promise<void>((resolve) => { server.listen(join(folder, 's'), resolve); });
    try {
      expect(() => withCode(folder)).toThrow('Stack/Train: script must be code that can be packed: s is neither a file nor a directory');
    } finally {
      server.close();
    }
  });

  (process.getuid?.() === 0 ? test.skip : test)('a file that can not be read is no code (not as root, who reads everything)', () => {
    const folder = source();
    chmodSync(join(folder, 'train.py'), 0);
    expect(() => withCode(folder)).toThrow(/^Stack\/Train: script must be code that can be packed: .*EACCES/);
  });

  test('a name that is not UTF-8 is no code, for nobody could name the file', () => {
    const folder = source();
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'x')), Buffer.from([0xff])]), '');
    expect(() => withCode(folder)).toThrow(/^Stack\/Train: script must be code that can be packed: /);
  });
});

describe('The file to start', () => {
  test.each(['../train.py', '/etc/passwd', 'a/../../train.py', './../train.py', '..', '.', '', 'train.py\n', 'train.py\0', '$(id).py', 'Train.py', 's3://b/train.py', 'x'.repeat(5000)])('is one of the tree: %j is refused', (entryPoint) => {
    expect(() => withCode(source(), { entryPoint })).toThrow(/^Stack\/Train: entryPoint must be /);
  });

  test.each(['a b.py', '$(id).py', '`id`.py', ';x.py', 'a\nb.py', '"q".py', '\ud83d\ude00.py', '-rf.py', '..py', '...'])('may be called as it likes, and is carried so: %j', (name) => {
    const folder = folderWith({ [name]: '' });
    expect(() => withCode(folder, { entryPoint: name })).not.toThrow();
    expect(entriesOf(archived(folder)).map((entry) => entry.name)).toEqual([name]);
  });

  test.each<[string, () => Script]>([
    ['the root of all files', () => Script.fromFile('/')],
    ['what leads there', () => Script.fromFile('/etc/..')],
    ['a dependency that is the root of all files', () => Script.fromDirectory(source(), { entryPoint: 'train.py', dependencies: ['/'] })],
    ['a dependency that is not there', () => Script.fromDirectory(source(), { entryPoint: 'train.py', dependencies: ['../nothing'] })],
    ['a directory that is none', () => Script.fromDirectory('/etc/passwd', { entryPoint: 'train.py' })],
    ['a path with an end in it', () => Script.fromDirectory('src\0/etc', { entryPoint: 'train.py' })],
    ['no path', () => Script.fromDirectory('', { entryPoint: 'train.py' })],
    ['a device', () => Script.fromFile('/dev/null')],
  ])('is not looked for in %s', (_what, script) => expect(() => withScript(script)).toThrow(/^(Stack\/Train: script(\.dependencies)?|Script\.fromFile: file) must be /));
});

describe('An archive of code', () => {
  const unsafe = (entry: Entry) => entry.name.startsWith('/') || entry.name.split('/').includes('..') || entry.name === '' || !['0', '5'].includes(entry.type) || entry.link !== '';

  test('has no absolute names, none that lead up, no links, and no more files than the tree, whatever they are called', () => {
    const part = fc.oneof(
      fc.constantFrom('..a', '...', '-rf', ' ', 'a b', '~', '$(id)', '`id`', '\\', '"', 'a\nb', '\u2028', '\ud83d\ude00', '__proto__', 'constructor', 'C:', '.hidden', 'x'.repeat(255), 'PaxHeader'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => !/[/\0\p{Surrogate}]|^\.\.?$|\.py[co]$|^(__pycache__|\.git|\.ipynb_checkpoints|\.DS_Store)$/u.test(name) && Buffer.byteLength(name) <= 255),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const trees = fc.uniqueArray(path, { minLength: 1, maxLength: 6 }).filter((all) => all.every((one) => all.every((other) => !other.startsWith(`${one}/`))));
    fc.assert(fc.property(trees, (names) => {
      const folder = folderWith({});
      for (const name of names) { mkdirSync(join(folder, ...name.split('/').slice(0, -1)), { recursive: true }); writeFileSync(join(folder, ...name.split('/')), name); }
      const entries = entriesOf(archived(folder));
      expect(entries.filter(unsafe)).toEqual([]);
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(folder.length + 1));
      expect(entries.filter(({ type }) => type === '0').map(({ name }) => name).sort()).toEqual(files.sort());
    }), { seed: 20261121, numRuns: 60 });
  });

  test('has what a link inside leads to, and not the link', () => {
    const folder = folderWith({ 'real/a.py': '1' });
    symlinkSync('real', join(folder, 'again'));
    symlinkSync(join('real', 'a.py'), join(folder, 'b.py'));
    const entries = entriesOf(archived(folder));
    expect(entries.filter(unsafe)).toEqual([]);
    expect(entries.map(({ name }) => name)).toEqual(['again/', 'again/a.py', 'b.py', 'real/', 'real/a.py']);
  });

  test('is read by this test as it is by tar: an unsafe one would be seen', () => {
    const folder = folderWith({ 'a.py': '1' });
    const target = join(folderWith({}), 'bad.tar.gz');
    symlinkSync('/etc', join(folder, 'out'));
    execFileSync('tar', ['-czPf', target, '--format=ustar', '-C', folder, 'out', join(folder, 'a.py')]);
    expect(entriesOf(target).filter(unsafe).map(({ type }) => type)).toEqual(['2', '0']);
  });
});
