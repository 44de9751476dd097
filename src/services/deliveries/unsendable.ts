import type { FailureReason } from '../../domain/classify-attempt.ts';
import type { RenderedPayload } from '../../domain/payload/render-payload.ts';
import { renderPayload } from '../../domain/payload/render-payload.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';

export type RenderContext = Pick<ServiceContext, 'recordWorkflowsLink'>;

const TEMPLATE_FAILED = 'template-failed: ';

/** What a webhook sends of a change, as it is registered now. */
export function renderFor(
  { recordWorkflowsLink }: RenderContext,
  { _id, name, payload }: Pick<WebhookDoc, '_id' | 'name' | 'payload'>,
  told: RenderableChange,
): RenderedPayload {
  const recordUrl = () => recordWorkflowsLink(told.recordId).url;
  return renderPayload(told, { webhook: { id: _id, name }, payload, recordUrl });
}

/** The bytes of a delivery; one that the webhook's template failed on has none, and says why. */
export function toBytes(rendered: RenderedPayload): Pick<DeliveryDoc, 'body' | 'failureReason'> {
  if (rendered.ok) return { body: rendered.body, failureReason: null };
  const failureReason: FailureReason = `${TEMPLATE_FAILED}${rendered.reason}`;
  return { body: '', failureReason };
}

/** The edits that settle a delivery that has no bytes: it failed without an attempt, and no endpoint is at fault. */
export function toUnsendableEdits(now: Date): Partial<DeliveryDoc> {
  return {
    state: 'failed',
    open: false,
    waitReason: null,
    waitingSince: null,
    nextAttemptAt: null,
    claim: null,
    verifyAt: null,
    settledAt: now,
    untold: true,
  };
}

/** Whether a delivery failed since the webhook's template did: it has no bytes, and never had an attempt of them. */
export function isUnsendable({ failureReason }: Pick<DeliveryDoc, 'failureReason'>): boolean {
  return failureReason?.startsWith(TEMPLATE_FAILED) ?? false;
}
