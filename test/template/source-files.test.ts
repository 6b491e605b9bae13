import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { contentHash, filesOf, namedRoot, sourceFiles } from '../../lib/template/source-files';
import { folderWith } from '../support/folders';

const filesBelow = (directory: string, exclude?: string[]) => sourceFiles([{ path: directory, name: '' }], exclude);

describe('The files of a directory', () => {
  test('are all there is, in order, without what Python, macOS, notebooks and git leave behind', () => {
    const folder = folderWith({
      'b.py': '', 'a/c.py': '', '.hidden': '', 'a.txt': '', '__pycache__/b.pyc': '', 'a/__pycache__/c.pyc': '', 'old.pyc': '', 'old.pyo': '',
      '.DS_Store': '', 'a/.DS_Store': '', '.git/config': '', '.ipynb_checkpoints/n.ipynb': '', 'x.pyc.txt': '', '.gitignore': '',
    });
    mkdirSync(join(folder, 'empty'));
    expect(filesOf(folder)).toEqual(['.gitignore', '.hidden', 'a.txt', 'a/c.py', 'b.py', 'x.pyc.txt']);
  });

  test.each<[string, string[], string[]]>([
    ['a name at any depth', ['*.md'], ['a.py', 'docs/a.txt', 'tests/t.py']],
    ['a directory', ['tests'], ['a.py', 'c.md', 'docs/a.txt', 'docs/b.md']],
    ['a directory with a slash', ['tests/'], ['a.py', 'c.md', 'docs/a.txt', 'docs/b.md']],
    ['what is in a directory', ['docs/**'], ['a.py', 'c.md', 'tests/t.py']],
    ['all but some', ['*.md', '!c.md'], ['a.py', 'c.md', 'docs/a.txt', 'tests/t.py']],
  ])('may be left out by %s', (_what, exclude, left) => {
    expect(filesOf(folderWith({ 'a.py': '', 'c.md': '', 'docs/a.txt': '', 'docs/b.md': '', 'tests/t.py': '' }), exclude)).toEqual(left);
  });

  test('are those that links inside lead to, directories and files', () => {
    const folder = folderWith({ 'real/a.py': '1', 'b.py': '' });
    symlinkSync('real', join(folder, 'again'));
    symlinkSync(join('..', 'b.py'), join(folder, 'real', 'c.py'));
    expect(filesOf(folder)).toEqual(['again/a.py', 'again/c.py', 'b.py', 'real/a.py', 'real/c.py']);
  });

  test('are found when the directory is a link itself', () => {
    const folder = folderWith({ 'real/a.py': '1' });
    symlinkSync('real', join(folder, 'again'));
    expect(filesOf(join(folder, 'again'))).toEqual(['a.py']);
  });

  test.each<[string, (folder: string) => void, string]>([
    ['a link to a directory outside', (folder) => symlinkSync(folderWith({ secret: '' }), join(folder, 'out')), 'out leads outside the directory'],
    ['a link to a file outside', (folder) => symlinkSync(__filename, join(folder, 'a', 'out')), 'a/out leads outside the directory'],
    ['a link to a directory beside it that begins alike', (folder) => symlinkSync('../src-more', join(folder, 'out')), 'out leads outside the directory'],
    ['a link that leads back', (folder) => symlinkSync('..', join(folder, 'a', 'up')), 'a/up leads back to a directory above it'],
    ['a link that leads nowhere', (folder) => symlinkSync('nothing', join(folder, 'gone')), 'gone can\'t be found'],
  ])('reject %s, unless it is left out', (_what, spoil, message) => {
    const folder = join(folderWith({ 'src/a/b.py': '1', 'src-more/x.py': '' }), 'src');
    spoil(folder);
    expect(() => filesOf(folder)).toThrow(message);
    expect(filesOf(folder, ['out', 'up', 'gone'])).toEqual(['a/b.py']);
  });
});

