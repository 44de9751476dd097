import type { JsonObject } from '../../src/contracts/json.ts';
import type { Random } from '../random.ts';
import type { Lane } from './lane.ts';
import { drawValues } from './values.ts';
import type { AskedChange } from './write.ts';

/** Reports changes of one record that is kept elsewhere, with a change key, so that reporting again is harmless. */
export function openReportLane(random: Random, { tableId, name }: { tableId: string; name: string }): Lane {
  let generation = 1;
  let version = 0;
  let values: JsonObject | null = null;
  const draw = (title: string): AskedChange => {
    const common = { recordId: `${name}-${generation}`, version: version + 1, previous: values };
    if (values && random.chance(0.12)) return { ...common, type: 'record.deleted', record: null };
    const record = drawValues(random, title);
    return { ...common, type: values ? 'record.updated' : 'record.created', record };
  };
  return {
    next: (operatorId) => {
      const change = draw(operatorId);
      return {
        ...{ operatorId, table: 'reports', method: 'POST', path: `/v1/tables/${tableId}/changes` },
        ...{ body: { changes: [toReport(change, operatorId)] }, repeatable: true, idempotencyKey: null },
        changes: [change],
      };
    },
    ended: ({ outcome, changes: [asked] }) => {
      if (outcome.kind === 'accepted' && asked?.record) {
        version = asked.version;
        values = asked.record;
        return;
      }
      generation += 1;
      version = 0;
      values = null;
    },
  };
}

function toReport(change: AskedChange, operatorId: string): JsonObject {
  const { type, recordId, version, previous, record } = change;
  return {
    ...{ changeKey: operatorId, type, recordId, recordVersion: version, operatorId },
    ...(record && { record }),
    ...(previous && { previous }),
  };
}
