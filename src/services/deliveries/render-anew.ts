import type { ClientSession } from 'mongoose';
import { asCreated } from '../../domain/as-created.ts';
import { mergeChanges } from '../../domain/merge-changes.ts';
import type { RenderedPayload } from '../../domain/payload/render-payload.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import type { RenderContext } from './unsendable.ts';
import { renderFor } from './unsendable.ts';

export interface RenderAnewInput {
  delivery: Pick<DeliveryDoc, 'changeId' | 'eventType' | 'merged'>;
  webhook: Pick<WebhookDoc, '_id' | 'name' | 'payload'>;
  session?: ClientSession | null;
}

/** The bytes of a delivery that never had any, as its webhook would have them now; null when what it told of is gone. */
export async function renderAnew(
  context: Pick<ServiceContext, 'models'> & RenderContext,
  { delivery, webhook, session = null }: RenderAnewInput,
): Promise<RenderedPayload | null> {
  const read = async (changeId: string) => {
    const change = await context.models.changes.findOne({ _id: changeId }, null, { session }).lean();
    return change && toRenderable(change);
  };
  const first = await read(delivery.merged?.first.changeId ?? delivery.changeId);
  const last = delivery.merged ? await read(delivery.merged.last.changeId) : first;
  // Two that undo each other are told of by the last, or were cancelled and are not sent again.
  const change = first && last && (mergeChanges(first, last) ?? last);
  return change && renderFor(context, webhook, asTold(change, delivery));
}

/** A backfill of records tells of a change as if its record had just come to be. */
function asTold(
  change: RenderableChange,
  { eventType, merged }: Pick<DeliveryDoc, 'eventType' | 'merged'>,
): RenderableChange {
  const isCreated = merged === null && eventType === 'record.created' && change.type !== eventType;
  return isCreated ? asCreated(change) : change;
}
