import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from './engine';

/** Listens at a socket file of this machine, and connects to a port of the network namespace that it is started in. */
const RELAY = `
const net = require('node:net');
const [path, port] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(Number(port), '127.0.0.1');
  for (const [one, other] of [[near, far], [far, near]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
    one.pipe(other);
  }
}).listen(path, () => process.stdout.write('ready'));
process.stdin.resume().on('end', () => {
  require('node:fs').rmSync(require('node:path').dirname(path), { recursive: true, force: true });
  process.exit();
});
`;

/** A way into a container without a network: a process of this machine that has entered the container's empty one. It ends with this process. */
export class NamespaceRelay {
  /**
   * @param enter runs a command as somebody who may enter; nothing for who runs this
   * @throws EngineError when the namespace can't be entered
   */
  public static async open(enter: readonly string[], pid: number, port: number): Promise<NamespaceRelay> {
    const folder = mkdtempSync(join(tmpdir(), 'cdk-sagemaker-'));
    const command = [...enter, 'nsenter', '--target', String(pid), '--net', process.execPath, '-e', RELAY, join(folder, 'socket'), String(port)];
    const child = spawn(command[0] as string, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', env: { PATH: process.env.PATH, HOME: process.env.HOME, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR } });
    const relay = new NamespaceRelay(child, folder);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stdin.on('error', () => undefined);
    const isReady = await Promise.race([
      once(child.stdout, 'data').then(() => true, () => false),
      // Not 'exit': what it said may not have been read then.
      once(child, 'close').then(() => false, (error: Error) => { said += error.message; return false; }),
    ]);
    if (isReady) { return relay; }
    relay.close();
    throw new EngineError(`The container without a network can't be entered: ${said.trim() || 'nsenter has ended'}`);
  }

  public readonly socketPath: string;

  private constructor(private readonly child: ChildProcess, private readonly folder: string) {
    this.socketPath = join(folder, 'socket');
    child.on('error', () => undefined);
  }

  public close(): void {
    // Its end of input is its end, whoever else stands between it and us.
    this.child.stdin?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
