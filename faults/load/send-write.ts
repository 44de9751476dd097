import type { Outcome, Write } from './write.ts';
import { readAccepted } from './read-accepted.ts';

const TIMEOUT_MS = 10_000;
/** Answers that say: not now, ask again. */
const LATER = [408, 409, 425, 429];

/** Sends a write once. Never throws: an answer that did not come is an outcome. */
export async function sendWrite(
  { apiUrl, apiKey }: { apiUrl: string; apiKey: string },
  write: Write,
): Promise<Outcome> {
  const { method, path, body, idempotencyKey, repeatable } = write;
  try {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== null && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status } = response;
    const text = await response.text();
    if (response.ok) return { kind: 'accepted', status, changes: readAccepted(write, response, text) };
    if (status >= 500 || (repeatable && LATER.includes(status))) {
      return { kind: 'unknown', why: String(status) };
    }
    return { kind: 'refused', status, problem: text };
  } catch (error) {
    return { kind: 'unknown', why: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.name === 'TypeError' ? error.message : error.name;
}
