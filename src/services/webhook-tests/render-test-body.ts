import type { RenderableChange } from '../../domain/render-body.ts';
import { renderBody } from '../../domain/render-body.ts';
import type { WebhookDoc } from '../../models/webhook.ts';

/** The bytes a test sends: what a delivery of such a change would hold. */
export function renderTestBody(told: RenderableChange, { _id, name }: WebhookDoc): string {
  return renderBody(told, { id: _id, name });
}
