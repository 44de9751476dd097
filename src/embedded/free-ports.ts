import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { AppError } from '../errors.ts';

const LOOPBACK = '127.0.0.1';

/** Ports nobody listens on at the moment, all different. Another process may still take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => hold(0)));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

/** The port written down in a file by `keepPort`, if nobody listens on it now, else any free one. */
export async function lastOrFreePort(file: string): Promise<number> {
  const last = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (Number.isInteger(last) && last > 0 && (await isPortFree(last))) return last;
  const [port = 0] = await freePorts(1);
  return port;
}

/** Writes a port down for the next start, so that addresses people have noted go on working. */
export async function keepPort(file: string, port: number): Promise<void> {
  await writeFile(file, `${port}\n`);
}

/** Throws when a port that was asked for is in use, before a server or we ourselves take its user for our own. */
export async function requireFreePort(port: number, name: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new AppError('unavailable', `Port ${port}, set for ${name}, is in use by another process.`);
}

/** Whether a server could listen on this port of the loopback interface now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    const held = await hold(port);
    await held.release();
    return true;
  } catch {
    return false;
  }
}

/** Whether somebody answers on this port of the loopback interface. */
export async function isPortOpen(port: number): Promise<boolean> {
  const socket = connect({ port, host: LOOPBACK });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function hold(wanted: number): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer();
  server.listen(wanted, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  return {
    port,
    release: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
