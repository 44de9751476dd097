import type { oas31 } from 'zod-openapi';
import type { AnswerHeader, RouteContract } from '../define-route.ts';
import { MAX_HOPS } from '../parse-hops.ts';

const text: oas31.SchemaObject = { type: 'string' };

/** Headers of answers, by the names they have among the components. */
export const HEADERS = {
  ETag: {
    description: 'The version of the record, in quotes. If-Match takes it back.',
    schema: text,
    example: '"2"',
  },
  Location: { description: 'The path of what was created.', schema: text },
  ChangeId: {
    description: 'The id of the record change. Absent when nothing changed.',
    schema: text,
    example: 'chg_01m87c5c9we8qafcxs839deazn',
  },
  WorkflowUrl: {
    description:
      'Where to look at the workflow. Absent without one, or without an address of the Temporal UI.',
    schema: text,
  },
  RetryAfter: {
    description: 'Whole seconds after which it is worth trying again.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  WwwAuthenticate: { description: 'Always `Bearer`.', schema: text, example: 'Bearer' },
} satisfies Record<string, oas31.HeaderObject>;

const COMPONENT_OF: Record<AnswerHeader, keyof typeof HEADERS> = {
  etag: 'ETag',
  location: 'Location',
  'tablehook-change-id': 'ChangeId',
  'tablehook-workflow-url': 'WorkflowUrl',
};

const WRITTEN: Record<AnswerHeader, string> = {
  etag: 'ETag',
  location: 'Location',
  'tablehook-change-id': 'tablehook-change-id',
  'tablehook-workflow-url': 'tablehook-workflow-url',
};

/** Headers of requests, by the names they have among the components. */
export const PARAMETERS = {
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'Makes the write conditional on the version of the record; `*` on nothing.',
    schema: { type: 'string', pattern: '^("\\d{1,15}"|\\*)$' },
    example: '"2"',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes a repeat harmless: for 24 hours the same key with the same request answers what was answered first. With another request it is 422, while the first is still in progress 409.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    example: 'order-1742-created',
  },
  Hops: {
    name: 'tablehook-hops',
    in: 'header',
    description:
      'For endpoints that write back: the `tablehook-hops` they received. A loop ends with 422 after 8 rounds.',
    schema: { type: 'integer', minimum: 0, maximum: MAX_HOPS },
    example: 1,
  },
} satisfies Record<string, oas31.ParameterObject>;

/** References to the headers that a success of a route may carry. */
export function answerHeaders({ headers = [] }: RouteContract): Record<string, oas31.ReferenceObject> {
  return Object.fromEntries(
    headers.map((name) => [WRITTEN[name], { $ref: `#/components/headers/${COMPONENT_OF[name]}` }]),
  );
}

/** References to the headers that a route takes. */
export function requestHeaders({ method, conditional, idempotent }: RouteContract): oas31.ReferenceObject[] {
  const names: (keyof typeof PARAMETERS)[] = [
    ...(conditional ? (['IfMatch'] as const) : []),
    ...(idempotent ? (['IdempotencyKey'] as const) : []),
    ...(method === 'get' ? [] : (['Hops'] as const)),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}
