import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { Facts, Finding } from './facts.ts';
import { groupBy } from './group-by.ts';
import { countDuplicates, judgeCalls } from './judge-calls.ts';
import { isTaken, judgeDelivery } from './judge-delivery.ts';
import { judgeMerged } from './judge-merged.ts';
import type { KnownChange } from './known-changes.ts';
import { judgeChanges } from './known-changes.ts';
import { listOwed } from './owed.ts';

/** What a run came to. */
export interface Judgement {
  /** Changes answered with 2xx. */
  accepted: number;
  /** Changes whose write was not answered, or with 5xx; and how many of them are stored all the same, and so owed. */
  unknown: number;
  unknownStored: number;
  /** Deliveries the endpoint took. */
  delivered: number;
  /** Calls that brought what it had taken already. */
  duplicated: number;
  known: KnownChange[];
  findings: Finding[];
}

/** Holds everything that was accepted, or is stored, against deliveries and against what the endpoint got. Pure. */
export function judge(facts: Facts): Judgement {
  const { ground, writes, deliveries, calls } = facts;
  const { known, findings } = judgeChanges(facts);
  const callsById = groupBy(calls, ({ id }) => id);
  const callsOf = (id: string) => callsById.get(id) ?? [];
  const left = new Map(deliveries.map((delivery) => [keyOf(delivery), delivery]));
  for (const { webhook, change } of listOwed(ground, known)) {
    const key = keyOf({ webhookId: webhook.id, changeId: change.changeId });
    const delivery = left.get(key);
    left.delete(key);
    if (delivery) findings.push(...judgeDelivery({ delivery, told: change, calls: callsOf(delivery._id) }));
    else {
      const { changeId, recordId, version } = change;
      const what = `${changeId} of ${recordId} v${version} has no delivery to ${webhook.asks}`;
      findings.push({ kind: 'lost', what });
    }
  }
  for (const { id, tableId, asks } of ground.webhooks) {
    if (asks !== 'merged') continue;
    const own = deliveries.filter(({ webhookId }) => webhookId === id);
    for (const delivery of own) left.delete(keyOf(delivery));
    const owed = known.filter((change) => change.tableId === tableId);
    findings.push(...judgeMerged({ known: owed, deliveries: own, callsOf }));
  }
  for (const { _id, webhookName } of left.values()) {
    findings.push({ kind: 'wrong', what: `${_id} to ${webhookName} was never owed` });
  }
  findings.push(...judgeCalls({ ground, deliveries, calls }));
  const asked = writes.flatMap(({ outcome, changes }) => changes.map(() => outcome.kind));
  return {
    accepted: asked.filter((kind) => kind === 'accepted').length,
    unknown: asked.filter((kind) => kind === 'unknown').length,
    unknownStored: known.filter(({ accepted }) => !accepted).length,
    delivered: deliveries.filter(({ _id }) => callsOf(_id).some(isTaken)).length,
    duplicated: countDuplicates(calls),
    known,
    findings,
  };
}

function keyOf({ webhookId, changeId }: Pick<DeliveryDoc, 'webhookId' | 'changeId'>): string {
  return `${webhookId} ${changeId}`;
}
