import { defineCollection } from './collection.ts';

/** The answer a guarded POST gave, sealed because it may show a secret. `_id` is `<apiKeyId>:<key>`. */
export interface IdempotencyKeyDoc {
  _id: string;
  requestHash: string;
  response: string;
  expiresAt: Date;
}

export const IdempotencyKeyCollection = defineCollection<IdempotencyKeyDoc>('idempotencykeys', {
  _id: { type: String, required: true },
  requestHash: { type: String, required: true },
  response: { type: String, required: true },
  expiresAt: { type: Date, required: true },
});
IdempotencyKeyCollection.schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
