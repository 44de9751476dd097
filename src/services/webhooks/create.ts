import { randomBytes } from 'node:crypto';
import type { CreatedWebhook, CreateWebhookInput } from '../../contracts/webhook.ts';
import { UnprocessableError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toWebhook, UNTRIED } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';
import { findTable } from '../tables/find.ts';
import { requireApiKeys } from './ignore-sources.ts';
import { checkPayload } from './check-payload.ts';
import { resolveFieldUse } from './field-use.ts';
import { checkEndpointHeaders, parseEndpointUrl } from './endpoint.ts';
import { nextRevision, switchSpans } from './revision.ts';
import { sealHeaders, sealSecret, sealUrl } from './secrets.ts';

const MAX_WEBHOOKS_PER_TABLE = 500;

/** Registers a webhook. It hears every write that begins after this was answered, and none before. */
export async function createWebhook(
  context: RequestContext,
  { tableId, ...input }: CreateWebhookInput & { tableId: string },
): Promise<CreatedWebhook> {
  const { models, endpointRules, secretBox } = context;
  const url = parseEndpointUrl(endpointRules, input.url);
  checkEndpointHeaders(endpointRules, input.headers);
  const id = context.newId('whk');
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return runOnce(context, async (session) => {
    const table = await findTable(context, tableId, session);
    const { watchFields, condition, payload } = input;
    const use = resolveFieldUse(table.fields, { watchFields, condition, payload });
    const events = [...new Set(input.events)];
    const sent = use.payload ?? payload;
    checkPayload(context, { table, webhook: { _id: id, name: input.name, events, payload: sent } });
    await requireApiKeys(models, input.ignoreSources, session);
    if ((await models.webhooks.countDocuments({ tableId }, { session })) >= MAX_WEBHOOKS_PER_TABLE) {
      throw new UnprocessableError(`A table may have ${MAX_WEBHOOKS_PER_TABLE} webhooks.`);
    }
    const revision = await nextRevision(models, session, {
      tableId,
      listeningDelta: input.enabled ? 1 : 0,
      orderedDelta: input.delivery.order === 'record' ? 1 : 0,
    });
    const now = context.clock();
    const doc: WebhookDoc = {
      _id: id,
      tableId,
      name: input.name,
      description: input.description,
      url: sealUrl(secretBox, id, url.href),
      origin: url.origin,
      host: url.host,
      method: input.method,
      enabled: input.enabled,
      enabledSpans: input.enabled ? switchSpans([], true, revision) : [],
      status: 'active',
      statusReason: null,
      events,
      watchFields: use.watchFields ?? [],
      condition: use.condition ?? null,
      ignoreSources: [...new Set(input.ignoreSources)],
      payload: sent,
      headers: sealHeaders(secretBox, id, input.headers),
      retry: input.retry,
      delivery: input.delivery,
      autoPause: input.autoPause,
      attention: null,
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
  });
}
