import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Whether /proc tells what this looks at. */
export const canLookAtProcesses = process.platform === 'linux';

/** Ids of processes whose command line or environment names a folder, or that work in it: whatever was started for it, and whatever those started. */
export function processesOf(folder: string): number[] {
  const names = (id: string, file: string) => { try { return readFileSync(join('/proc', id, file), 'utf8').includes(folder); } catch { return false; } };
  const isIn = (id: string) => { try { return readlinkSync(join('/proc', id, 'cwd')).startsWith(folder); } catch { return false; } };
  return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && (names(id, 'cmdline') || names(id, 'environ') || isIn(id))).map(Number);
}

/** Addresses that a process listens at, as `127.0.0.1:8080`; IPv6 as the kernel writes it. */
export function listeningAddresses(processId: number): string[] {
  const sockets = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${processId}/fd`)) {
    try { sockets.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${processId}/fd/${descriptor}`))?.[1] ?? ''); } catch { /* closed meanwhile */ }
  }
  return ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${processId}/net/${table}`, 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    // 0A is LISTEN
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode as string))
    .map(([, address]) => inWords(address as string)));
}

/** What listens at an IPv4 port of this machine, whosever it is: the kernel's number of the socket tells it from a later one at the same port. */
export function listeningSockets(): { readonly port: number; readonly socket: string }[] {
  return readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === '0A')
    .map((fields) => ({ port: parseInt(fields[1]?.split(':')[1] as string, 16), socket: fields[9] as string }));
}

function inWords(address: string): string {
  const [host, port] = address.split(':') as [string, string];
  // IPv4 has its bytes in the order of the machine.
  const words = host.length === 8 ? host.match(/../g)!.reverse().map((byte) => parseInt(byte, 16)).join('.') : host;
  return `${words}:${parseInt(port, 16)}`;
}
