import type { Engine } from './engine';
import { lastWill } from '../last-will';
import { ProcessGroup, type ProcessEnd } from '../process-group';
import type { OnOutput, Running } from '../running';

/** A folder or a file of this machine in a container. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly?: boolean;
}

/** A place on a network that containers share. */
export interface NetworkPlace {
  readonly network: string;
  readonly address: string;
}

/** A container as it is to be run. */
export interface ContainerSpec {
  /** Of the container; unique on the machine. */
  readonly name: string;
  readonly image: string;
  /** In place of the image's own. @default - the image's */
  readonly entrypoint?: readonly string[];
  /** @default - the image's CMD, where the entry point is the image's too */
  readonly args?: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly mounts: readonly Mount[];
  /** `none` has nothing but a loopback, `host` is that of the machine, `bridge` one of its own with a way out. */
  readonly network: 'none' | 'host' | 'bridge' | NetworkPlace;
  readonly hostname?: string;
  /** Name -> address, for its /etc/hosts. */
  readonly hosts?: { readonly [name: string]: string };
  /** A port of the container that is to be had at 127.0.0.1, at a port that the engine chooses. */
  readonly publish?: number;
  /** Bytes. @default - no limit */
  readonly memory?: number;
  /** Bytes of /dev/shm, where processes of a framework hand data to one another. @default - the engine's 64 MB */
  readonly sharedMemory?: number;
  readonly gpus?: boolean;
  /** What it is found by when this process is gone: `name=value`. */
  readonly label: string;
  /** Of this machine: where an engine may leave files of its own, as podman does of a container that was out of memory. */
  readonly folder: string;
}

/** A container from its start to its end; it ends with this process. */
export class ContainerProcess implements Running {
  public readonly end: Promise<ProcessEnd>;
  private readonly client: ProcessGroup;
  private readonly forget: () => void;
  private killed = false;
  private terminated = false;

  constructor(private readonly engine: Engine, public readonly spec: ContainerSpec, onOutput: OnOutput) {
    // The engine's own words come on standard error too; they are few, and belong into the log.
    this.client = new ProcessGroup([engine.program, ...runArguments(engine, spec)], { cwd: spec.folder, env: process.env, onOutput });
    this.client.input.end();
    this.forget = lastWill(REMOVE, [engine.program, spec.name, String(this.client.pid)]);
    this.end = this.client.end.then((end) => this.ended(end));
  }

  public get hasEnded(): boolean {
    return this.client.hasEnded;
  }

  /** Where its published port is on this machine. @throws EngineError when it is not there */
  public async publishedPort(): Promise<number> {
    const said = await this.engine.call(['port', this.spec.name, String(this.spec.publish)]);
    return Number(/:(\d+)\s*$/m.exec(said)?.[1]);
  }

  /** The first process in it, as this machine counts; 0 before there is one. @throws EngineError when it is not there */
  public async pid(): Promise<number> {
    return Number(await this.engine.call(['inspect', '--format', '{{.State.Pid}}', this.spec.name]));
  }

  public async stop(graceMilliseconds: number): Promise<ProcessEnd> {
    this.terminated = true;
    void this.signal('TERM');
    const timer = setTimeout(() => this.kill(), graceMilliseconds);
    try {
      return await this.end;
    } finally {
      clearTimeout(timer);
    }
  }

  public kill(): void {
    this.killed = true;
    void this.signal('KILL');
  }

