import type { ChangeWithDeliveries } from '../contracts/change-with-deliveries.ts';
import type { Diagnosis } from '../contracts/diagnosis.ts';
import type { Delivery, DeliveryWithAttempts } from '../contracts/delivery.ts';
import type { Page } from '../contracts/page.ts';
import { Problem } from '../contracts/problem.ts';
import type { TableRecord, WrittenRecord } from '../contracts/record.ts';
import type { Table } from '../contracts/table.ts';
import type { WebhookHealth } from '../contracts/webhook-health.ts';
import type { WebhookPreview } from '../contracts/webhook-preview.ts';
import type { WebhookTest } from '../contracts/webhook-test.ts';
import type { CreatedWebhook, ResumedWebhook, RotatedSecret, Webhook } from '../contracts/webhook.ts';
import { retryFetch } from '../client/retry-fetch.ts';
import { RefusedError, UnreachableError } from './cli-error.ts';

export type Query = Record<string, string | number | boolean | undefined>;

interface CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Answer<T> {
  body: T;
  headers: Headers;
}

type Call = <T>(method: string, path: string, options?: CallOptions) => Promise<Answer<T>>;

const TIMEOUT_MS = 60_000;
const patientFetch = retryFetch(async (request) => fetch(request));

/** Every call of the REST API that the commands make. */
export type Rest = ReturnType<typeof createRest>;

/** Throws RefusedError for an answer that is no success, UnreachableError when there is none. */
export function createRest(target: { url: string; apiKey: string }) {
  const call: Call = async (method, path, options) => send(target, { method, path, ...options });
  return {
    tables: tablesOf(call),
    records: recordsOf(call),
    webhooks: webhooksOf(call),
    deliveries: deliveriesOf(call),
    diagnose: async () => (await call<Diagnosis>('GET', '/v1/diagnosis')).body,
    getChange: async (id: string) => (await call<ChangeWithDeliveries>('GET', `/v1/changes/${seg(id)}`)).body,
  };
}

/** Reads pages until there are `limit` entries or no more. `nextCursor` leads on from the last page read. */
export async function collect<T>(
  readPage: (query: Query) => Promise<Page<T>>,
  { limit, cursor, ...filters }: Query & { limit: number },
): Promise<Page<T>> {
  const data: T[] = [];
  let next = cursor as string | undefined | null;
  do {
    const page = await readPage({
      ...filters,
      limit: Math.min(limit - data.length, 200),
      ...(next && { cursor: next }),
    });
    data.push(...page.data);
    next = page.nextCursor;
  } while (next !== null && data.length < limit);
  return { data, nextCursor: next };
}

const seg = encodeURIComponent;

function tablesOf(call: Call) {
  return {
    list: async (query: Query) => (await call<Page<Table>>('GET', '/v1/tables', { query })).body,
    get: async (id: string) => (await call<Table>('GET', `/v1/tables/${seg(id)}`)).body,
    create: async (body: unknown) => (await call<Table>('POST', '/v1/tables', { body })).body,
    remove: async (id: string, query: Query) => {
      await call('DELETE', `/v1/tables/${seg(id)}`, { query });
    },
  };
}

interface Conditional {
  query: Query;
  /** Only while the record is of this version. */
  ifVersion?: number | undefined;
}

