import { z } from 'zod';
import type { Scope } from '../contracts/api-key.ts';
import { InvalidRequestError } from '../errors.ts';
import type { RequestContext } from '../services/context.ts';
import type { ParsedPart } from './parse-part.ts';
import { parsePart } from './parse-part.ts';

/** For a route that takes no path or query parameters. */
export const NoFields = z.strictObject({});

/** For a route that takes no body. An empty object passes: many clients cannot help sending one. */
export const NoBody = z.strictObject({}).optional();

/** For a route that answers 204. */
export const NoAnswer = z.undefined();

/** For routes that take up to 1,000 records at once. */
export const LARGE_BODY_BYTES = 32 * 1024 * 1024;

/** A header that belongs to an answer. */
export type AnswerHeader = 'etag' | 'location' | 'tablehook-change-id' | 'tablehook-workflow-url';

/** What every route says of itself, for mounting, documentation and tests. */
export interface RouteContract {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Express style: `/v1/tables/:tableId`. */
  path: string;
  operationId: string;
  summary: string;
  /** What the summary leaves open, in Markdown. */
  description?: string;
  /** The key needs all of them. */
  scopes: readonly Scope[];
  params: z.ZodType<Record<string, string>>;
  query: z.ZodType;
  body: z.ZodType;
  /** Of a success. */
  status: 200 | 201 | 202 | 204;
  /** Body of a success. Nothing is checked against it while serving: the tests do, for every answer they get. */
  answer: z.ZodType;
  /** Bodies of a success with another status. */
  otherAnswers?: { 200?: z.ZodType };
  /** Headers that a success of its own status may carry. */
  headers?: readonly AnswerHeader[];
  /** Problems it can answer, besides those that follow from what it takes (`problemStatuses`). */
  problems?: readonly (404 | 409 | 412 | 422)[];
  /** Whether it honours Idempotency-Key. */
  idempotent?: true;
  /** Whether it honours If-Match. */
  conditional?: true;
  /** It reads many documents, which may be large: few such requests are served at a time, the others wait. */
  readsMany?: true;
  /** 1 MiB unless given. */
  maxBodyBytes?: number;
}

/** A request as Express hands it over, nothing of it judged yet. */
export interface RawInput {
  params: unknown;
  query: Record<string, unknown>;
  body: unknown;
  ifVersion: number | undefined;
}

/** Without a body, 204. */
export interface Reply {
  /** Where it is another than the route's own. */
  status?: RouteContract['status'];
  body?: object;
  headers?: Record<string, string>;
}

/** A route ready to be mounted. */
export interface Route extends RouteContract {
  /** The ids of the path. Throws InvalidRequestError naming those that are malformed. */
  parse(raw: RawInput): { ids: Record<string, string>; run: (context: RequestContext) => Promise<Reply> };
}

interface RouteDefinition<
  Params extends z.ZodType<Record<string, string>>,
  Query extends z.ZodType,
  Body extends z.ZodType,
> extends RouteContract {
  params: Params;
  query: Query;
  body: Body;
  handle: (
    context: RequestContext,
    input: {
      params: z.output<Params>;
      query: z.output<Query>;
      body: z.output<Body>;
      /** From If-Match, on conditional routes. */
      ifVersion: number | undefined;
    },
  ) => Promise<Reply>;
}

/** Ties a route's contract to the one service verb that serves it; the verb only ever sees what the schemas let through. */
export function defineRoute<
  Params extends z.ZodType<Record<string, string>>,
  Query extends z.ZodType,
  Body extends z.ZodType,
>({ handle, ...contract }: RouteDefinition<Params, Query, Body>): Route {
  return {
    ...contract,
    parse: (raw) => {
      const params = parsePart(contract.params, raw.params, 'path');
      const query = parseQuery(contract.query, raw.query);
      const body = parsePart(contract.body, raw.body, '');
      if (!params.ok || !query.ok || !body.ok) throw toError([params, query, body]);
      const input = { params: params.data, query: query.data, body: body.data, ifVersion: raw.ifVersion };
      return { ids: params.data, run: async (context) => await handle(context, input) };
    },
  };
}

/** A parameter given twice comes as a list; no query has lists. */
function parseQuery<Query extends z.ZodType>(
  schema: Query,
  query: Record<string, unknown>,
): ParsedPart<z.output<Query>> {
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]));
  if (repeated.length === 0) return parsePart(schema, query, 'query');
  return {
    ok: false,
    errors: repeated.map((name) => ({ path: `query.${name}`, message: 'must be given once' })),
  };
}

function toError(parts: ParsedPart<unknown>[]): InvalidRequestError {
  const errors = parts.flatMap((part) => (part.ok ? [] : part.errors));
  const [first] = errors;
  return new InvalidRequestError(
    `The request is not valid. ${first?.path || 'The body'}: ${first?.message}.`,
    errors,
  );
}
