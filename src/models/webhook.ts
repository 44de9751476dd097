import type { EventType } from '../contracts/change.ts';
import type { RetryPolicy, Webhook, WebhookMethod, WebhookStatus } from '../contracts/webhook.ts';
import type { EnabledSpan } from '../domain/match-webhook.ts';
import { defineCollection } from './collection.ts';

/** `url`, `secret` and the values of secret headers are sealed; `host` is what logs and Temporal may show. */
export interface WebhookDoc {
  _id: string;
  tableId: string;
  name: string;
  description: string;
  url: string;
  origin: string;
  host: string;
  method: WebhookMethod;
  enabled: boolean;
  enabledSpans: EnabledSpan[];
  status: WebhookStatus;
  statusReason: string | null;
  events: (EventType | 'record.*')[];
  headers: { name: string; value: string; secret: boolean }[];
  retry: RetryPolicy;
  secret: string;
  createdAt: Date;
  updatedAt: Date;
}

export const WebhookCollection = defineCollection<WebhookDoc>('webhooks', {
  _id: { type: String, required: true },
  tableId: { type: String, required: true },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  url: { type: String, required: true },
  origin: { type: String, required: true },
  host: { type: String, required: true },
  method: { type: String, required: true },
  enabled: { type: Boolean, required: true },
  enabledSpans: [{ _id: false, from: Number, until: { type: Number, default: null } }],
  status: { type: String, required: true },
  statusReason: { type: String, default: null },
  events: { type: [String], required: true },
  headers: [{ _id: false, name: String, value: String, secret: Boolean }],
  retry: { type: Object, required: true },
  secret: { type: String, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
WebhookCollection.schema.index({ tableId: 1, enabled: 1 });
WebhookCollection.schema.index({ tableId: 1, _id: 1 });

/** The registration as the API shows it. `url` is the opened URL, or null for readers who see the origin only. */
export function toWebhook(doc: WebhookDoc, url: string | null): Webhook {
  return {
    id: doc._id,
    tableId: doc.tableId,
    name: doc.name,
    description: doc.description,
    url: url ?? `${doc.origin}/…`,
    method: doc.method,
    enabled: doc.enabled,
    status: doc.status,
    statusReason: doc.statusReason,
    events: doc.events,
    headers: doc.headers.map(({ name, value, secret }) => ({ name, value: secret ? null : value, secret })),
    retry: doc.retry,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
