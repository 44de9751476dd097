import { expect } from 'vitest';
import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import type { CallLog, LoggedCall } from './call-log.ts';

import { until } from './until.ts';

type Judged = Pick<
  DeliveryDoc,
  '_id' | 'webhookId' | 'recordId' | 'recordVersion' | 'state' | 'waitReason' | 'settledAt' | 'attempts'
>;

/**
 * Where order was broken: calls for a version of a record that began while an earlier version was not settled yet, or a
 * call for it still lasted. Empty when all went one after the other.
 */
export function findDisorder(deliveries: readonly Judged[], calls: readonly LoggedCall[]): string[] {
  const broken: string[] = [];
  for (const call of calls) {
    const earlier = deliveries.filter(
      ({ webhookId, recordId, recordVersion }) =>
        webhookId === call.webhookId && recordId === call.recordId && recordVersion < call.version,
    );
    for (const one of earlier) {
      const what = `${call.recordId}: v${call.version} was called at ${at(call.startedAt)}`;
      const settledAt = one.settledAt?.getTime() ?? Infinity;
      if (settledAt > call.startedAt) {
        broken.push(`${what}, v${one.recordVersion} was settled at ${at(settledAt)}`);
      }
      const lasting = calls.filter(
        ({ deliveryId, startedAt, endedAt }) =>
          deliveryId === one._id && startedAt <= call.startedAt && (endedAt ?? Infinity) > call.startedAt,
      );
      if (lasting.length > 0) broken.push(`${what} while v${one.recordVersion} was being called`);
    }
  }
  return broken;
}

/** Deliveries that are not as they should be when all is over: still open, or said to be delivered and never heard of. */
export function findUnsettled(deliveries: readonly Judged[], calls: readonly LoggedCall[]): string[] {
  const heard = new Set(calls.filter(({ status }) => status === 200).map(({ deliveryId }) => deliveryId));
  return deliveries.flatMap((delivery) => {
    const { _id, recordId, recordVersion, state, waitReason, attempts } = delivery;
    const what = `${recordId} v${recordVersion}: ${state} ${waitReason ?? ''}, ${attempts.length} attempts`;
    if (state === 'delivered') return heard.has(_id) ? [] : [`${what}, never heard of`];
    return state === 'failed' || state === 'cancelled' ? [] : [what];
  });
}

function at(ms: number): string {
  return ms === Infinity ? 'no time' : new Date(ms).toISOString().slice(14, 23);
}

export interface SettleInput {
  webhookId: string;
  /** How many deliveries there are to be. */
  count?: number;
  timeoutMs?: number;
}

/** Waits until a webhook is owed nothing any more, then holds what happened against the promise of order. */
export async function settleInOrder(
  { services: { models } }: { services: Pick<ServiceContext, 'models'> },
  endpoint: Pick<CallLog, 'calls'>,
  { webhookId, count, timeoutMs = 60_000 }: SettleInput,
): Promise<DeliveryDoc[]> {
  const settled = async () => {
    const all = await models.deliveries.countDocuments({ webhookId });
    const open = await models.deliveries.countDocuments({ webhookId, open: true });
    return open === 0 && (count === undefined || all === count);
  };
  // What is left after that time is told one by one below.
  await until(settled, { timeoutMs }).catch(() => undefined);
  const deliveries = await models.deliveries.find({ webhookId }).sort({ recordVersion: 1 }).lean();
  if (count !== undefined) expect(deliveries).toHaveLength(count);
  expect(findUnsettled(deliveries, endpoint.calls)).toEqual([]);
  expect(findDisorder(deliveries, endpoint.calls)).toEqual([]);
  return deliveries;
}
