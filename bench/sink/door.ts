import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of an endpoint that may be down. */
export interface Door {
  /** Connections are refused from now on, and those there are end. */
  shut: () => Promise<void>;
  /** It listens again, where it did before. Rejects when somebody else took its port meanwhile. */
  open: () => Promise<void>;
}

/** The door of a server that listens on loopback. Nothing stands in for it while it is shut: the kernel refuses. */
export function createDoor(server: Server): Door {
  let port = 0;
  return {
    shut: async () => {
      // A listening TCP server's address is always of this form.
      ({ port } = server.address() as AddressInfo);
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
    open: async () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      }),
  };
}