  /** Again and again, until it has arrived: the container may be about to be made. */
  private async signal(signal: 'TERM' | 'KILL'): Promise<void> {
    while (!this.hasEnded && (signal === 'KILL' || !this.killed)) {
      if (await this.engine.call(['kill', '--signal', signal, this.spec.name]).then(() => true, () => false)) { return; }
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }

  /** It may not even have been made. */
  private async wasStarted(): Promise<boolean> {
    const at = await this.engine.call(['inspect', '--format', '{{.State.StartedAt}}', this.spec.name]).catch(() => '');
    return at.trim() !== '' && !at.startsWith('0001-');
  }

  private async ended(end: ProcessEnd): Promise<ProcessEnd> {
    const killed = end.code === 137 && this.spec.memory !== undefined && !this.killed && !this.terminated ? await this.whyKilled() : undefined;
    // A program too may end with these codes.
    const neverStarted = end.code >= 125 && end.code <= 127 && !await this.wasStarted();
    // Where the engine's client was ended, the container may still run.
    await this.engine.call(['rm', this.spec.name]).catch(() => this.engine.remove([this.spec.name]));
    this.forget();
    return { ...end, ...neverStarted && { neverStarted }, ...killed };
  }

  /** Nobody here has done it. A program may end with this code of its own accord too. */
  private async whyKilled(): Promise<Pick<ProcessEnd, 'error' | 'remark'>> {
    const said = await this.engine.call(['inspect', '--format', '{{.State.OOMKilled}}', this.spec.name]).catch(() => '');
    if (said.trim() === 'true') { return { error: 'OutOfMemory: the container was killed since it wanted more memory than its instance has' }; }
    // Podman does not see it everywhere.
    return this.engine.name === 'docker' && said.trim() === 'false' ? {} : { remark: 'It ended as a program that is killed does, for instance for want of memory' };
  }
}

function runArguments(engine: Engine, spec: ContainerSpec): string[] {
  const [program, ...more] = spec.entrypoint ?? [];
  const list = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  return [
    'run', '--name', spec.name, '--label', spec.label, '--log-driver', 'none', '--pull', 'never',
    // Where SELinux is on, a container may otherwise not read what is mounted.
    '--security-opt', 'label=disable',
    // Podman hands on the proxies of this machine's environment, and passwords in them. Docker has those of its own configuration, which are meant for containers.
    ...engine.name === 'podman' ? ['--http-proxy=false'] : [],
    ...typeof spec.network === 'string' ? ['--network', spec.network] : ['--network', spec.network.network, '--ip', spec.network.address],
    ...spec.hostname === undefined ? [] : ['--hostname', spec.hostname],
    ...list('--add-host', Object.entries(spec.hosts ?? {}).map(([name, address]) => `${name}:${address}`)),
    ...spec.publish === undefined ? [] : ['--publish', `127.0.0.1::${spec.publish}`],
    ...spec.memory === undefined ? [] : ['--memory', String(spec.memory), '--memory-swap', String(spec.memory)],
    ...spec.sharedMemory === undefined ? [] : ['--shm-size', String(spec.sharedMemory)],
    ...spec.gpus === true ? engine.name === 'docker' ? ['--gpus', 'all'] : ['--device', 'nvidia.com/gpu=all'] : [],
    ...spec.mounts.flatMap(mountArguments),
    ...list('--env', Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`)),
    ...program === undefined ? [] : ['--entrypoint', program],
    spec.image, ...more, ...spec.args ?? [],
  ];
}

/** `--volume` can't have a path with a colon; the other form is read as a line of CSV. */
function mountArguments({ from, to, readOnly }: Mount): string[] {
  if (!`${from}${to}`.includes(':')) { return ['--volume', `${from}:${to}${readOnly === true ? ':ro' : ''}`]; }
  const fields = ['type=bind', `source=${from}`, `target=${to}`, ...readOnly === true ? ['readonly'] : []];
  return ['--mount', fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')];
}

/** Not by killing the client: podman's leaves what it is about to start half made then, and for ever. It ends with its container. */
const REMOVE = `looks=0; gone=0
while [ "$looks" -lt 40 ] && [ "$gone" -lt 3 ]; do
  "$1" kill --signal KILL "$2"; "$1" rm --force "$2"
  if kill -0 "-$3" || "$1" container inspect "$2"; then gone=0; else gone=$((gone + 1)); fi
  looks=$((looks + 1)); sleep 0.2
done
kill -9 "-$3"`;
