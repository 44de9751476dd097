import type { Client } from 'openapi-fetch';
import createClient from 'openapi-fetch';
import type { components, paths } from './openapi.ts';
import { retryFetch } from './retry-fetch.ts';

export type { components, paths } from './openapi.ts';

/** Error document of the API (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** What an endpoint receives in the `standard` format. */
export type EventBody = components['schemas']['EventBody'];

export interface TablehookClientOptions {
  /** Where the API is, such as `http://127.0.0.1:3000`. */
  url: string;
  /** `thk_…` */
  apiKey: string;
  /** Instead of the global one. */
  fetch?: (request: Request) => Promise<Response>;
  /** How many times 429 and 503 are waited out before they are answered, 2 unless given; see `retryFetch`. */
  retries?: number;
}

/** The REST API with its types: `GET`, `POST`, `PATCH` and `DELETE` take a path and what belongs to it. */
export type TablehookClient = Pick<Client<paths>, 'GET' | 'POST' | 'PATCH' | 'DELETE'>;

/**
 * A client of one API under one key. A call answers `{ data, error, response }`, with a Problem in `error` when it was no
 * success, and rejects only when there is no answer at all. `orThrow` throws instead.
 */
export function createTablehookClient({
  url,
  apiKey,
  fetch,
  retries,
}: TablehookClientOptions): TablehookClient {
  return createClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${apiKey}` },
    fetch: retryFetch(fetch ?? ((request) => globalThis.fetch(request)), retries),
  });
}

/** An answer that was no success. `problem` is null when it did not come from Tablehook, such as from a proxy. */
export class TablehookError extends Error {
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem ? `${status} ${problem.code}: ${problem.detail}` : `${status} without a problem document`);
    this.name = 'TablehookError';
    this.status = status;
    this.problem = problem;
  }
}

/** The data of a call's answer. Throws a TablehookError when it was no success. */
export async function orThrow<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new TablehookError(response.status, isProblem(error) ? error : null);
  // A success has the data of its type, which is undefined for 204.
  return data as T;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}
