import type { EventType } from '../contracts/change.ts';
import { defineCollection } from './collection.ts';

/**
 * A call to try a webhook out, kept for an hour. `body` is what it sends, `result` the answer of the API once the call was
 * made; both hold record values, and are sealed.
 */
export interface WebhookTestDoc {
  _id: string;
  webhookId: string;
  eventType: EventType;
  hops: number;
  body: string;
  result: string | null;
  expiresAt: Date;
}

export const WebhookTestCollection = defineCollection<WebhookTestDoc>('webhooktests', {
  _id: { type: String, required: true },
  webhookId: { type: String, required: true },
  eventType: { type: String, required: true },
  hops: { type: Number, required: true },
  body: { type: String, required: true },
  result: { type: String, default: null },
  expiresAt: { type: Date, required: true },
});
WebhookTestCollection.schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
