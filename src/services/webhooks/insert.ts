import type { ClientSession } from 'mongoose';
import type { CreatedWebhook, WebhookHeader } from '../../contracts/webhook.ts';
import { UnprocessableError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { isListening, toWebhook, UNTRIED } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { isOrdered } from './listening.ts';
import { nextRevision, switchSpans } from './revision.ts';
import { generateWebhookSecret, sealHeaders, sealSecret, sealUrl } from './secrets.ts';

const MAX_WEBHOOKS_PER_TABLE = 500;

/** What a registration says of itself: the rest of the document follows from it being new. */
export type Registration = Pick<
  WebhookDoc,
  | 'tableId'
  | 'name'
  | 'description'
  | 'method'
  | 'enabled'
  | 'events'
  | 'watchFields'
  | 'condition'
  | 'ignoreSources'
  | 'payload'
  | 'retry'
  | 'delivery'
  | 'autoPause'
  | 'attention'
>;

export interface InsertWebhookInput {
  registration: Registration;
  url: { href: string; origin: string; host: string };
  /** With their values opened. */
  headers: readonly WebhookHeader[];
}

/**
 * Stores a new webhook with a signing secret of its own, inside a transaction. Throws UnprocessableError when the table has
 * as many as it may have.
 */
export async function insertWebhook(
  { models, secretBox, clock, newId }: RequestContext,
  session: ClientSession,
  { registration, url, headers }: InsertWebhookInput,
): Promise<CreatedWebhook> {
  const { tableId } = registration;
  if ((await models.webhooks.countDocuments({ tableId }, { session })) >= MAX_WEBHOOKS_PER_TABLE) {
    throw new UnprocessableError(`A table may have ${MAX_WEBHOOKS_PER_TABLE} webhooks.`);
  }
  const listens = isListening(registration);
  const revision = await nextRevision(models, session, {
    tableId,
    listeningDelta: listens ? 1 : 0,
    orderedDelta: isOrdered(registration) ? 1 : 0,
  });
  const id = newId('whk');
  const secret = generateWebhookSecret();
  const now = clock();
  const doc: WebhookDoc = {
    ...registration,
    _id: id,
    url: sealUrl(secretBox, id, url.href),
    origin: url.origin,
    host: url.host,
    headers: sealHeaders(secretBox, id, headers),
    enabledSpans: listens ? switchSpans([], true, revision) : [],
    status: 'active',
    statusReason: null,
    paused: null,
    health: UNTRIED,
    resuming: null,
    nextSlotAt: null,
    seats: [],
    seatsWanted: false,
    secret: sealSecret(secretBox, id, secret),
    previousSecrets: [],
    createdAt: now,
    updatedAt: now,
  };
  await models.webhooks.insertMany([doc], { session, lean: true });
  return { ...toWebhook(doc, url.href), secret };
}
