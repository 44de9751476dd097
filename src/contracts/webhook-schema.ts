import type { z } from 'zod';
import { JsonObject } from './json.ts';

/** A JSON Schema (2020-12) of what a webhook sends. */
export const WebhookSchema = JsonObject.describe('A JSON Schema (2020-12) of what the webhook sends.');
export type WebhookSchema = z.infer<typeof WebhookSchema>;
