import type { CreatedWebhook, CreateWebhookInput } from '../../contracts/webhook.ts';
import type { RequestContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';
import { findTable } from '../tables/find.ts';
import { checkPayload } from './check-payload.ts';
import { checkEndpointHeaders, parseEndpointUrl } from './endpoint.ts';
import { resolveFieldUse } from './field-use.ts';
import { requireApiKeys } from './ignore-sources.ts';
import { insertWebhook } from './insert.ts';

/** Registers a webhook. It hears every write that begins after this was answered, and none before. */
export async function createWebhook(
  context: RequestContext,
  { tableId, url: text, headers, ...input }: CreateWebhookInput & { tableId: string },
): Promise<CreatedWebhook> {
  const { models, endpointRules } = context;
  const url = parseEndpointUrl(endpointRules, text);
  checkEndpointHeaders(endpointRules, headers);
  return runOnce(context, async (session) => {
    const table = await findTable(context, tableId, session);
    const { watchFields, condition, payload } = input;
    const use = resolveFieldUse(table.fields, { watchFields, condition, payload });
    const events = [...new Set(input.events)];
    const sent = use.payload ?? payload;
    checkPayload(context, {
      table,
      webhook: { _id: context.newId('whk'), name: input.name, events, payload: sent },
    });
    await requireApiKeys(models, input.ignoreSources, session);
    const registration = {
      ...input,
      tableId,
      events,
      watchFields: use.watchFields ?? [],
      condition: use.condition ?? null,
      ignoreSources: [...new Set(input.ignoreSources)],
      payload: sent,
      attention: null,
    };
    return insertWebhook(context, session, { registration, url, headers });
  });
}
