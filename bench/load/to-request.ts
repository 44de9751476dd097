import type { LoadPlan, LoadTarget } from './load-plan.ts';

/** Fills a record to about the size of the bodies the field is measured with: 1 KB as an endpoint gets it. */
export const NOTES = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(3);

export interface LoadRequest {
  stream: string;
  method: 'PATCH' | 'POST';
  path: string;
  body: string;
}

/** The request with this number: an update of one record, or a batch of creations. */
export function toRequest({ load, targets, salt }: LoadPlan, index: number): LoadRequest {
  const target = targets[index % targets.length];
  if (!target) throw new Error('a load needs a table to write to');
  const turn = Math.floor(index / targets.length);
  return load.kind === 'batch'
    ? toBatch(target, load.size, salt + turn * load.size)
    : toUpdate(target, turn, salt + turn);
}

function toUpdate({ stream, tableId, recordIds }: LoadTarget, turn: number, count: number): LoadRequest {
  const recordId = recordIds[turn % recordIds.length] ?? '';
  const values = { Count: count, Status: count % 2 === 0 ? 'pending' : 'completed' };
  const path = `/v1/tables/${tableId}/records/${recordId}`;
  return { stream, method: 'PATCH', path, body: JSON.stringify({ values }) };
}

function toBatch({ stream, tableId }: LoadTarget, size: number, from: number): LoadRequest {
  const operations = Array.from({ length: size }, (_, index) => ({
    op: 'create',
    values: { Title: 'Ship', Status: 'pending', Count: from + index, Notes: NOTES },
  }));
  const path = `/v1/tables/${tableId}/records/batch`;
  return { stream, method: 'POST', path, body: JSON.stringify({ operations }) };
}
