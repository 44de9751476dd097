import type { ClientSession } from 'mongoose';
import type { PayloadOptions } from '../../contracts/payload.ts';
import type { UpdateWebhookInput } from '../../contracts/webhook.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { findTable } from '../tables/find.ts';
import { describeMisfit, resolveFieldUse } from './field-use.ts';
import { requireApiKeys } from './ignore-sources.ts';

export interface ToFiringEditsInput {
  input: UpdateWebhookInput;
  /** As edited. */
  payload: PayloadOptions;
  session: ClientSession;
}

/** Whether an edit says anew which fields of its table a webhook asks for. */
export function asksAnew({ watchFields, condition }: UpdateWebhookInput): boolean {
  return watchFields !== undefined || condition !== undefined;
}

/**
 * Edits of what a webhook asks for, checked against its table. Throws UnprocessableError for what the table does not have.
 * A webhook that needed attention needs it no longer when everything it asks for is there.
 */
export async function toFiringEdits(
  context: RequestContext,
  doc: WebhookDoc,
  { input, payload, session }: ToFiringEditsInput,
): Promise<Partial<WebhookDoc>> {
  const { watchFields, condition, ignoreSources } = input;
  const asks = asksAnew(input);
  const namesFields = Array.isArray(input.payload?.fields);
  if (ignoreSources) await requireApiKeys(context.models, ignoreSources, session);
  const ignored = ignoreSources && { ignoreSources: [...new Set(ignoreSources)] };
  if (!asks && !namesFields) return { ...ignored };
  const { fields } = await findTable(context, doc.tableId, session);
  const use = resolveFieldUse(fields, {
    watchFields,
    condition,
    payload: namesFields ? payload : undefined,
  });
  if (!asks || !doc.attention) return { ...ignored, ...use };
  const reason = describeMisfit({ webhook: { ...doc, ...use }, fields, before: [] });
  return { ...ignored, ...use, attention: reason === null ? null : { at: doc.attention.at, reason } };
}
