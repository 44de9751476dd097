import type { EventType } from '../contracts/change.ts';
import type {
  AutoPausePolicy,
  DeliveryPolicy,
  RetryPolicy,
  Webhook,
  WebhookMethod,
} from '../contracts/webhook.ts';
import type { EnabledSpan } from '../domain/match-webhook.ts';
import { defineCollection } from './collection.ts';

/** Deliveries are held until somebody resumes; `auto`: or until a probe succeeds. */
export interface Pause {
  at: Date;
  reason: string | null;
  auto: boolean;
}

/**
 * How the endpoint fares: written on failure, and on the first success after one. `failures` counts those in a row;
 * `probes` those made while the circuit has been open, `probingUntil` is the lease of the one under way.
 */
export interface EndpointHealth {
  failingSince: Date | null;
  failures: number;
  lastFailureAt: Date | null;
  lastSuccessAt: Date | null;
  lastStatus: number | null;
  circuit: 'closed' | 'open';
  probes: number;
  probeAt: Date | null;
  probingUntil: Date | null;
}

/**
 * Deliveries that were held are being let go, oldest change first; whatever was not attempted yet waits behind them. Those
 * of changes up to `until` go at the rate.
 */
export interface Resuming {
  until: string;
  ratePerSecond: number | null;
  released: number;
  total: number;
  startedAt: Date;
}

/** The right to one of the calls that `maxInFlight` allows: a lease, renewed while the call lasts. */
export interface Seat {
  token: string;
  until: Date;
}

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
  /** `gone` is stored; the other states follow from `paused` and `health`. */
  status: 'active' | 'gone';
  statusReason: string | null;
  events: (EventType | 'record.*')[];
  headers: { name: string; value: string; secret: boolean }[];
  retry: RetryPolicy;
  delivery: DeliveryPolicy;
  autoPause: AutoPausePolicy | null;
  paused: Pause | null;
  health: EndpointHealth;
  resuming: Resuming | null;
  /** When the next attempt may be made under `ratePerSecond`. */
  nextSlotAt: Date | null;
  seats: Seat[];
  /** Somebody found all seats taken: whoever gives one back wakes the line. */
  seatsWanted: boolean;
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
  delivery: { type: Object, required: true },
  autoPause: { type: Object, default: null },
  paused: { type: Object, default: null },
  health: { type: Object, required: true },
  resuming: { type: Object, default: null },
  nextSlotAt: { type: Date, default: null },
  seats: [{ _id: false, token: String, until: Date }],
  seatsWanted: { type: Boolean, required: true },
  secret: { type: String, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
WebhookCollection.schema.index({ tableId: 1, enabled: 1 });
WebhookCollection.schema.index({ tableId: 1, _id: 1 });

/** Of a webhook whose endpoint was never called. */
export const UNTRIED: EndpointHealth = {
  failingSince: null,
  failures: 0,
  lastFailureAt: null,
  lastSuccessAt: null,
  lastStatus: null,
  circuit: 'closed',
  probes: 0,
  probeAt: null,
  probingUntil: null,
};

/** What is true of a webhook now, and why, in words. */
export function toStatus(
  doc: Pick<WebhookDoc, 'status' | 'statusReason' | 'paused' | 'health' | 'host'>,
): Pick<Webhook, 'status' | 'statusReason'> {
  const { paused, health, host } = doc;
  if (doc.status === 'gone') return { status: 'gone', statusReason: doc.statusReason };
  if (paused) return { status: 'paused', statusReason: paused.reason };
  if (health.circuit === 'open') return { status: 'failing', statusReason: describeFailing(health, host) };
  return { status: 'active', statusReason: null };
}

/** Why an endpoint is not called for now. */
export function describeFailing(
  { failures, failingSince, lastStatus }: EndpointHealth,
  host: string,
): string {
  const since = failingSince === null ? '' : ` since ${failingSince.toISOString()}`;
  const last = lastStatus === null ? 'no answer' : `the last answer was ${lastStatus}`;
  return `The endpoint ${host} has failed ${failures} times in a row${since}; ${last}. It is probed until it answers.`;
}

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
    ...toStatus(doc),
    events: doc.events,
    headers: doc.headers.map(({ name, value, secret }) => ({ name, value: secret ? null : value, secret })),
    retry: doc.retry,
    delivery: doc.delivery,
    autoPause: doc.autoPause,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
