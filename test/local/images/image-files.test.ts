import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ImageFiles } from '../../../lib/local/images/image-files';
import { planOf } from '../../../lib/local/images/image-plan';
import { ImageStore } from '../../../lib/local/images/image-store';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'image-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'context', path)), { recursive: true });
    writeFileSync(join(folder, 'context', path), content);
  }
}

/** Lays an image out, which is kept in a store before. */
function laidOut(dockerfile: string, files: { readonly [path: string]: string }): ImageFiles {
  write({ Dockerfile: `FROM python:3.12\n${dockerfile}`, ...files });
  const store = new ImageStore(join(folder, 'images'));
  store.put('team/mine', '1.0', { directory: join(folder, 'context') });
  const image = store.find('123456789012.dkr.ecr.us-east-1.amazonaws.com/team/mine:1.0')!;
  return new ImageFiles(join(folder, 'root'), image.context, planOf(image));
}

describe('The files of an image', () => {
  test('lie where COPY puts them', () => {
    const files = laidOut('WORKDIR /app\nCOPY train ./\nCOPY train /bin/start\nCOPY lib /lib\nCOPY lib/*.py data/?.csv all/\nCOPY train /app', {
      'train': 'T', 'lib/a.py': 'A', 'lib/b.txt': 'B', 'lib/deep/c.py': 'C', 'data/1.csv': 'one', 'data/22.csv': 'two',
    });
    const read = (path: string) => readFileSync(files.at(path), 'utf8');
    expect(['/app/train', '/bin/start', '/lib/a.py', '/lib/b.txt', '/lib/deep/c.py', '/app/all/a.py', '/app/all/1.csv'].map(read)).toEqual(['T', 'T', 'A', 'B', 'C', 'A', 'one']);
    expect(existsSync(files.at('/app/all/22.csv'))).toBe(false);
    expect([files.here('/app/train'), files.here('/etc/hosts'), files.here('train')]).toEqual([join(folder, 'root', 'app', 'train'), '/etc/hosts', 'train']);
  });

  test('have the modes that they are given', () => {
    const files = laidOut('COPY --chmod=700 a /x/a\nCOPY b c.sh /x/\nRUN chmod u+x /x/b && chmod +x /x/*.sh', { 'a': '', 'b': '', 'c.sh': '' });
    expect(['a', 'b', 'c.sh'].map((name) => statSync(files.at(`/x/${name}`)).mode & 0o111)).toEqual([0o100, 0o100, 0o111]);
  });

  test('say what pip installs, those in files too', () => {
    const files = laidOut('COPY . /app\nWORKDIR /app\nRUN pip install numpy -r requirements.txt\nRUN apt-get install -y nginx', { 'requirements.txt': '# why\npandas>=2  # tables\n\nscipy ; python_version > "3.8"\n' });
    expect(files.requirements).toEqual(['numpy', 'pandas>=2', 'scipy ; python_version > "3.8"']);
    expect(files.leftOut).toEqual(['apt-get install -y nginx']);
  });

  test.each([
    ['a file that is not there', 'COPY nothing /x', 'COPY nothing: the build context has no such file'],
    ['a pattern that fits nothing', 'COPY *.sh /x/', 'COPY *.sh: the build context has no such file'],
    ['a file outside of the context', 'COPY ../secret /x', 'COPY ../secret: it is outside of the build context'],
    ['the mode of a file that is not there', 'RUN chmod +x /train', 'chmod +x /train: there is no such file'],
    ['requirements that are not there', 'RUN pip install -r /r.txt', 'pip install -r /r.txt: there is no such file'],
    ['requirements of another kind', 'COPY requirements.txt /r.txt\nRUN pip install -r /r.txt', '/r.txt: "-e ."'],
  ])('are refused with %s', (_name, dockerfile, message) => {
    writeFileSync(join(folder, 'secret'), '');
    expect(() => laidOut(dockerfile, { 'requirements.txt': '-e .' })).toThrow(message);
  });
});

describe('The image store', () => {
  test('knows an image by repository and tag, whatever the registry, and keeps it when its source is gone', () => {
    write({ 'docker/Dockerfile.gpu': 'FROM a', 'train': 'T' });
    const store = new ImageStore(join(folder, 'images'));
    store.put('team/mine', '1.0', { directory: join(folder, 'context'), dockerfile: 'docker/Dockerfile.gpu', buildArgs: { A: '1' }, target: 'last' });
    rmSync(join(folder, 'context'), { recursive: true });
    const image = new ImageStore(join(folder, 'images')).find('registry.example.com:5000/team/mine:1.0')!;
    expect(image).toMatchObject({ buildArgs: { A: '1' }, target: 'last' });
    expect(readFileSync(image.dockerfile, 'utf8')).toBe('FROM a');
    expect(readFileSync(join(image.context, 'train'), 'utf8')).toBe('T');
    expect(store.has('team/mine', '1.0')).toBe(true);
    for (const other of [undefined, 'team/mine:1.0', 'x/mine:1.0', 'x/team/mine:2.0', 'x/team/mine', `x/team/mine@sha256:${'0'.repeat(64)}`]) { expect(store.find(other)).toBeUndefined(); }
  });

  test('has the last image of a tag', () => {
    const store = new ImageStore(join(folder, 'images'));
    for (const text of ['FROM a', 'FROM b']) {
      write({ Dockerfile: text });
      store.put('mine', 'latest', { directory: join(folder, 'context') });
    }
    expect(readFileSync(store.find('x/mine:latest')!.dockerfile, 'utf8')).toBe('FROM b');
  });

  test('rejects a folder without the Dockerfile', () => {
    write({ train: 'T' });
    expect(() => new ImageStore(join(folder, 'images')).put('mine', '1', { directory: join(folder, 'context') })).toThrow('has no Dockerfile');
  });
});
