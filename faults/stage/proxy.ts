import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** One link between two parts, which can fail. */
export interface Link {
  port: number;
  /** Resets every connection, and each that is made from now on. */
  cut: () => void;
  /**
   * Lets nothing through either way and says nothing: connections stay, new ones are accepted, bytes wait. As when packets are
   * dropped, what was sent meanwhile arrives after the healing, unless one side has given up.
   */
  freeze: () => void;
  heal: () => void;
  close: () => Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket | null;
}

/** Opens a TCP proxy on loopback in front of a port of loopback. */
export async function openLink(targetPort: number): Promise<Link> {
  const pairs = new Set<Pair>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const listener = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    const pair: Pair = { client, server: null };
    client.on('error', () => undefined).on('close', () => drop(pairs, pair));
    if (state === 'cut') return void client.resetAndDestroy();
    pairs.add(pair);
    if (state === 'open') join(pair, targetPort);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const reset = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server?.resetAndDestroy();
    }
    pairs.clear();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      reset();
    },
    freeze: () => {
      state = 'frozen';
      for (const { client, server } of pairs) {
        if (!server) continue;
        client.unpipe(server).pause();
        server.unpipe(client).pause();
      }
    },
    heal: () => {
      state = 'open';
      for (const pair of pairs) join(pair, targetPort);
    },
    close: async () => {
      reset();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Joins both sides of a connection, for the first time or again. */
function join(pair: Pair, targetPort: number): void {
  const server = pair.server ?? connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
  if (!pair.server) {
    pair.server = server;
    pair.client.setNoDelay(true);
    server.setNoDelay(true);
    server.on('error', () => pair.client.resetAndDestroy()).on('close', () => pair.client.destroy());
  }
  pair.client.pipe(server);
  server.pipe(pair.client);
}

function drop(pairs: Set<Pair>, pair: Pair): void {
  pairs.delete(pair);
  pair.server?.destroy();
}
