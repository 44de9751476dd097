import type { RotatedSecret, RotateSecretInput } from '../../contracts/webhook.ts';
import type { PreviousSecret } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';
import { findWebhook } from './find.ts';
import { generateWebhookSecret, sealSecret, stillValid } from './secrets.ts';

/** Each is one signature more in every call. */
const MAX_PREVIOUS = 3;

/**
 * Gives a webhook a new signing secret. Until the overlap is over, attempts are signed with the replaced one too, and with
 * those before it that are still valid, at most 3. Attempts that begin after this was answered go by it.
 */
export async function rotateSecret(
  context: RequestContext,
  { webhookId, overlapSeconds }: RotateSecretInput & { webhookId: string },
): Promise<RotatedSecret> {
  const { models, clock, secretBox } = context;
  const secret = generateWebhookSecret();
  return runOnce(context, async (session) => {
    const doc = await findWebhook(context, webhookId, session);
    const now = clock();
    const until = new Date(now.getTime() + overlapSeconds * 1_000);
    const previousSecrets: PreviousSecret[] =
      overlapSeconds === 0
        ? []
        : [{ secret: doc.secret, until }, ...stillValid(doc.previousSecrets, now)].slice(0, MAX_PREVIOUS);
    const edits = {
      secret: sealSecret(secretBox, webhookId, secret),
      previousSecrets,
      updatedAt: now,
    };
    await models.webhooks.updateOne({ _id: webhookId }, { $set: edits }, { session });
    return { secret, previousValidUntil: overlapSeconds === 0 ? null : until.toISOString() };
  });
}
