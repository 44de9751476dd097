import type { JsonObject } from '../../src/contracts/json.ts';
import type { Random } from '../random.ts';
import type { Lane } from './lane.ts';
import { drawValues } from './values.ts';
import type { AskedChange, EndedWrite } from './write.ts';

interface Kept {
  id: string;
  version: number;
  values: JsonObject;
}

const MOST = 6;

/** Changes several records in one request: some are new, the others updated or deleted. */
export function openBatchLane(random: Random, tableId: string): Lane {
  let kept: Kept[] = [];
  const create = (title: string): AskedChange => {
    const record = drawValues(random, title);
    return { type: 'record.created', recordId: null, version: 1, previous: null, record };
  };
  const change = ({ id, version, values }: Kept, title: string): AskedChange => {
    const common = { recordId: id, version: version + 1, previous: values };
    if (random.chance(0.2)) return { ...common, type: 'record.deleted', record: null };
    return { ...common, type: 'record.updated', record: { ...values, ...drawValues(random, title) } };
  };
  return {
    next: (operatorId) => {
      const born = Array.from({ length: random.between(1, Math.max(1, MOST - kept.length)) });
      const changes = [
        ...kept.map((one, index) => change(one, `${operatorId}.${index}`)),
        ...born.map((_, index) => create(`${operatorId}.${kept.length + index}`)),
      ];
      const repeatable = random.chance(0.5);
      return {
        ...{ operatorId, table: 'orders', method: 'POST', path: `/v1/tables/${tableId}/records/batch` },
        ...{ body: { operations: changes.map(toOperation), operatorId }, repeatable, changes },
        idempotencyKey: repeatable ? operatorId : null,
      };
    },
    ended: (write) => {
      kept = toKept(write);
    },
  };
}

function toOperation({ type, recordId, record }: AskedChange): JsonObject {
  if (type === 'record.created') return { op: 'create', values: record };
  if (type === 'record.updated') return { op: 'update', recordId, values: record };
  return { op: 'delete', recordId };
}

function toKept({ outcome, changes }: EndedWrite): Kept[] {
  if (outcome.kind !== 'accepted') return [];
  const all = changes.flatMap(({ version, record }, index) => {
    const accepted = outcome.changes[index];
    return accepted && record ? [{ id: accepted.recordId, version, values: record }] : [];
  });
  return all.slice(-MOST + 1);
}
