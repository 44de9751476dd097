import type { Readable } from 'node:stream';

/** What was read of a body; `complete` is false when it was longer, failed, or took too long. */
export interface BodyStart {
  bytes: Buffer;
  complete: boolean;
}

/**
 * Reads at most `maxBytes` for at most `timeoutMs`; never rejects. A body not read to its end is destroyed, and its
 * connection with it.
 */
export function readBody(
  body: Readable,
  limits: { maxBytes: number; timeoutMs: number },
): Promise<BodyStart> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    let finished = false;
    const finish = (complete: boolean) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      if (!complete) body.destroy();
      resolve({ bytes: Buffer.concat(chunks).subarray(0, limits.maxBytes), complete });
    };
    const timer = setTimeout(finish, limits.timeoutMs, false);
    body.on('end', () => finish(true));
    body.on('error', () => finish(false));
    body.on('close', () => finish(false));
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limits.maxBytes) finish(false);
    });
  });
}
