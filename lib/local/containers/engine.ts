import { spawn } from 'node:child_process';
import { platform } from 'node:os';

/** A command of the engine that has failed: its message is what the engine said. */
export class EngineError extends Error {}

export interface EngineCall {
  readonly signal?: AbortSignal;
  /** Standard input. */
  readonly input?: string;
  /** Every line that it writes, as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Docker or podman, by its command line: what both understand alike. */
export class Engine {
  /**
   * The first that is there and answers: that of CDK_DOCKER, as the CDK's own command line has it, otherwise docker, otherwise podman.
   *
   * @returns with what has been tried, for sentences
   */
  public static async find(environment: NodeJS.ProcessEnv = process.env): Promise<{ readonly engine?: Engine; readonly tried: readonly string[] }> {
    const programs = environment.CDK_DOCKER === undefined || environment.CDK_DOCKER === '' ? ['docker', 'podman'] : [environment.CDK_DOCKER];
    const tried: string[] = [];
    const found = await Promise.all(programs.map((program) => Engine.at(program).catch((error: Error) => error)));
    for (const [index, each] of found.entries()) {
      if (each instanceof Engine) { return { engine: each, tried }; }
      tried.push(`${programs[index]}: ${each.message}`);
    }
    return { tried };
  }

  private static async at(program: string): Promise<Engine> {
    // Of podman it is a client that answers for itself; docker's server does not answer where none runs. Docker Desktop and podman machine are virtual machines.
    const said = await new Engine(program, '', '', false).call(['version', '--format', '{{.Client.Version}}|{{with .Server}}{{.Version}}{{end}}'], { signal: AbortSignal.timeout(ANSWERS_WITHIN) });
    const [client = '', server = ''] = said.trim().split('|');
    const isPodman = /podman/i.test(await new Engine(program, '', '', false).call(['--version']));
    return new Engine(program, isPodman ? 'podman' : 'docker', server === '' ? client : server, platform() === 'linux' && !await isDesktop(program, isPodman));
  }

  private constructor(
    /** The command. */
    public readonly program: string,
    /** Which of the two it is, whatever its command is called. */
    public readonly name: string,
    public readonly version: string,
    /** Whether a container on the network of its host is on that of this machine, with what listens at 127.0.0.1. */
    public readonly sharesHostNetwork: boolean,
  ) {}

  /** For sentences: `podman 4.3.1`. */
  public toString(): string {
    return `${this.name} ${this.version}`;
  }

  /** Runs a command of the engine to its end. @throws EngineError */
  public call(args: readonly string[], { signal, input, onLine }: EngineCall = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, args, { stdio: ['pipe', 'pipe', 'pipe'], signal });
      let output = '';
      let errors = '';
      const lines = linesTo(onLine ?? (() => undefined));
      child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); lines(chunk); });
      child.stderr.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-8192); lines(chunk); });
      child.on('error', (error: NodeJS.ErrnoException) => reject(new EngineError(error.code === 'ENOENT' ? 'not found' : error.name === 'AbortError' ? 'no answer in time' : error.message)));
      child.on('close', (code) => {
        lines(Buffer.from('\n'));
        return code === 0 ? resolve(output) : reject(new EngineError(whatItSaid(errors) || `${this.program} ${args[0]} ended with exit code ${String(code)}`));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    });
  }

  /** Whether this machine reaches a container at its own address: not one in a virtual machine, or in a user's own network. */
  public async reachesContainers(): Promise<boolean> {
    if (!this.sharesHostNetwork) { return false; }
    const format = this.name === 'podman' ? '{{.Host.Security.Rootless}}' : '{{.SecurityOptions}}';
    return this.call(['info', '--format', format]).then((said) => !/true|rootless/.test(said), () => false);
  }

  /** Whether an image is on this machine. */
  public async hasImage(image: string): Promise<boolean> {
    return this.call(['image', 'inspect', '--format', '{{.Id}}', image]).then(() => true, () => false);
  }

  /** Removes containers, and what runs in them, at once. */
  public async remove(containers: readonly string[]): Promise<void> {
    if (containers.length === 0) { return; }
    // podman would give them ten seconds otherwise.
    await this.call(['kill', '--signal', 'KILL', ...containers]).catch(() => undefined);
    await this.call(['rm', '--force', ...containers]).catch(() => undefined);
  }

  /** Removes the images that carry a label, but for those that a container is made of. */
  public async removeImages(label: string): Promise<void> {
    const images = ids(await this.call(['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `label=${label}`]));
    const named = [...new Set(images)].filter((name) => !name.includes('<none>'));
    if (named.length > 0) { await this.call(['rmi', ...named]); }
  }

  /** Removes the containers and networks that carry a label. */
  public async sweep(label: string): Promise<void> {
    await this.remove(ids(await this.call(['ps', '--all', '--quiet', '--filter', `label=${label}`])));
    const networks = ids(await this.call(['network', 'ls', '--quiet', '--filter', `label=${label}`]));
    if (networks.length > 0) { await this.call(['network', 'rm', ...networks]).catch(() => undefined); }
  }
}

async function isDesktop(program: string, isPodman: boolean): Promise<boolean> {
  if (isPodman) { return false; }
  const text = await new Promise<string>((resolve) => {
    const child = spawn(program, ['info', '--format', '{{.OperatingSystem}}'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(output));
  });
  return /Docker Desktop/.test(text);
}

function linesTo(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString()).split(/\r?\n/);
    rest = lines.pop() ?? '';
    lines.filter((line) => line.trim() !== '').forEach(onLine);
  };
}

const ids = (text: string) => text.split('\n').filter((line) => line !== '');
/** The last thing it said, without what warns only. */
const whatItSaid = (errors: string) => errors.trim().split('\n').filter((line) => !/level=(warning|info|debug)/.test(line)).slice(-3).join('; ').replace(/^Error( response from daemon)?: /, '');
/** An engine that is being started may be silent for ever. */
const ANSWERS_WITHIN = 10_000;
