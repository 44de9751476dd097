import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { Ground } from '../load/ground.ts';
import type { LoggedCall } from '../receiver/messages.ts';
import type { Finding } from './facts.ts';
import { isTaken } from './judge-delivery.ts';

const CLOCK_REFUSALS = ['too-old', 'too-new'];

export interface JudgeCallsInput {
  ground: Ground;
  deliveries: readonly DeliveryDoc[];
  calls: readonly LoggedCall[];
}

/** What the endpoint got, judged by itself: nothing that is no delivery, every signature right, order where it is promised. */
export function judgeCalls({ ground, deliveries, calls }: JudgeCallsInput): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set(deliveries.map(({ _id }) => _id));
  for (const { id, signature, path } of calls) {
    if (!ids.has(id)) findings.push({ kind: 'wrong', what: `${path} got ${id}, which is no delivery` });
    if (signature !== 'valid' && !CLOCK_REFUSALS.includes(signature)) {
      findings.push({ kind: 'wrong', what: `${path} got ${id} with ${signature}` });
    }
  }
  for (const { id, asks } of ground.webhooks) {
    if (asks !== 'in-order') continue;
    findings.push(...findDisorder(calls.filter(({ webhookId }) => webhookId === id)));
  }
  return findings;
}

/** Where a record's later version came before an earlier one; what comes again is not judged. */
function findDisorder(calls: readonly LoggedCall[]): Finding[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const { id, recordId, version } of calls) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = last.get(recordId) ?? 0;
    if (version < before) {
      findings.push({ kind: 'disorder', what: `${recordId} v${version} came behind v${before}` });
    }
    last.set(recordId, Math.max(before, version));
  }
  return findings;
}

/** How many calls brought what the endpoint had already taken. */
export function countDuplicates(calls: readonly LoggedCall[]): number {
  const taken = new Set<string>();
  let duplicates = 0;
  for (const call of calls) {
    if (taken.has(call.id)) duplicates += 1;
    if (isTaken(call)) taken.add(call.id);
  }
  return duplicates;
}
