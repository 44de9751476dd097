import type { JsonObject } from '../../src/contracts/json.ts';
import type { Random } from '../random.ts';
import type { Lane } from './lane.ts';
import { drawValues } from './values.ts';
import type { Write } from './write.ts';

interface Kept {
  id: string;
  version: number;
  values: JsonObject;
}

/** Creates, updates and deletes one record at a time, each with a request of its own. */
export function openRecordLane(random: Random, tableId: string): Lane {
  const path = `/v1/tables/${tableId}/records`;
  let kept: Kept | null = null;
  const create = (operatorId: string): Write => {
    const values = drawValues(random, operatorId);
    const repeatable = random.chance(0.5);
    return {
      ...{ operatorId, table: 'orders', method: 'POST', path, body: { values, operatorId }, repeatable },
      idempotencyKey: repeatable ? operatorId : null,
      changes: [{ type: 'record.created', recordId: null, version: 1, previous: null, record: values }],
    };
  };
  const update = (operatorId: string, { id, version, values }: Kept): Write => {
    const edits = drawValues(random, operatorId);
    const change = { type: 'record.updated' as const, recordId: id, version: version + 1 };
    return {
      ...{ operatorId, table: 'orders', method: 'PATCH', path: `${path}/${id}`, idempotencyKey: null },
      ...{ body: { values: edits, operatorId }, repeatable: false },
      changes: [{ ...change, previous: values, record: { ...values, ...edits } }],
    };
  };
  const remove = (operatorId: string, { id, version, values }: Kept): Write => {
    const change = { type: 'record.deleted' as const, recordId: id, version: version + 1 };
    return {
      ...{ operatorId, table: 'orders', method: 'DELETE', repeatable: false, idempotencyKey: null },
      ...{ path: `${path}/${id}?operatorId=${operatorId}`, body: null },
      changes: [{ ...change, previous: values, record: null }],
    };
  };
  return {
    next: (operatorId) => {
      if (!kept) return create(operatorId);
      return random.chance(0.12) ? remove(operatorId, kept) : update(operatorId, kept);
    },
    ended: ({ outcome, changes: [asked] }) => {
      const accepted = outcome.kind === 'accepted' ? outcome.changes[0] : undefined;
      const values = asked?.record;
      kept = accepted && asked && values ? { id: accepted.recordId, version: asked.version, values } : null;
    },
  };
}
