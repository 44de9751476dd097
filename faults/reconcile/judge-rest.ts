import { isDeepStrictEqual } from 'node:util';
import { createRestClient } from '../../bench/run/rest-client.ts';
import type { ChangeWithDeliveries } from '../../src/contracts/change-with-deliveries.ts';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { Stage } from '../stage/stage.ts';
import type { Facts, Finding } from './facts.ts';
import type { KnownChange } from './known-changes.ts';

const AT_ONCE = 8;

/** Asks the REST API for every delivery and every change of a run, and holds its answers against MongoDB's. */
export async function judgeRest(
  { apiUrl, apiKey }: Stage,
  { facts: { ground, deliveries }, known }: { facts: Facts; known: readonly KnownChange[] },
): Promise<Finding[]> {
  const { get } = createRestClient(apiUrl, apiKey);
  const findings: Finding[] = [];
  const shown: Delivery[] = [];
  for (const tableId of Object.values(ground.tables)) {
    let cursor: string | null = '';
    while (cursor !== null) {
      const path = `/v1/deliveries?tableId=${tableId}&limit=200${cursor && `&cursor=${cursor}`}`;
      const page: Page<Delivery> = await get(path);
      shown.push(...page.data);
      cursor = page.nextCursor;
    }
  }
  const stored = deliveries.map(({ _id, state }) => `${_id} ${state}`);
  const told = shown.map(({ id, state }) => `${id} ${state}`);
  for (const line of except(stored, told))
    findings.push({ kind: 'rest', what: `${line}: not in /v1/deliveries` });
  for (const line of except(told, stored))
    findings.push({ kind: 'rest', what: `${line}: only in /v1/deliveries` });
  const queue = [...known];
  const ask = async () => {
    for (let change = queue.pop(); change; change = queue.pop()) {
      const answer = await get<ChangeWithDeliveries>(`/v1/changes/${change.changeId}`);
      const what = differenceOf(answer, change, deliveries.length);
      if (what !== null) findings.push({ kind: 'rest', what: `/v1/changes/${change.changeId} ${what}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return findings;
}

function except(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

function differenceOf(answer: ChangeWithDeliveries, change: KnownChange, most: number): string | null {
  const { type, recordId, recordVersion, previous, record, state, deliveries } = answer;
  if (type !== change.type || recordId !== change.recordId || recordVersion !== change.version) {
    return `is ${type} of ${recordId} v${recordVersion}`;
  }
  if (!isDeepStrictEqual([previous, record], [change.previous, change.record])) return 'has other values';
  if (state !== 'planned') return `is ${state}`;
  return deliveries.length === 0 && most > 0 ? 'has no delivery' : null;
}
