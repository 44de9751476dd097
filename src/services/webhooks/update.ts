import type { ClientSession } from 'mongoose';
import type { PayloadOptions } from '../../contracts/payload.ts';
import type { DeliveryPolicy, RetryPolicy } from '../../contracts/policies.ts';
import type { UpdateWebhookInput, Webhook } from '../../contracts/webhook.ts';
import type { ReplayDoc } from '../../models/replay.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toWebhook } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { pushUntold } from '../events/untold.ts';
import { runTransaction } from '../transaction.ts';
import { findTable } from '../tables/find.ts';
import { checkPayload } from './check-payload.ts';
import { checkEndpointHeaders, parseEndpointUrl } from './endpoint.ts';
import { findWebhook } from './find.ts';
import { asksAnew, toFiringEdits } from './firing-edits.ts';
import { isOrdered, switchListening } from './listening.ts';
import { toEnabledEdits } from './resume.ts';
import { nextRevision } from './revision.ts';
import { openUrl, refuseCarriedSecrets, sealEditedHeaders, sealUrl, stillValid } from './secrets.ts';
import { fitsAgain, storeMissed, tellMissed } from './send-missed.ts';

/**
 * Edits a webhook. Deliveries in flight go by the edit from their next attempt on; enabling lets held ones go, and clears
 * the status `gone`. One that needed attention and fits its table again is sent what it missed.
 */
export async function updateWebhook(
  context: RequestContext,
  { webhookId, ...input }: UpdateWebhookInput & { webhookId: string },
): Promise<Webhook> {
  const { models, endpointRules, waker } = context;
  const url = input.url === undefined ? null : parseEndpointUrl(endpointRules, input.url);
  if (input.headers) checkEndpointHeaders(endpointRules, input.headers);
  const waiting =
    input.enabled === true ? await models.deliveries.countDocuments({ webhookId, state: 'waiting' }) : 0;
  const { before, webhook, event, missed } = await runTransaction(models, async (session) => {
    const doc = await findWebhook(context, webhookId, session);
    if (url && url.origin !== doc.origin) refuseCarriedSecrets(doc, input.headers ?? null);
    const edits = toEdits(context, doc, { input, url });
    const payload = edits.payload ?? doc.payload;
    Object.assign(edits, await toFiringEdits(context, doc, { input, payload, session }));
    await recheckPayload(context, { doc, edits, session });
    const next = { ...doc, ...edits, enabled: input.enabled ?? doc.enabled };
    if (next.enabled !== doc.enabled) Object.assign(edits, switchEnabled(context, next, waiting));
    const switched = await switchListening(models, session, { before: doc, next });
    // An edit of the table's fields at the same time must find what is asked for, or be found.
    if (!switched && asksAnew(input)) await nextRevision(models, session, { tableId: doc.tableId, ...NONE });
    Object.assign(edits, switched);
    const edited = { ...doc, ...edits };
    const recovered = doc.attention && !edited.attention ? fitsAgain(edited, edited.updatedAt) : null;
    await models.webhooks.updateOne(
      { _id: webhookId },
      { $set: edits, ...pushUntold(recovered) },
      { session },
    );
    return {
      before: doc,
      webhook: edited,
      event: recovered,
      missed: await keepMissed(context, session, { before: doc, edited }),
    };
  });
  if (isOrdered(webhook) && !isOrdered(before)) await keepOrder(context, webhook);
  if (event) await tellMissed(context, { webhook, event, replay: missed });
  if (await models.deliveries.exists({ webhookId, state: 'waiting' })) waker.wake(webhookId);
  return toWebhook(webhook, openUrl(context.secretBox, webhook));
}

/** Listens and keeps order as before. */
const NONE = { listeningDelta: 0, orderedDelta: 0 };

interface RecheckInput {
  doc: WebhookDoc;
  edits: Partial<WebhookDoc>;
  session: ClientSession;
}

/** By whatever a template is rendered with; what is not edited was checked before. */
async function recheckPayload(context: RequestContext, { doc, edits, session }: RecheckInput): Promise<void> {
  if (edits.payload === undefined && edits.events === undefined) return;
  const webhook = { ...doc, ...edits };
  checkPayload(context, { table: await findTable(context, doc.tableId, session), webhook });
}

async function keepMissed(
  context: RequestContext,
  session: ClientSession,
  { before, edited }: { before: WebhookDoc; edited: WebhookDoc },
): Promise<ReplayDoc | null> {
  if (!before.attention || edited.attention) return null;
  return storeMissed(context, session, {
    webhook: edited,
    since: before.enabled ? before.attention.at : null,
  });
}

/** What is already owed to a webhook that now keeps order goes by it too. */
async function keepOrder({ models }: RequestContext, { _id, tableId }: WebhookDoc): Promise<void> {
  // Changes first: this waits for plans under way, so that their deliveries are there by then.
  await models.changes.updateMany(
    { tableId, state: { $in: ['pending', 'started'] }, ordered: false },
    { $set: { ordered: true } },
    { hint: { claimedUntil: 1, _id: 1 } },
  );
  await models.deliveries.updateMany(
    { webhookId: _id, open: true, ordered: false },
    { $set: { ordered: true } },
  );
}

function switchEnabled(
  context: RequestContext,
  { enabled, attention, health: before }: WebhookDoc,
  waiting: number,
): Partial<WebhookDoc> {
  if (!enabled) return { enabled, resuming: null };
  const probeAt = before.circuit === 'open' ? context.clock() : before.probeAt;
  // Failing begins anew.
  const health = { ...before, failingSince: null, failures: 0, probeAt };
  return {
    enabled,
    status: 'active',
    statusReason: null,
    health,
    // What was written while it was disabled it did not miss.
    attention: attention && { ...attention, at: context.clock() },
    ...toEnabledEdits(context, waiting),
  };
}

function toEdits(
  { secretBox, clock }: RequestContext,
  doc: WebhookDoc,
  { input, url }: { input: UpdateWebhookInput; url: URL | null },
): Partial<WebhookDoc> {
  const { name, description, method, events, payload, headers, retry, delivery, autoPause } = input;
  // Another endpoint, or another way to call it, deserves a try now.
  const isElsewhere = url !== null || method !== undefined || headers !== undefined;
  const isProbed = doc.health.probeAt !== null && isElsewhere;
  const previousSecrets = stillValid(doc.previousSecrets, clock());
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(method !== undefined && { method }),
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(payload !== undefined && { payload: merge<PayloadOptions>(doc.payload, payload) }),
    ...(headers !== undefined && { headers: sealEditedHeaders(secretBox, doc, headers) }),
    ...(retry !== undefined && { retry: merge<RetryPolicy>(doc.retry, retry) }),
    ...(delivery !== undefined && { delivery: merge<DeliveryPolicy>(doc.delivery, delivery) }),
    ...(autoPause !== undefined && { autoPause }),
    ...(previousSecrets.length < doc.previousSecrets.length && { previousSecrets }),
    ...(isProbed && { health: { ...doc.health, probeAt: clock() } }),
    ...(url !== null && { url: sealUrl(secretBox, doc._id, url.href), origin: url.origin, host: url.host }),
    updatedAt: clock(),
  };
}

/** Null takes an optional field away. */
function merge<Policy extends object>(stored: Policy, edits: object): Policy {
  const merged = Object.entries({ ...stored, ...edits }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  // Fields of a complete policy replaced by fields of the same schema, optional ones taken away: still a policy.
  return Object.fromEntries(merged) as unknown as Policy;
}
