import type { PayloadOptions } from '../../contracts/payload.ts';
import type { RenderableChange } from '../render-body.ts';
import { renderBody, toBody } from '../render-body.ts';
import { renderTemplate } from './render-template.ts';
import { toSlackMessage } from './slack-message.ts';

/**
 * The bytes of a delivery; or why a template made none, once as a reason that holds nothing of the change, once in detail
 * for its author.
 */
export type RenderedPayload = { ok: true; body: string } | { ok: false; reason: string; detail: string };

export interface RenderPayloadInput {
  webhook: { id: string; name: string };
  payload: PayloadOptions;
  /** Where the record can be followed up, for formats that people read; asked for by those alone. */
  recordUrl: () => string | null;
}

/** What a webhook sends of a change, in the format and to the extent it asked for. Never throws for what a template does. */
export function renderPayload(
  change: RenderableChange,
  { webhook, payload, recordUrl }: RenderPayloadInput,
): RenderedPayload {
  if (payload.format === 'slack') {
    const message = toSlackMessage({ change, options: payload, recordUrl: recordUrl() });
    return { ok: true, body: JSON.stringify(message) };
  }
  if (payload.format === 'template') {
    return renderTemplate(payload.template ?? '', toBody(change, webhook, payload));
  }
  return { ok: true, body: renderBody(change, webhook, payload) };
}
