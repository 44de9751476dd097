import type { EventType } from '../contracts/change.ts';
import type { Condition } from '../contracts/condition.ts';
import type { PayloadOptions } from '../contracts/payload.ts';
import type { AutoPausePolicy, DeliveryPolicy, RetryPolicy } from '../contracts/policies.ts';
import type { IgnoredSource, Webhook, WebhookMethod } from '../contracts/webhook.ts';
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

/** The filter is kept as JSON text: MongoDB takes keys that begin with $ or hold dots badly. */
export interface StoredCondition {
  filter: string;
  when: Condition['when'];
}

/** It asks for a field that is gone, or for a value that the field does not have any more: nothing fires until it is edited. */
export interface Attention {
  at: Date;
  reason: string;
}

/** A secret that was replaced, and until when deliveries are signed with it as well. */
export interface PreviousSecret {
  secret: string;
  until: Date;
}

/** An operational event that is not told yet, stored in the same write as what it tells of. */
export interface UntoldEvent {
  type: 'webhook.failing' | 'webhook.paused' | 'webhook.recovered' | 'webhook.needs-attention';
  reason: string;
  at: Date;
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
  /** Fields by id, here and in `condition` and `payload`. */
  watchFields: string[];
  condition: StoredCondition | null;
  ignoreSources: IgnoredSource[];
  payload: PayloadOptions;
  headers: { name: string; value: string; secret: boolean }[];
  retry: RetryPolicy;
  delivery: DeliveryPolicy;
  autoPause: AutoPausePolicy | null;
  attention: Attention | null;
  paused: Pause | null;
  health: EndpointHealth;
  resuming: Resuming | null;
  /** When the next attempt may be made under `ratePerSecond`. */
  nextSlotAt: Date | null;
  seats: Seat[];
  /** Somebody found all seats taken: whoever gives one back wakes the line. */
  seatsWanted: boolean;
  secret: string;
  previousSecrets: PreviousSecret[];
  /** Whoever tells one takes it away; the reconciler tells those that are left. */
  untold?: UntoldEvent[];
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
  watchFields: { type: [String], required: true },
  condition: { type: Object, default: null },
  ignoreSources: { type: [String], required: true },
  payload: { type: Object, required: true },
  headers: [{ _id: false, name: String, value: String, secret: Boolean }],
  retry: { type: Object, required: true },
  delivery: { type: Object, required: true },
  autoPause: { type: Object, default: null },
  attention: { type: Object, default: null },
  paused: { type: Object, default: null },
  health: { type: Object, required: true },
  resuming: { type: Object, default: null },
  nextSlotAt: { type: Date, default: null },
  seats: [{ _id: false, token: String, until: Date }],
  seatsWanted: { type: Boolean, required: true },
  secret: { type: String, required: true },
  previousSecrets: [{ _id: false, secret: String, until: Date }],
  untold: { type: [{ _id: false, type: { type: String }, reason: String, at: Date }], default: undefined },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
WebhookCollection.schema.index({ tableId: 1, enabled: 1 });
WebhookCollection.schema.index({ tableId: 1, _id: 1 });
WebhookCollection.schema.index({ 'untold.at': 1 }, { sparse: true });

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

/** Whether changes written now are owed to it, should it ask for them. */
export function isListening({ enabled, attention }: Pick<WebhookDoc, 'enabled' | 'attention'>): boolean {
  return enabled && attention === null;
}

/** The condition as it is stored. */
export function toStoredCondition({ filter, when }: Condition): StoredCondition {
  return { filter: JSON.stringify(filter), when };
}

/** The condition as it was given, fields by id. */
export function openCondition({ filter, when }: StoredCondition): Condition {
  // Only `toStoredCondition` writes it.
  return { filter: JSON.parse(filter) as Condition['filter'], when };
}

/** What is true of a webhook now, and why, in words. */
export function toStatus(
  doc: Pick<WebhookDoc, 'status' | 'statusReason' | 'attention' | 'paused' | 'health' | 'host'>,
): Pick<Webhook, 'status' | 'statusReason'> {
  const { attention, paused, health, host } = doc;
  if (doc.status === 'gone') return { status: 'gone', statusReason: doc.statusReason };
  if (attention) return { status: 'needs-attention', statusReason: attention.reason };
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

/** A URL as readers see it: its path may be a credential. */
export function hideUrl({ origin }: { origin: string }): string {
  return `${origin}/…`;
}

/** The registration as the API shows it. `url` is the opened URL, or null for readers who see the origin only. */
export function toWebhook(doc: WebhookDoc, url: string | null): Webhook {
  return {
    id: doc._id,
    tableId: doc.tableId,
    name: doc.name,
    description: doc.description,
    url: url ?? hideUrl(doc),
    method: doc.method,
    enabled: doc.enabled,
    ...toStatus(doc),
    events: doc.events,
    watchFields: doc.watchFields,
    condition: doc.condition && openCondition(doc.condition),
    ignoreSources: doc.ignoreSources,
    payload: doc.payload,
    headers: doc.headers.map(({ name, value, secret }) => ({ name, value: secret ? null : value, secret })),
    retry: doc.retry,
    delivery: doc.delivery,
    autoPause: doc.autoPause,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
