import { randomInt } from 'node:crypto';
import { lastWill } from '../last-will';
import type { NetworkPlace } from './container-process';
import type { Containers } from './containers';
import type { Engine } from './engine';

/** A network of containers among themselves, without a way out. Each has an address that is known before it starts. */
export class ClusterNetwork {
  /** @throws EngineError: why there is none */
  public static async create(containers: Containers, what: string, hosts: readonly string[]): Promise<ClusterNetwork> {
    const { engine } = containers;
    const name = containers.name(what);
    const forget = lastWill(REMOVE, [engine.program, name]);
    for (let attempt = 1; ; attempt += 1) {
      const prefix = `10.217.${randomInt(256)}`;
      try {
        // Names are in /etc/hosts; podman would want a name server of its own for them.
        await engine.call(['network', 'create', ...engine.name === 'podman' ? ['--disable-dns'] : [], '--internal', '--label', containers.label, '--subnet', `${prefix}.0/24`, name]);
        return new ClusterNetwork(engine, name, Object.fromEntries(hosts.map((host, index) => [host, `${prefix}.${FIRST + index}`])), forget);
      } catch (error) {
        if (attempt < ATTEMPTS && /overlap|already (being )?(used|in use)/i.test((error as Error).message)) { continue; }
        forget();
        throw error;
      }
    }
  }

  private constructor(private readonly engine: Engine, private readonly name: string, public readonly addresses: Readonly<Record<string, string>>, private readonly forget: () => void) {}

  public place(host: string): NetworkPlace {
    return { network: this.name, address: this.addresses[host] as string };
  }

  /** When no container is on it any more. */
  public async remove(): Promise<void> {
    await this.engine.call(['network', 'rm', this.name]).catch(() => undefined);
    this.forget();
  }
}

/** The engine may be about to make it, and containers may be about to go. */
const REMOVE = 'for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; "$1" network inspect "$2" && "$1" network rm --force "$2" && exit; done';
/** Of the addresses; the first ones are the network's own. */
const FIRST = 10;
/** Other networks of this machine may have the addresses already. */
const ATTEMPTS = 20;
