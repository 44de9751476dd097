import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { LoggedCall } from '../receiver/messages.ts';
import type { Finding } from './facts.ts';
import type { Told } from './judge-delivery.ts';
import { judgeDelivery } from './judge-delivery.ts';
import type { KnownChange } from './known-changes.ts';

export interface JudgeMergedInput {
  /** All changes the webhook is owed. */
  known: readonly KnownChange[];
  /** All deliveries of the webhook. */
  deliveries: readonly DeliveryDoc[];
  callsOf: (deliveryId: string) => readonly LoggedCall[];
}

/**
 * Holds the deliveries of a webhook that merges edits against the changes: each is told by one delivery, a delivery tells what
 * a range of versions comes to, and nothing is sent when that is nothing. Which edits go together is a matter of time
 * and not judged.
 */
export function judgeMerged({ known, deliveries, callsOf }: JudgeMergedInput): Finding[] {
  const byId = new Map(known.map((change) => [change.changeId, change]));
  const tellers = new Map<string, string[]>();
  const findings: Finding[] = [];
  for (const delivery of deliveries) {
    const ids = [...new Set([delivery.changeId, ...delivery.mergedChangeIds])];
    for (const id of ids) tellers.set(id, [...(tellers.get(id) ?? []), delivery._id]);
    const range = ids.flatMap((id) => byId.get(id) ?? []).toSorted((a, b) => a.version - b.version);
    if (range.length !== ids.length) {
      findings.push({ kind: 'wrong', what: `${delivery._id} tells a change that is not owed` });
    } else {
      findings.push(...judgeRange({ delivery, range, calls: callsOf(delivery._id) }));
    }
  }
  for (const { changeId, recordId, version } of known) {
    const by = tellers.get(changeId) ?? [];
    if (by.length === 1) continue;
    const what = `${changeId} of ${recordId} v${version} is told by ${by.length} merged deliveries ${by.join()}`;
    findings.push({ kind: by.length === 0 ? 'lost' : 'wrong', what });
  }
  return findings;
}

interface JudgeRangeInput {
  delivery: DeliveryDoc;
  range: readonly KnownChange[];
  calls: readonly LoggedCall[];
}

function judgeRange({ delivery, range, calls }: JudgeRangeInput): Finding[] {
  const [first] = range;
  if (!first) return [];
  // A version between may have gone out before by itself, planned first after a crash: then another delivery tells it.
  const isRange = range.every(
    ({ recordId, type }, index) =>
      recordId === first.recordId &&
      (type !== 'record.created' || index === 0) &&
      (type !== 'record.deleted' || index === range.length - 1),
  );
  const versions = range.map(({ recordId, version }) => `${recordId} v${version}`).join(', ');
  if (!isRange) return [{ kind: 'wrong', what: `${delivery._id} merges ${versions}` }];
  const told = comeTo(range);
  if (told) return judgeDelivery({ delivery, told, calls });
  if (delivery.cancelReason === 'undone' && calls.length === 0) return [];
  return [{ kind: 'wrong', what: `${delivery._id} tells what came to nothing: ${versions}` }];
}

/**
 * What a range comes to; null when the record never was there. Titles are never used twice, so edits undo nothing. Of a
 * record that came and went its end is told all the same when another delivery tells a version between.
 */
function comeTo(range: readonly KnownChange[]): Told | null {
  const [first, last] = [range[0], range.at(-1)];
  if (!first || !last) return null;
  if (first === last) return last;
  if (first.type === 'record.created' && last.type === 'record.deleted') {
    return range.length === last.version - first.version + 1 ? null : last;
  }
  const type = first.type === 'record.created' || last.type === 'record.deleted' ? null : 'record.updated';
  const end = first.type === 'record.created' ? first.type : last.type;
  return { ...last, type: type ?? end, previous: first.previous };
}
