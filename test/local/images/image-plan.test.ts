import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf, type ImagePlan } from '../../../lib/local/images/image-plan';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is made of these lines, which follow a FROM. */
function plan(lines: string | string[], { from = 'FROM python:3.12', ...options }: { from?: string; buildArgs?: { [name: string]: string }; target?: string } = {}): ImagePlan {
  const dockerfile = join(folder, 'Dockerfile');
  writeFileSync(dockerfile, [from, lines].flat().join('\n'));
  return planOf({ context: folder, dockerfile, buildArgs: {}, ...options });
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

describe('The plan of an image', () => {
  test('has its files, folders, variables and its entry point', () => {
    expect(plan(['ENV PATH="/opt/program:${PATH}"', 'WORKDIR /opt', 'WORKDIR program', 'COPY train serve ./', 'COPY --chmod=755 lib lib', 'COPY ["a b", "/etc/x"]', 'ENTRYPOINT ["python", "main.py"]'])).toEqual({
      base: 'python:3.12',
      steps: [
        { kind: 'folder', path: '/opt' }, { kind: 'folder', path: '/opt/program' },
        { kind: 'copy', sources: ['train', 'serve'], to: '/opt/program/' },
        { kind: 'copy', sources: ['lib'], to: '/opt/program/lib', mode: '755' },
        { kind: 'copy', sources: ['a b'], to: '/etc/x' },
      ],
      environment: { PATH: `/opt/program:${PATH}` },
      workingFolder: '/opt/program',
      entrypoint: ['python', 'main.py'],
    });
  });

  test('takes arguments of the build: given ones before defaults, variables before both', () => {
    const lines = ['ARG VERSION', 'ARG FOLDER=here', 'ARG NAME=arg', 'ENV NAME=env', 'ENV OLD the old form', 'COPY $FOLDER /$VERSION/$NAME/'];
    const { base, steps, environment } = plan(lines, { from: 'ARG VERSION=3.11\nFROM python:${VERSION}', buildArgs: { VERSION: '3.13', FOLDER: 'there' } });
    expect({ base, steps }).toEqual({ base: 'python:3.13', steps: [{ kind: 'copy', sources: ['there'], to: '/3.13/env/' }] });
    expect(environment).toEqual({ PATH, NAME: 'env', OLD: 'the old form' });
  });

  test('has what is done for RUN: packages of Python, modes, folders; packages of the system are left out', () => {
    const { steps } = plan([
      'WORKDIR /app',
      'RUN apt-get update && apt-get install -y --no-install-recommends nginx && rm -rf /var/lib/apt/lists/*',
      "RUN --mount=type=cache,target=/root/.cache pip3 install --no-cache-dir -U numpy==1.26.4 'scipy>=1.10,<2' -r requirements.txt -r/etc/more.txt",
      'RUN ["python3", "-m", "pip", "install", "pandas"]',
      'RUN chmod +x train; chmod 755 /x/*.sh && mkdir -p data',
      'USER app',
    ]);
    expect(steps.slice(1)).toEqual([
      { kind: 'left out', what: 'apt-get update' }, { kind: 'left out', what: 'apt-get install -y --no-install-recommends nginx' },
      { kind: 'install', requirements: ['numpy==1.26.4', 'scipy>=1.10,<2'], files: ['/app/requirements.txt', '/etc/more.txt'] },
      { kind: 'install', requirements: ['pandas'], files: [] },
      { kind: 'mode', mode: '+x', paths: ['/app/train'] }, { kind: 'mode', mode: '755', paths: ['/x/*.sh'] }, { kind: 'folder', path: '/app/data' },
      { kind: 'left out', what: 'USER app' },
    ]);
  });

  test('has what pip installs however it is called, and takes the interpreter under any of its names', () => {
    const { steps } = plan([
      'RUN DEBIAN_FRONTEND=noninteractive apt-get install -y python3-pip',
      'RUN ln -s /usr/bin/python3 /usr/bin/python && ln -sf /usr/bin/pip3 /usr/bin/pip',
      'RUN pip install --upgrade pip wheel && pip --no-cache-dir install flask && uv pip install --system "gunicorn[gevent]" && pip cache purge',
    ]);
    expect(steps).toEqual([
      { kind: 'left out', what: 'DEBIAN_FRONTEND=noninteractive apt-get install -y python3-pip' },
      { kind: 'install', requirements: [], files: [] }, { kind: 'install', requirements: ['flask'], files: [] }, { kind: 'install', requirements: ['gunicorn[gevent]'], files: [] },
    ]);
  });

  test('takes no account of what no program sees', () => {
    expect(plan(['LABEL a=b', 'EXPOSE 8080', 'VOLUME /data', 'HEALTHCHECK NONE', 'STOPSIGNAL SIGTERM', 'CMD train']).steps).toEqual([]);
  });

  test('has the one stage that is asked for by name', () => {
    expect(plan([], { from: 'FROM python:3.12 AS serving', target: 'serving' }).base).toBe('python:3.12');
  });

  test.each([
    ['several stages', ['COPY a /a', 'FROM python:3.12'], 'Dockerfile line 3: FROM for a second time (several stages)'],
    ['files of another stage', 'COPY --from=build /a /a', 'Dockerfile line 2: COPY --from'],
    ['what is fetched', 'ADD https://example.com/a.txt /a.txt', 'ADD of https://example.com/a.txt, which is fetched or unpacked'],
    ['what is unpacked', 'ADD a.tar.gz /a', 'ADD of a.tar.gz'],
    ['an entry point in shell form', 'ENTRYPOINT python main.py', 'ENTRYPOINT in shell form, which does not pass train and serve on'],
    ['another signal', 'STOPSIGNAL SIGINT', 'STOPSIGNAL other than SIGTERM'],
    ['another shell', 'SHELL ["bash", "-c"]', 'Dockerfile line 2: SHELL'],
    ['a compiler', 'RUN make install', 'Dockerfile line 2: RUN make install: without containers only pip install'],
    ['a pipe', 'RUN curl https://example.com/install.sh | sh', 'RUN curl'],
    ['a substitution', 'RUN pip install $(cat list)', 'RUN pip install $(cat list)'],
    ['a package that is a folder', 'RUN pip install .', 'RUN pip install .'],
    ['another package index', 'RUN pip install --index-url https://example.com numpy', 'RUN pip install --index-url'],
    ['another package index by a variable', 'RUN PIP_INDEX_URL=https://example.com pip install numpy', 'RUN PIP_INDEX_URL=https://example.com pip install numpy'],
    ['another command of pip', 'RUN pip download numpy', 'RUN pip download numpy'],
    ['a link', 'RUN ln -s /opt/a /opt/b', 'RUN ln -s /opt/a /opt/b'],
    ['a secret', 'RUN --mount=type=secret,id=token pip install numpy', 'RUN --mount=type=secret'],
    ['deleting files of the image', 'RUN rm -rf /opt/program', 'RUN rm -rf /opt/program'],
  ])('rejects %s, by name and line', (_name, lines, message) => {
    expect(() => plan(lines)).toThrow(message);
  });

  test('rejects a Dockerfile without an image to begin with, and a target that it does not have', () => {
    expect(() => plan([], { from: 'ARG A=1' })).toThrow('it has no FROM');
    expect(() => plan([], { target: 'serving' })).toThrow('the build target serving, which is not its only stage');
  });
});
