import type { IncomingMessage } from 'node:http';
import { ReceiverError } from './receiver-error.ts';

/**
 * The bytes of a request, of at most `maxBytes`; those that `express.raw()` has read already, if it was there. Throws a
 * ReceiverError when there are more, or somebody parsed them and the bytes are gone.
 */
export async function readRequestBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const consumed = 'body' in request ? request.body : undefined;
  if (consumed instanceof Uint8Array) return within(consumed, maxBytes);
  if (request.readableDidRead) {
    throw new ReceiverError(
      'body-consumed',
      'The body was read before the receiver could: mount it in front of express.json().',
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed on the way out: the refusal still has to be answered over the same socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function within(body: Uint8Array, maxBytes: number): Uint8Array {
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  return body;
}

function tooLarge(maxBytes: number): ReceiverError {
  return new ReceiverError('too-large', `The body has more than ${maxBytes} bytes.`);
}
