/** Calls of the API that prepare a run. Throws unless the answer is a success. */
export type Post = <T>(path: string, body: unknown) => Promise<T>;

const TIMEOUT_MS = 60_000;

/** A client of one API under one key. */
export function createPost(url: string, apiKey: string): Post {
  return async <T>(path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
    // The caller knows the shape of the route it called.
    return JSON.parse(text) as T;
  };
}
