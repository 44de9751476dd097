/** Calls of the API that prepare a run. Throws unless the answer is a success. */
export type Post = <T>(path: string, body: unknown) => Promise<T>;

/** The API under one key. Every call throws unless the answer is a success. */
export interface RestClient {
  get: <T>(path: string) => Promise<T>;
  post: Post;
  patch: Post;
}

const TIMEOUT_MS = 60_000;

/** A client of one API under one key. */
export function createRestClient(url: string, apiKey: string): RestClient {
  const call = async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    // The caller knows the shape of the route it called.
    return JSON.parse(text) as T;
  };
  return {
    get: async (path) => call('GET', path),
    post: async (path, body) => call('POST', path, body),
    patch: async (path, body) => call('PATCH', path, body),
  };
}

/** What only prepares a run needs no more than this. */
export function createPost(url: string, apiKey: string): Post {
  return createRestClient(url, apiKey).post;
}
