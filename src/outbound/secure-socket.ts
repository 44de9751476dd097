import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { settleSocket } from './settle-socket.ts';

/** TLS over a connection, the certificate verified against `host`. Rejects with a ConnectError. */
export function secureSocket(
  socket: Socket,
  { host, ca, timeoutMs }: { host: string; ca: string | undefined; timeoutMs: number },
): Promise<Socket> {
  const tlsSocket = connect({
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
  return settleSocket(tlsSocket, { event: 'secureConnect', stage: 'tls', timeoutMs });
}
