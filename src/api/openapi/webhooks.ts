import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject, oas31 } from 'zod-openapi';
import type { EventType } from '../../contracts/change.ts';
import { EventBody } from '../../contracts/event-body.ts';
import { eventBodies } from './samples.ts';

const SIGNATURE =
  'Signed by [Standard Webhooks](https://www.standardwebhooks.com): any of its libraries verifies the raw body and the three `webhook-…` headers with the `whsec_…` secret of the webhook.';
const FORMATS =
  'The body is of the `standard` format, which is the default. What a webhook asks for in `payload` may make it smaller, a Slack message, or what a template yields: `GET /v1/webhooks/{webhookId}/schema` answers the schema of what one webhook sends.';
const REPEATS =
  'A delivery may come more than once, always with the same `webhook-id` and the same bytes: drop what you have seen. Without `delivery.order: record` no order is promised; `recordVersion` tells which is newer.';

/** What an answer of an endpoint means, by default. */
const ANSWERS: ZodOpenApiOperationObject['responses'] = {
  '2XX': { description: 'Delivered. The body is kept for the log, its first 16 KiB.' },
  '3XX': { description: 'The delivery fails: redirects are never followed.' },
  '408': { description: 'Tried again.' },
  '409': { description: 'Tried again.' },
  '410': { description: 'The delivery fails, and the webhook is disabled with status `gone`.' },
  '425': { description: 'Tried again.' },
  '429': { description: 'Tried again, after `Retry-After` where it is given.' },
  '4XX': {
    description:
      'The delivery fails for good, unless `retry.permanentStatuses` of the webhook leaves the status out.',
  },
  '5XX': {
    description:
      'Tried again by the `retry` policy of the webhook, after `Retry-After` where it is given. So is no answer in time, or no connection.',
  },
};

/** What endpoints receive, by event type. The method is that of the webhook: POST unless it asks for another. */
export const WEBHOOKS: ZodOpenApiPathsObject = {
  'record.created': { post: toOperation('record.created', 'A record was created; previous is null') },
  'record.updated': {
    post: toOperation('record.updated', 'A record was updated; changes says what differs'),
  },
  'record.deleted': {
    post: toOperation('record.deleted', 'A record was deleted; record is null, previous is its last state'),
  },
};

function toOperation(type: EventType, what: string): ZodOpenApiOperationObject {
  return {
    operationId: type.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()),
    summary: what,
    description: [SIGNATURE, FORMATS, REPEATS].join('\n\n'),
    tags: ['Webhooks'],
    security: [],
    parameters: [
      header('webhook-id', {
        description: 'The id of the delivery: the same on every attempt.',
        example: 'dlv_01m87c5c9we8qafcygm2svsg9k',
      }),
      header('webhook-timestamp', {
        description: 'When this attempt was signed, in Unix seconds.',
        example: '1795512672',
      }),
      header('webhook-signature', {
        description:
          '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is being replaced.',
        example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
      }),
      header('tablehook-event', { description: 'The event type.', example: type }),
      header('tablehook-attempt', { description: '1 on the first attempt, 2 on the next.', example: '1' }),
      header('tablehook-hops', {
        description: 'How many deliveries led to this one. Send it back when you write to Tablehook.',
        example: '1',
      }),
      header('tablehook-replay', {
        description: '`true` on what is sent again or backfilled, else absent.',
        example: 'true',
        required: false,
      }),
      header('tablehook-test', {
        description: '`true` on a test, which tells of nothing that happened, else absent.',
        example: 'true',
        required: false,
      }),
      header('traceparent', {
        description: 'W3C Trace Context: one trace per delivery, one span per attempt.',
        example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
      header('user-agent', { description: '`Tablehook/` and its version.', example: 'Tablehook/0.1.0' }),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: EventBody, example: eventBodies[type] } },
    },
    responses: ANSWERS,
  };
}

function header(
  name: string,
  { description, example, required = true }: { description: string; example: string; required?: boolean },
): oas31.ParameterObject {
  return { name, in: 'header', description, required, schema: { type: 'string' }, example };
}
