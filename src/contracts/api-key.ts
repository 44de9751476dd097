import { z } from 'zod';
import { TableId } from './id.ts';

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
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  tables: z.array(TableId).min(1).max(200).optional(),
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

export interface ApiKey {
  id: string;
  name: string;
  scopes: Scope[];
  tables: string[] | null;
  createdAt: string;
  lastUsedAt: string | null;
}

/** The key itself is shown here and never again. */
export interface CreatedApiKey extends ApiKey {
  key: string;
}
