import type { Socket } from 'node:net';
import type { ConnectStage } from './connect-error.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { openSocket } from './open-socket.ts';
import { openTunnel } from './open-tunnel.ts';
import { secureSocket } from './secure-socket.ts';

export interface DialInput {
  /** Judged addresses, tried in order; each but the last gets its even share of the time to accept. */
  addresses: readonly string[];
  port: number;
  /** The host as the URL names it, for SNI and the certificate; null for plain HTTP. */
  tlsHost: string | null;
  /** Bounds TCP, the proxy and TLS together. */
  timeoutMs: number;
  ca: string | undefined;
  /** Opens the connection to the address in our place. */
  proxy: EgressProxy | undefined;
  onStage(stage: ConnectStage): void;
}

/** A socket connected to exactly one of the addresses, certificate verified. Rejects with a ConnectError. */
export async function dial(input: DialInput): Promise<Socket> {
  const endsAt = performance.now() + input.timeoutMs;
  input.onStage(input.proxy ? 'proxy' : 'connect');
  const socket = await dialFirst(input, endsAt);
  if (input.tlsHost === null) return socket;
  input.onStage('tls');
  return secureSocket(socket, { host: input.tlsHost, ca: input.ca, timeoutMs: endsAt - performance.now() });
}

async function dialFirst({ addresses, port, proxy, ca }: DialInput, endsAt: number): Promise<Socket> {
  let failure: unknown;
  for (const [index, address] of addresses.entries()) {
    const timeoutMs = (endsAt - performance.now()) / (addresses.length - index);
    try {
      return proxy
        ? await openTunnel(proxy, { address, port, timeoutMs, ca })
        : await openSocket({ host: address, port, timeoutMs });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
