import { request as sendRequest } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { ConnectError, type ConnectErrorCode } from './connect-error.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { errorCodeOf } from './error-code-of.ts';
import { openSocket } from './open-socket.ts';
import { secureSocket } from './secure-socket.ts';

interface TunnelTarget {
  address: string;
  port: number;
  /** Bounds the connection to the proxy and its answer together. */
  timeoutMs: number;
  /** Certificate authorities in PEM that replace the system's, for the proxy's own certificate. */
  ca: string | undefined;
}

const MAX_HEAD_BYTES = 8 * 1024;

/**
 * A connection to exactly this address, opened by the proxy. Rejects with a ConnectError of stage `proxy`; nothing the
 * proxy says but its status is shown.
 */
export async function openTunnel(proxy: EgressProxy, target: TunnelTarget): Promise<Socket> {
  const endsAt = performance.now() + target.timeoutMs;
  const socket = await reach(proxy, { ...target, endsAt }).catch(unreachable);
  return ask(socket, { proxy, authority: toAuthority(target), timeoutMs: endsAt - performance.now() });
}

async function reach(
  { host, port, secure }: EgressProxy,
  { timeoutMs, endsAt, ca }: TunnelTarget & { endsAt: number },
): Promise<Socket> {
  const socket = await openSocket({ host, port, timeoutMs });
  return secure ? secureSocket(socket, { host, ca, timeoutMs: endsAt - performance.now() }) : socket;
}

function ask(
  socket: Socket,
  { proxy, authority, timeoutMs }: { proxy: EgressProxy; authority: string; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error: ConnectError) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(silent()), Math.max(0, timeoutMs));
    const request = sendRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(proxy.authorization !== null && { 'proxy-authorization': proxy.authorization }),
      },
      maxHeaderSize: MAX_HEAD_BYTES,
    });
    request.removeHeader('connection');
    request.on('error', (error) => fail(unusable(error)));
    request.on('connect', ({ statusCode = 0 }, _, early) => {
      if (statusCode < 200 || statusCode > 299) return fail(refused(statusCode));
      // Nobody speaks before the request: what came early is no endpoint's answer.
      if (early.length > 0) return fail(unusable());
      clearTimeout(timer);
      return resolve(socket);
    });
    request.end();
  });
}

function toAuthority({ address, port }: TunnelTarget): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

function unreachable(error: unknown): never {
  if (!(error instanceof ConnectError)) throw error;
  if (error.code === 'timeout') throw silent();
  const why = errorCodeOf(error.cause) ?? error.code;
  throw proxyError('proxy_unreachable', `The egress proxy cannot be reached (${why}).`, error);
}

function refused(status: number): ConnectError {
  const hint = status === 407 ? ' It wants other credentials.' : '';
  return proxyError('proxy_refused', `The egress proxy refused the connection with status ${status}.${hint}`);
}

function unusable(cause?: Error): ConnectError {
  const message = 'The egress proxy gave no valid answer to CONNECT.';
  return proxyError('proxy_invalid_response', message, cause);
}

function silent(): ConnectError {
  return proxyError('timeout', 'The egress proxy did not answer in time.');
}

function proxyError(code: ConnectErrorCode, message: string, cause?: Error): ConnectError {
  return new ConnectError({ code, stage: 'proxy', message }, cause);
}
