import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readHeader } from '../receiver/read-header.ts';
import { readRequestBody } from '../receiver/read-request-body.ts';
import { ReceiverError } from '../receiver/receiver-error.ts';
import { verifySignature } from '../receiver/verify-signature.ts';
import { CliError, EXIT } from './cli-error.ts';

/** A request as it came, whoever sent it. */
export interface Heard {
  receivedAt: string;
  /** Null when there was no secret to verify it with. */
  verified: boolean | null;
  /** Why it is not genuine. */
  reason: string | null;
  /** The headers, believed as they are. */
  deliveryId: string | null;
  attempt: number | null;
  hops: number | null;
  replay: boolean;
  answered: number;
  /** The body, parsed; null when it is not JSON. */
  event: unknown;
  body: string;
}

export interface ListenInput {
  port: number;
  /** What verifies; looked at with every request. None: nothing is verified. */
  secrets: readonly string[];
  /** The status to answer to what is genuine, or not verified. */
  answer: number;
  onHeard: (heard: Heard) => void;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** An endpoint on the loopback address that tells what it hears. Throws CliError when its port is taken. */
export async function startListener(
  input: ListenInput,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    hear(request, response, input).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, input.port)));
    server.listen(input.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function hear(request: IncomingMessage, response: ServerResponse, input: ListenInput): Promise<void> {
  const bytes = await readRequestBody(request, MAX_BODY_BYTES).catch((error: unknown) => {
    if (!(error instanceof ReceiverError)) throw error;
    response.writeHead(error.status, { connection: 'close' }).end(error.message);
    return null;
  });
  if (bytes === null) return;
  const judged = judge(request, bytes, input);
  const countOf = (name: string) => {
    const value = readHeader(request.headers, name);
    return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  const body = Buffer.from(bytes).toString('utf8');
  response.writeHead(judged.answered, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${judged.reason ?? 'heard'}\n`);
  input.onHeard({
    receivedAt: new Date().toISOString(),
    ...judged,
    deliveryId: readHeader(request.headers, 'webhook-id'),
    attempt: countOf('tablehook-attempt'),
    hops: countOf('tablehook-hops'),
    replay: readHeader(request.headers, 'tablehook-replay') === 'true',
    event: parse(body),
    body,
  });
}

function judge(request: IncomingMessage, body: Uint8Array, { secrets, answer }: ListenInput) {
  if (secrets.length === 0) return { verified: null, reason: null, answered: answer };
  try {
    verifySignature({ headers: request.headers, body }, { secrets });
    return { verified: true, reason: null, answered: answer };
  } catch (error) {
    if (!(error instanceof ReceiverError)) throw error;
    return { verified: false, reason: error.message, answered: error.status };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function toListenError(error: Error, port: number): Error {
  if (!('code' in error && error.code === 'EADDRINUSE')) return error;
  const message = `Port ${port} is taken. Give --port another one, or 0 for a free one.`;
  return new CliError(EXIT.refused, message, { cause: error });
}
