import { ClusterNetwork } from './cluster-network';
import type { ContainerProcess, ContainerSpec } from './container-process';
import type { Containers } from './containers';
import { EngineError } from './engine';
import { NamespaceRelay } from './namespace-relay';

/** Where a port of a container is on this machine. */
export type ContainerAddress = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** How this machine reaches a port of a container. */
export interface WayIn {
  /** What the container needs for it. */
  readonly spec: Pick<ContainerSpec, 'network' | 'publish'>;
  /** As soon as it is known; nothing when the container has ended before. @throws EngineError */
  address(running: ContainerProcess): Promise<ContainerAddress | undefined>;
  /** When the container has ended. */
  close(): Promise<void>;
}

/** To a container that reaches the network, or one that reaches nothing. @throws EngineError where there is none */
export async function wayIn(containers: Containers, port: number, isIsolated: boolean): Promise<WayIn> {
  const { engine } = containers;
  if (!isIsolated) { return published(port); }
  const isRoot = process.geteuid?.() === 0;
  if (engine.sharesHostNetwork && (isRoot || engine.name === 'podman')) { return entered(port, isRoot ? [] : [engine.program, 'unshare']); }
  if (await engine.reachesContainers()) { return aside(await ClusterNetwork.create(containers, 'serving', [ALONE]), port); }
  throw new EngineError(`${String(engine)} lets this machine not reach a container without a network: for a model with EnableNetworkIsolation it needs Linux, and an engine that is not in a virtual machine; mode process serves it anywhere`);
}

/** A port of 127.0.0.1 that the engine chooses. */
function published(port: number): WayIn {
  return {
    spec: { network: 'bridge', publish: port },
    address: (running) => whileRunning(running, async () => {
      const at = await running.publishedPort();
      return Number.isNaN(at) ? undefined : { host: '127.0.0.1', port: at };
    }),
    close: () => Promise.resolve(),
  };
}

/** The container has no network at all; who may enters it. */
function entered(port: number, enter: readonly string[]): WayIn {
  let relay: NamespaceRelay | undefined;
  let isClosed = false;
  return {
    spec: { network: 'none' },
    address: async (running) => {
      const pid = await whileRunning(running, async () => await running.pid() || undefined);
      relay = pid === undefined ? undefined : await NamespaceRelay.open(enter, pid, port);
      if (isClosed) { relay?.close(); }
      return relay;
    },
    close: () => {
      isClosed = true;
      relay?.close();
      return Promise.resolve();
    },
  };
}

/** Docker gives this machine an address on a network that has no way out. */
function aside(network: ClusterNetwork, port: number): WayIn {
  const place = network.place(ALONE);
  return { spec: { network: place }, address: () => Promise.resolve({ host: place.address, port }), close: () => network.remove() };
}

async function whileRunning<T>(running: ContainerProcess, look: () => Promise<T | undefined>): Promise<T | undefined> {
  while (!running.hasEnded) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) { return found; }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return undefined;
}

const ALONE = 'model';
