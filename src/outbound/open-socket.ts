import { connect, type Socket } from 'node:net';
import { settleSocket } from './settle-socket.ts';

const TCP_KEEP_ALIVE_MS = 60_000;

/** A TCP connection to a host, which is not resolved when it is an address. Rejects with a ConnectError. */
export function openSocket(target: { host: string; port: number; timeoutMs: number }): Promise<Socket> {
  const { host, port, timeoutMs } = target;
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
  });
  return settleSocket(socket, { event: 'connect', stage: 'connect', timeoutMs });
}
