import type { RenderableChange } from '../../domain/render-body.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';
import type { RenderContext } from './unsendable.ts';
import { renderFor, toBytes } from './unsendable.ts';

export interface ToDeliveryDocInput {
  change: ChangeDoc;
  webhook: WebhookDoc;
  workflowId: string;
  /** What the endpoint is told, where that is not the change as it was. */
  told?: RenderableChange;
}

/**
 * The delivery of a change to a webhook, as planned, with its exact bytes: pending, before anybody asked for admission. One
 * that the webhook's template failed on has no bytes, and is for the caller to settle.
 */
export function toDeliveryDoc(
  context: Pick<ServiceContext, 'newId' | 'clock'> & RenderContext,
  { change, webhook, workflowId, told = toRenderable(change) }: ToDeliveryDocInput,
): DeliveryDoc {
  const now = context.clock();
  return {
    _id: context.newId('dlv'),
    webhookId: webhook._id,
    webhookName: webhook.name,
    host: webhook.host,
    method: webhook.method,
    changeId: change._id,
    owedSince: change.createdAt,
    tableId: change.tableId,
    recordId: change.recordId,
    recordVersion: change.recordVersion,
    eventType: told.type,
    hops: change.source.hops + 1,
    workflowId,
    ...toBytes(renderFor(context, webhook, told)),
    state: 'pending',
    open: true,
    waitReason: null,
    cancelReason: null,
    attemptCount: 0,
    nextAttemptAt: null,
    claim: null,
    waitingSince: null,
    heldMs: 0,
    lastStatus: null,
    lastErrorCode: null,
    attempts: [],
    createdAt: now,
    settledAt: null,
    verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS),
    ordered: webhook.delivery.order === 'record',
    replay: false,
    replayId: null,
    merged: null,
    mergedChangeIds: [],
  };
}
