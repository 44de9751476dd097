import { z } from 'zod';
import { ApiKeyId, TableId } from './id.ts';
import { Instant } from './instant.ts';
import { NOT_BLANK } from './text.ts';

export const Scope = z.enum([
  'tables:read',
  'tables:write',
  'records:read',
  'records:write',
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:write',
  'admin',
]);
export type Scope = z.infer<typeof Scope>;

/** Without `tables` the key reaches every table; `admin` implies every scope. */
export const CreateApiKeyInput = z.strictObject({
  name: z.string().regex(NOT_BLANK, 'must not be empty').trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  tables: z.array(TableId).min(1).max(200).optional(),
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

/** `tables` is null for a key that reaches every table. */
export const ApiKey = z
  .strictObject({
    id: ApiKeyId,
    name: z.string(),
    scopes: z.array(Scope),
    tables: z.array(TableId).nullable(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
  })
  .describe('An API key without the key. `tables` is null when it reaches every table.');
export type ApiKey = z.infer<typeof ApiKey>;

/** The key itself is shown here and never again. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() }).describe(
  'An API key with the key itself, which is shown here and never again.',
);
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;
