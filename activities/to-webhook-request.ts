import { randomBytes } from 'node:crypto';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { WebhookRequest } from '../src/outbound/post-webhook.ts';
import { signWebhook } from '../src/outbound/signature.ts';
import { traceIdOf } from '../src/services/id.ts';
import { openWebhook } from '../src/services/webhooks/secrets.ts';
import type { ActivityDeps } from './deps.ts';

/** What one call tells, and of what. */
export interface ToWebhookRequestInput {
  webhook: WebhookDoc;
  /** Sent as `webhook-id`, and signed. */
  id: string;
  body: string;
  eventType: string;
  /** Counted from 1. */
  attempt: number;
  hops: number;
  /** The id that gives the call its trace. */
  tracedBy: string;
  /** Of Tablehook's own, besides those that every call has. */
  marks: Record<string, string>;
}

/** The one way a call to an endpoint is made up: the webhook's headers, the signature of this moment, and what is documented. */
export function toWebhookRequest(
  { services, version, shutdownSignal }: Pick<ActivityDeps, 'services' | 'version' | 'shutdownSignal'>,
  { webhook, id, body, eventType, attempt, hops, tracedBy, marks }: ToWebhookRequestInput,
): WebhookRequest {
  const now = services.clock();
  const { url, secrets, headers } = openWebhook(services.secretBox, webhook, now);
  const timestampSeconds = Math.floor(now.getTime() / 1000);
  return {
    url,
    method: webhook.method,
    headers: {
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      'content-type': 'application/json',
      'user-agent': `Tablehook/${version}`,
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': signWebhook({ secrets, id, timestampSeconds, body }),
      'tablehook-event': eventType,
      'tablehook-attempt': String(attempt),
      'tablehook-hops': String(hops),
      ...marks,
      // W3C Trace Context: every attempt of every delivery of a change shares the change's trace.
      traceparent: `00-${traceIdOf(tracedBy)}-${randomBytes(8).toString('hex')}-01`,
    },
    body,
    timeoutMs: webhook.retry.timeoutMs,
    signal: shutdownSignal,
  };
}
