import type { JsonObject } from '../../contracts/json.ts';
import { toBodySchema } from '../../domain/payload/body-schema.ts';
import type { RequestContext } from '../context.ts';
import { findTable } from '../tables/find.ts';
import { findWebhook } from './find.ts';

/** The JSON Schema of what a webhook sends, as it and its table are now. */
export async function getWebhookSchema(
  context: RequestContext,
  { webhookId }: { webhookId: string },
): Promise<JsonObject> {
  const { _id, tableId, payload, delivery } = await findWebhook(context, webhookId);
  const { fields, schemaVersion } = await findTable(context, tableId);
  return toBodySchema({
    table: { id: tableId, schemaVersion, fields },
    webhook: { id: _id, payload },
    merges: delivery.coalesce !== undefined,
  });
}
