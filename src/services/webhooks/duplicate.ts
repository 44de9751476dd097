import type { CreatedWebhook, DuplicateWebhookInput } from '../../contracts/webhook.ts';
import { shorten } from '../../domain/shorten.ts';
import type { RequestContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';
import { findWebhook } from './find.ts';
import type { Registration } from './insert.ts';
import { insertWebhook } from './insert.ts';
import { openWebhook } from './secrets.ts';

const MAX_NAME_LENGTH = 100;
const MARK = ' (copy)';

/**
 * Copies a webhook: what was registered, disabled, with a signing secret of its own. Nothing of how its endpoint fares comes
 * along. A copy of one that needs attention needs it too.
 */
export async function duplicateWebhook(
  context: RequestContext,
  { webhookId, name }: DuplicateWebhookInput & { webhookId: string },
): Promise<CreatedWebhook> {
  const { secretBox, clock } = context;
  return runOnce(context, async (session) => {
    const original = await findWebhook(context, webhookId, session);
    const { url, headers } = openWebhook(secretBox, original, clock());
    const { origin, host, attention } = original;
    const registration: Registration = {
      tableId: original.tableId,
      name: name ?? `${shorten(original.name, MAX_NAME_LENGTH - MARK.length)}${MARK}`,
      description: original.description,
      method: original.method,
      enabled: false,
      events: original.events,
      watchFields: original.watchFields,
      condition: original.condition,
      ignoreSources: original.ignoreSources,
      payload: original.payload,
      retry: original.retry,
      delivery: original.delivery,
      autoPause: original.autoPause,
      // Its own from now on: the original may have needed it for long.
      attention: attention && { at: clock(), reason: attention.reason },
    };
    return insertWebhook(context, session, { registration, url: { href: url, origin, host }, headers });
  });
}
