import type { ApiKey, Scope } from '../contracts/api-key.ts';
import { defineCollection } from './collection.ts';

/** `hash` is the SHA-256 of the key, in hex; the key itself is stored nowhere. */
export interface ApiKeyDoc {
  _id: string;
  name: string;
  hash: string;
  scopes: Scope[];
  tables: string[] | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export const ApiKeyCollection = defineCollection<ApiKeyDoc>('apikeys', {
  _id: { type: String, required: true },
  name: { type: String, required: true },
  hash: { type: String, required: true },
  scopes: { type: [String], required: true },
  tables: { type: [String], default: null },
  createdAt: { type: Date, required: true },
  lastUsedAt: { type: Date, default: null },
});
ApiKeyCollection.schema.index({ hash: 1 }, { unique: true });

/** The key as the API shows it. */
export function toApiKey(doc: ApiKeyDoc): ApiKey {
  return {
    id: doc._id,
    name: doc.name,
    scopes: doc.scopes,
    tables: doc.tables,
    createdAt: doc.createdAt.toISOString(),
    lastUsedAt: doc.lastUsedAt?.toISOString() ?? null,
  };
}