describe('The files of several roots', () => {
  test('lie by the name of the root, directories with all that is in them', () => {
    const [source, other] = [folderWith({ 'train.py': '' }), folderWith({ 'lib/common/deep/x.py': '', 'lib/common/__pycache__/x.pyc': '', 'util.py': '' })];
    const files = sourceFiles([{ path: source, name: '' }, namedRoot(join(other, 'lib', 'common')), namedRoot(join(other, 'lib', '..', 'util.py'))]);
    expect(files.map(({ name }) => name)).toEqual(['common/deep/x.py', 'train.py', 'util.py']);
  });

  test('are left out by where they lie in the archive', () => {
    const other = folderWith({ 'common/tests/t.py': '', 'common/x.py': '', 'util.py': '' });
    expect(sourceFiles([namedRoot(join(other, 'common')), namedRoot(join(other, 'util.py'))], ['common/tests', 'util.py']).map(({ name }) => name)).toEqual(['common/x.py']);
  });

  test('may share a directory, and name a file twice', () => {
    const [source, other] = [folderWith({ 'common/a.py': '', 'util.py': '' }), folderWith({ 'common/b.py': '' })];
    const files = sourceFiles([{ path: source, name: '' }, namedRoot(join(other, 'common')), namedRoot(join(source, 'util.py'))]);
    expect(files.map(({ name }) => name)).toEqual(['common/a.py', 'common/b.py', 'util.py']);
  });

  test('reject a name for two files', () => {
    const [source, other] = [folderWith({ 'util.py': '' }), folderWith({ 'util.py': '' })];
    expect(() => sourceFiles([{ path: source, name: '' }, namedRoot(join(other, 'util.py'))])).toThrow(`util.py would come from ${source} and from ${join(other, 'util.py')}`);
  });

  test('reject a name for a file and a directory', () => {
    const [source, other] = [folderWith({ common: '' }), folderWith({ 'common/x.py': '' })];
    expect(() => sourceFiles([{ path: source, name: '' }, namedRoot(join(other, 'common'))])).toThrow(`common would be a file of ${source} and a directory`);
  });

  test('know a root by its own name, however it is written', () => {
    const folder = folderWith({ 'a/x.py': '' });
    expect(namedRoot(relative(process.cwd(), `${folder}/a/`)).name).toBe('a');
    expect(namedRoot(`${folder}/a/..`).name).toBe(basename(folder));
  });
});

describe('The hash of files', () => {
  const hash = (files: { [name: string]: string }) => contentHash(filesBelow(folderWith(files)));

  test('changes with names and bytes', () => {
    expect(hash({ a: '1', b: '2' })).toBe(hash({ b: '2', a: '1' }));
    expect(new Set([hash({ a: '1' }), hash({ a: '2' }), hash({ b: '1' }), hash({ a: '1', b: '' }), hash({})]).size).toBe(5);
  });

  test('is the same on every machine, whatever dates and modes', () => {
    const folder = folderWith({ 'a.py': '1', 'b/c.py': '2', 'empty': '' });
    chmodSync(join(folder, 'a.py'), 0o700);
    utimesSync(join(folder, 'a.py'), 1, 1);
    expect(contentHash(filesBelow(folder))).toBe('8d7d248dca9eb66e3b132917defdc7ccdd029cf7c5491139e135812b04b26a3a');
  });

  test('hands on every byte, large files in pieces', () => {
    const folder = folderWith({ big: Buffer.alloc(2_500_000, 'x'), empty: '' });
    const seen: [string, number, boolean][] = [];
    contentHash(filesBelow(folder), ({ name }, piece, isFirst) => { seen.push([name, piece.length, isFirst]); });
    expect(seen).toEqual([['big', 1 << 20, true], ['big', 1 << 20, false], ['big', 2_500_000 - (2 << 20), false], ['empty', 0, true]]);
  });

  test('rejects a file that is gone', () => {
    const folder = folderWith({ a: '' });
    writeFileSync(join(folder, 'b'), '');
    expect(() => contentHash([{ name: 'c', path: join(folder, 'c') }])).toThrow('ENOENT');
  });
});
