import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Containers, type LocalMode } from '../../../lib/local/containers/containers';
import { ImageStore } from '../../../lib/local/images/image-store';
import { FakeEngine, type FakeEngineProps } from '../support/fake-engine';
import { isAlive } from '../support/processes';
import { until } from '../support/sagemaker-bench';

interface Place {
  readonly engine: FakeEngine;
  readonly containers: Containers;
  /** The URI of an image with this Dockerfile. */
  readonly image: (dockerfile: string, more?: object) => string;
  /** Looks for an image; what was said is in `said`. */
  readonly find: (uri: string, options?: { isNeeded?: boolean; signal?: AbortSignal }) => Promise<string | undefined>;
  readonly said: string[];
}

async function withEngine(props: FakeEngineProps, work: (place: Place) => Promise<void>, mode: LocalMode = 'auto'): Promise<void> {
  const engine = new FakeEngine(props);
  const folder = mkdtempSync(join(tmpdir(), 'containers-'));
  const path = process.env.PATH;
  process.env.PATH = `${engine.folder}:${path}`;
  try {
    const images = new ImageStore(join(folder, 'images'));
    const { containers } = await Containers.open({ mode, folder, images }, engine.environment);
    const said: string[] = [];
    await work({
      engine, containers: containers!, said,
      image: (dockerfile, more = {}) => {
        mkdirSync(join(folder, 'context'), { recursive: true });
        writeFileSync(join(folder, 'context', 'Dockerfile'), dockerfile);
        images.put('mine', '1', { directory: join(folder, 'context'), ...more });
        return '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
      },
      find: (uri, { isNeeded = false, signal = new AbortController().signal } = {}) => containers!.image(uri, { isNeeded, signal, log: (line) => said.push(line) }),
    });
  } finally {
    process.env.PATH = path;
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const open = (mode: LocalMode, environment: NodeJS.ProcessEnv) => Containers.open({ mode, folder: '/nowhere', images: new ImageStore('/nowhere') }, environment);

describe('The engine for containers', () => {
  test('is that of CDK_DOCKER, and said', async () => {
    const engine = new FakeEngine({ name: 'podman' });
    try {
      const { containers, said } = await open('auto', engine.environment);
      expect(containers?.engine.program).toBe(engine.program);
      expect(said).toBe('jobs and endpoints run in containers of podman 4.5, as processes where their image is not on this machine');
      expect((await open('container', engine.environment)).said).toBe('jobs and endpoints run in containers of podman 4.5');
    } finally {
      engine.close();
    }
  });

  test('may be absent: everything runs as a process, unless containers are asked for', async () => {
    const environment = { CDK_DOCKER: '/no/such/engine' };
    expect(await open('auto', environment)).toEqual({ said: 'jobs and endpoints run as processes: no container engine answers (/no/such/engine: not found)' });
    await expect(open('container', environment)).rejects.toThrow('no container engine answers (/no/such/engine: not found); start one, or leave mode container');
    expect(await open('process', environment)).toEqual({ said: 'jobs and endpoints run as processes' });
  });

  test('is freed of what an earlier process has left in it', async () => {
    const engine = new FakeEngine({ does: { ps: 'echo aa; echo bb', network: 'if [ "$2" = ls ]; then echo nn; else echo "$@" > "$here/networks"; fi' } });
    try {
      await open('auto', engine.environment);
      expect(engine.calls).toEqual([['kill', '--signal', 'KILL', 'aa', 'bb'], ['rm', '--force', 'aa', 'bb']]);
    } finally {
      engine.close();
    }
  });
});

describe('An image that is only named', () => {
  test('is run where it is on this machine', () => withEngine({ does: { image: 'echo id' } }, async ({ find, engine }) => {
    expect(await find('mine:1')).toBe('mine:1');
    expect(engine.calls).toEqual([['image', 'inspect', '--format', '{{.Id}}', 'mine:1']]);
  }));

  test('is otherwise done without, said, unless it is needed or everything runs in containers', async () => {
    await withEngine({}, async ({ find, engine, said }) => {
      expect(await find('mine:1')).toBeUndefined();
      expect(said).toEqual([`The image mine:1 is not on this machine: this runs as a process. \`${engine.program} pull\` it to run it in a container.`]);
      expect(await find('mine:1', { isNeeded: true })).toBe('mine:1');
      expect(engine.calls.at(-1)).toEqual(['pull', 'mine:1']);
      expect(said.at(-1)).toBe('Pulling mine:1');
    });
    await withEngine({}, async ({ find, engine }) => {
      expect(await find('mine:1')).toBe('mine:1');
      expect(engine.calls.at(-1)).toEqual(['pull', 'mine:1']);
    }, 'container');
  });

  test('that can\'t be pulled says why, and is not asked for again at once', () => withEngine({ does: { pull: 'echo "Error: no such host" >&2; exit 125' } }, async ({ find, engine }) => {
    for (const _ of [1, 2]) { await expect(find('mine:1')).rejects.toThrow('The image mine:1 can\'t be pulled: no such host'); }
    expect(engine.calls.filter(([command]) => command === 'pull')).toHaveLength(1);
  }, 'container'));

  const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mine:1';
  const UNTIL_LOGIN = { pull: 'if [ ! -f "$here/password" ]; then echo "Error: no basic auth credentials" >&2; exit 1; fi', login: 'cat > "$here/password"; grep -q secret "$here/password"' };
  const LOGIN = ['login', '--username', 'AWS', '--password-stdin', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'];

  test('is pulled from Amazon\'s registry after a login by the AWS CLI', () => withEngine({ does: UNTIL_LOGIN }, async ({ find, engine }) => {
    engine.aws('echo secret');
    expect(await find(ECR)).toBe(ECR);
    expect(engine.calls.slice(1)).toEqual([['pull', ECR], ['ecr', 'get-login-password', '--region', 'eu-west-1'], LOGIN, ['pull', ECR]]);
  }, 'container'));

  test('names the commands of the login that has failed, and tries none where it is not for lack of one', async () => {
    await withEngine({ does: UNTIL_LOGIN }, async ({ find, engine }) => {
      engine.aws('echo "Unable to locate credentials" >&2; exit 253');
      await expect(find(ECR)).rejects.toThrow(`no basic auth credentials; and the login has failed: Unable to locate credentials. Log in by \`aws ecr get-login-password --region eu-west-1 | ${engine.program} ${LOGIN.join(' ')}\``);
    }, 'container');
    await withEngine({ does: { pull: 'echo "Error: no such host" >&2; exit 1' } }, async ({ find, engine }) => {
      engine.aws('echo secret');
      await expect(find(ECR)).rejects.toThrow('no such host');
      expect(engine.calls.map(([command]) => command)).not.toContain('ecr');
    }, 'container');
  });
});

describe('An image with a Dockerfile', () => {
  const BUILDS = { image: '[ -f "$here/$(echo "$5" | tr / _)" ]', build: 'sleep 0.2; echo step; touch "$here/$(echo "$5" | tr / _)"' };

  test('is built with its arguments and its stage, labelled, and only once', () => withEngine({ does: BUILDS }, async ({ find, image, engine, containers, said }) => {
    const uri = image('ARG V\nFROM scratch AS first\nFROM first', { buildArgs: { V: '1 2' }, target: 'first' });
    const [tag, other] = await Promise.all([find(uri), find(uri)]);
    expect(tag).toMatch(/^cdk-sagemaker-local\/[0-9a-f]{24}:latest$/);
    expect([other, await find(uri)]).toEqual([tag, tag]);
    const builds = engine.calls.filter(([command]) => command === 'build');
    expect(builds).toEqual([['build', '--file', expect.stringMatching(/\/context\/Dockerfile$/), '--tag', tag, '--label', containers.imageLabel, '--target', 'first', '--build-arg', 'V=1 2', expect.stringMatching(/\/context$/)]]);
    // Both of those who waited.
    expect(said.filter((line) => line === 'step')).toHaveLength(2);
  }));

  test('is built again when what is kept under its URI is another, and not when it is the same', () => withEngine({ does: BUILDS }, async ({ find, image }) => {
    const before = await find(image('FROM scratch'));
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    expect(await find(image('FROM scratch\nENV A=1'))).not.toBe(before);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    expect(await find(image('FROM scratch'))).toBe(before);
  }));

  test('that is wrong fails with what the build said last', () => withEngine({ does: { ...BUILDS, build: 'echo one; echo "no compiler" >&2; echo "Error: building at STEP" >&2; exit 1' } }, async ({ find, image }) => {
    const failed = find(image('FROM scratch\nRUN make'));
    await expect(failed).rejects.toThrow('The image 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1 can\'t be built of its Dockerfile: ');
    await expect(failed).rejects.toThrow(/no compiler\nError: building at STEP/);
  }));

  test('whose base can\'t be pulled is done without, said; unless it is needed', () => withEngine({ does: { ...BUILDS, pull: 'echo "Error: no such host" >&2; exit 125' } }, async ({ find, image, said, engine }) => {
    const uri = image('ARG VERSION=3\nFROM debian AS files\nFROM python:${VERSION}\nCOPY --from=files /etc /etc', { buildArgs: { VERSION: '3.12' } });
    expect(await find(uri)).toBeUndefined();
    expect(said.at(-1)).toBe('The image debian can\'t be pulled: no such host. The image 123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1 is FROM it and can\'t be built: this runs as a process.');
    await expect(find(uri, { isNeeded: true })).rejects.toThrow('The image debian can\'t be pulled: no such host');
    expect(engine.calls.map(([command]) => command)).not.toContain('build');
  }));

  test('has its bases pulled before it is built, with their build arguments', () => withEngine({ does: BUILDS }, async ({ find, image, engine }) => {
    await find(image('ARG VERSION=3\nFROM debian AS files\nFROM python:${VERSION}\nCOPY --from=files /etc /etc', { buildArgs: { VERSION: '3.12' } }));
    expect(engine.calls.filter(([command]) => command === 'pull')).toEqual([['pull', 'debian'], ['pull', 'python:3.12']]);
  }));

  test('goes on being built for others when one no longer waits, and ends when nobody does', () => withEngine({ does: { ...BUILDS, build: 'echo $$ > "$here/building"; echo begun; i=0; while [ $i -lt 100 ]; do i=$((i+1)); sleep 0.05; done; exit 9' } }, async ({ find, image, engine, said }) => {
    const [first, second] = [new AbortController(), new AbortController()];
    const uri = image('FROM scratch');
    const finds = [find(uri, { signal: first.signal }), find(uri, { signal: second.signal })].map((each) => each.catch((error: Error) => error.name));
    await until(() => Promise.resolve(said), (lines) => lines.filter((line) => line === 'begun').length === 2);
    first.abort();
    expect(await finds[0]).toBe('AbortError');
    expect(await Promise.race([finds[1], new Promise((resolve) => { setTimeout(() => resolve('waits'), 100); })])).toBe('waits');
    second.abort();
    expect(await finds[1]).toBe('AbortError');
    expect(engine.calls.filter(([command]) => command === 'build')).toHaveLength(1);
    const pid = Number(readFileSync(join(engine.folder, 'building'), 'utf8'));
    await until(() => Promise.resolve(isAlive(pid)), (alive) => !alive, 4);
  }));

  test('goes with the last stack: by its label', () => withEngine({ does: { images: 'echo a:latest; echo b:latest; echo "<none>:<none>"' } }, async ({ containers, engine }) => {
    await containers.removeImages();
    expect(engine.calls).toEqual([['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `label=${containers.imageLabel}`], ['rmi', 'a:latest', 'b:latest']]);
  }));
});
