import type { Socket } from 'node:net';
import { ConnectError, type ConnectErrorCode, type ConnectStage } from './connect-error.ts';
import { errorCodeOf } from './error-code-of.ts';

const CODES: Readonly<Record<string, ConnectErrorCode>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  ETIMEDOUT: 'timeout',
};

interface Awaited {
  event: 'connect' | 'secureConnect';
  stage: ConnectStage;
  timeoutMs: number;
}

/** The socket once the event has come; after `timeoutMs` it is destroyed. Rejects with a ConnectError. */
export function settleSocket(socket: Socket, { event, stage, timeoutMs }: Awaited): Promise<Socket> {
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