function recordsOf(call: Call) {
  const at = (tableId: string, recordId?: string) =>
    `/v1/tables/${seg(tableId)}/records${recordId === undefined ? '' : `/${seg(recordId)}`}`;
  const headersOf = ({ ifVersion }: Conditional) => ({
    headers: ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` },
  });
  return {
    list: async (tableId: string, query: Query) =>
      (await call<Page<TableRecord>>('GET', at(tableId), { query })).body,
    get: async (tableId: string, recordId: string) =>
      (await call<TableRecord>('GET', at(tableId, recordId))).body,
    create: async (tableId: string, body: unknown, query: Query) =>
      (await call<WrittenRecord>('POST', at(tableId), { body, query })).body,
    update: async (path: { tableId: string; recordId: string }, body: unknown, options: Conditional) => {
      const { query } = options;
      const { tableId, recordId } = path;
      return (
        await call<WrittenRecord>('PATCH', at(tableId, recordId), { body, query, ...headersOf(options) })
      ).body;
    },
    remove: async (path: { tableId: string; recordId: string }, options: Conditional) => {
      const { query } = options;
      const answer = await call('DELETE', at(path.tableId, path.recordId), {
        query,
        ...headersOf(options),
      });
      return { changeId: answer.headers.get('tablehook-change-id') };
    },
  };
}

function webhooksOf(call: Call) {
  const at = (id: string, verb = '') => `/v1/webhooks/${seg(id)}${verb}`;
  const post = async <T>(id: string, verb: string, body?: unknown) =>
    (await call<T>('POST', at(id, verb), { body })).body;
  return {
    list: async (tableId: string, query: Query) =>
      (await call<Page<Webhook>>('GET', `/v1/tables/${seg(tableId)}/webhooks`, { query })).body,
    get: async (id: string) => (await call<Webhook>('GET', at(id))).body,
    create: async (tableId: string, body: unknown) =>
      (await call<CreatedWebhook>('POST', `/v1/tables/${seg(tableId)}/webhooks`, { body })).body,
    update: async (id: string, body: unknown) => (await call<Webhook>('PATCH', at(id), { body })).body,
    remove: async (id: string) => {
      await call('DELETE', at(id));
    },
    health: async (id: string) => (await call<WebhookHealth>('GET', at(id, '/health'))).body,
    pause: async (id: string, body: unknown) => post<Webhook>(id, '/pause', body),
    resume: async (id: string, body: unknown) => post<ResumedWebhook>(id, '/resume', body),
    test: async (id: string, body: unknown) => post<WebhookTest>(id, '/test', body),
    preview: async (id: string, body: unknown) => post<WebhookPreview>(id, '/preview', body),
    rotateSecret: async (id: string, body: unknown) => post<RotatedSecret>(id, '/rotate-secret', body),
    duplicate: async (id: string, body: unknown) => post<CreatedWebhook>(id, '/duplicate', body),
  };
}

function deliveriesOf(call: Call) {
  const at = (id: string, verb = '') => `/v1/deliveries/${seg(id)}${verb}`;
  const post = async (id: string, verb: string, body?: unknown) =>
    (await call<Delivery>('POST', at(id, verb), { body })).body;
  return {
    list: async (query: Query) => (await call<Page<Delivery>>('GET', '/v1/deliveries', { query })).body,
    get: async (id: string) => (await call<DeliveryWithAttempts>('GET', at(id))).body,
    retry: async (id: string) => post(id, '/retry'),
    cancel: async (id: string) => post(id, '/cancel'),
    redeliver: async (id: string, body: unknown) => post(id, '/redeliver', body),
  };
}

async function send<T>(
  { url, apiKey }: { url: string; apiKey: string },
  { method, path, query = {}, body, headers }: CallOptions & { method: string; path: string },
): Promise<Answer<T>> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const request = new Request(`${url}${path}${search && `?${search}`}`, {
    method,
    // A key is never carried on to where a redirect points.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await patientFetch(request).catch((error: unknown) => {
    throw new UnreachableError(
      `Tablehook does not answer at ${url} (${reasonOf(error)}). Is it running, and the address right? Set TABLEHOOK_URL or give --url.`,
      { cause: error },
    );
  });
  const text = await response.text();
  if (!response.ok) throw toRefusal(response.status, text);
  return { body: parse(text, url) as T, headers: response.headers };
}

function toRefusal(status: number, text: string): RefusedError {
  const problem = Problem.safeParse(tryParse(text));
  const message = `The server answered ${status}: ${text.slice(0, 500) || 'nothing more'}`;
  return new RefusedError(status, message, problem.success ? problem.data : undefined);
}

function parse(text: string, url: string): unknown {
  if (text === '') return null;
  const value = tryParse(text);
  if (value === undefined) throw new RefusedError(200, `What answers at ${url} is not Tablehook.`);
  return value;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}
