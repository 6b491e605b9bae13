import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port of this machine that is listened to. */
export interface Listening {
  readonly port: number;
  /** Ends its connections too. */
  close(): Promise<unknown>;
}

/** @param port 0 for any @throws Error for one that is taken */
export function listening(listener: RequestListener, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({
      port: (server.address() as AddressInfo).port,
      close: () => new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
    }));
  });
}
