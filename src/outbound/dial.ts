import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ConnectError, type ConnectErrorCode, type ConnectStage } from './connect-error.ts';
import { errorCodeOf } from './error-code-of.ts';

export interface DialInput {
  /** Judged addresses, tried in order; each but the last gets its even share of the time to accept. */
  addresses: readonly string[];
  port: number;
  /** The host as the URL names it, for SNI and the certificate; null for plain HTTP. */
  tlsHost: string | null;
  /** Bounds TCP and TLS together. */
  timeoutMs: number;
  ca: string | undefined;
  onStage(stage: ConnectStage): void;
}

const TCP_KEEP_ALIVE_MS = 60_000;

const CODES: Readonly<Record<string, ConnectErrorCode>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  ETIMEDOUT: 'timeout',
};

/** A socket connected to exactly one of the addresses, certificate verified. Rejects with a ConnectError. */
export async function dial(input: DialInput): Promise<Socket> {
  const endsAt = performance.now() + input.timeoutMs;
  input.onStage('connect');
  const socket = await dialFirst(input, endsAt);
  if (input.tlsHost === null) return socket;
  input.onStage('tls');
  return secure(socket, { host: input.tlsHost, ca: input.ca, timeoutMs: endsAt - performance.now() });
}

async function dialFirst({ addresses, port }: DialInput, endsAt: number): Promise<Socket> {
  let failure: unknown;
  for (const [index, host] of addresses.entries()) {
    const timeoutMs = (endsAt - performance.now()) / (addresses.length - index);
    const socket = connectTcp({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    });
    try {
      return await settled(socket, { event: 'connect', stage: 'connect', timeoutMs });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function secure(
  socket: Socket,
  { host, ca, timeoutMs }: { host: string; ca: string | undefined; timeoutMs: number },
): Promise<Socket> {
  const tlsSocket = connectTls({
    socket,
    // RFC 6066 §3 allows no SNI for an IP literal, which is matched against the certificate by `host`, and no
    // trailing dot.
    host,
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
    ...(ca !== undefined && { ca }),
    ALPNProtocols: ['http/1.1'],
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn verification off.
    rejectUnauthorized: true,
  });
  return settled(tlsSocket, { event: 'secureConnect', stage: 'tls', timeoutMs });
}

function settled(
  socket: Socket,
  { event, stage, timeoutMs }: { event: 'connect' | 'secureConnect'; stage: ConnectStage; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(timedOut(stage)), Math.max(0, timeoutMs));
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Stays for the socket's life: an error before the HTTP client listens itself would end the process.
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(toConnectError(error, stage));
    });
  });
}

function toConnectError(error: Error, stage: ConnectStage): ConnectError {
  if (error instanceof ConnectError) return error;
  const systemCode = errorCodeOf(error) ?? 'unknown';
  const code = CODES[systemCode] ?? (stage === 'tls' ? 'tls_failed' : 'network_error');
  const message =
    stage === 'tls' ? `The TLS handshake failed (${systemCode}).` : `The connection failed (${systemCode}).`;
  return new ConnectError({ code, stage, message }, error);
}

function timedOut(stage: ConnectStage): ConnectError {
  const what =
    stage === 'tls' ? 'The TLS handshake was not done in time.' : 'The connection was not accepted in time.';
  return new ConnectError({ code: 'timeout', stage, message: what });
}
