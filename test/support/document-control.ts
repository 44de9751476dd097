import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Tablehook } from './tablehook.ts';
import { until } from './until.ts';

/** What a document's shell asks instead of sleeping. */
export interface DocumentControl {
  /** With `?programs=2` it answers when two of the ports are listened on and Tablehook has nothing under way. */
  url: string;
  /** Waits until exactly so many of the ports are listened on. */
  listening: (programs: number) => Promise<void>;
  close: () => Promise<void>;
}

/** Under way is a change that is not planned, a replay that runs, and a delivery that is being or about to be attempted. */
export async function startDocumentControl(
  { services: { models } }: Tablehook,
  ports: number[],
): Promise<DocumentControl> {
  const isQuiet = async () => {
    const busy = await Promise.all([
      models.changes.exists({ state: { $ne: 'planned' } }),
      models.replays.exists({ state: 'running' }),
      models.webhooks.exists({ resuming: { $ne: null } }),
      models.deliveries.exists({
        $or: [{ state: { $in: ['pending', 'delivering'] } }, { state: 'waiting', waitReason: 'resuming' }],
      }),
    ]);
    return busy.every((found) => !found);
  };
  const countListening = async () => (await Promise.all(ports.map(isListening))).filter(Boolean).length;
  const server = createServer((request, response) => {
    const programs = Number(new URL(request.url ?? '', 'http://control').searchParams.get('programs'));
    const ready = async () => (await countListening()) >= programs && (await isQuiet());
    until(ready, { what: `${programs} programs that listen, and quiet` }).then(
      () => response.end(),
      (error: unknown) => response.writeHead(504).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listening: async (programs) => {
      await until(async () => (await countListening()) === programs, { what: `${programs} that listen` });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
