import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { HttpError } from './http-error.ts';
import { toProblem } from './problem.ts';

const REFUSALS: Record<string, { status: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The address and the headers of a request may take 16 KiB together.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    message: 'The extensions of the chunks of this body are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'The request did not arrive in time: its headers have 10 s, all of it 30 s.',
  },
};
const MALFORMED = { status: '400 Bad Request', message: 'This is not a request of HTTP/1.1.' };

/** Answers what never became a request with a problem document, as all other faults are, and ends its connection. */
export function refuseBroken(error: Error & { code?: string }, socket: Duplex): void {
  const { status, message } = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const requestId = randomUUID();
  const problem = new HttpError(Number.parseInt(status, 10), 'invalid_request', { message });
  const body = JSON.stringify(toProblem(problem, requestId));
  const head = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
  ];
  // The server's sockets stay open by half: one that never ends its own side would stay for ever.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
