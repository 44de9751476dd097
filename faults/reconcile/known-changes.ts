import { isDeepStrictEqual } from 'node:util';
import type { EventType } from '../../src/contracts/change.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { ChangeDoc } from '../../src/models/change.ts';
import type { AskedChange, EndedWrite } from '../load/write.ts';
import type { Facts, Finding } from './facts.ts';
import { groupBy } from './group-by.ts';

/** A change that is stored, as the load asked for it. */
export interface KnownChange {
  changeId: string;
  tableId: string;
  recordId: string;
  version: number;
  type: EventType;
  operatorId: string;
  previous: JsonObject | null;
  record: JsonObject | null;
  /** Whether its write was answered with 2xx; one that was not may be there or not. */
  accepted: boolean;
  /** When its write ended, in milliseconds since 1970. */
  endedAt: number;
}

/** Holds what is stored against what was asked for and answered. */
export function judgeChanges({ writes, changes, ground }: Facts): {
  known: KnownChange[];
  findings: Finding[];
} {
  const findings: Finding[] = [];
  const known: KnownChange[] = [];
  const left = new Set(changes);
  const byOperator = groupBy(changes, ({ operatorId }) => operatorId);
  for (const write of writes) {
    const own = byOperator.get(write.operatorId) ?? [];
    if (write.outcome.kind === 'refused') {
      findings.push({ kind: 'wrong', what: `${describe(write)} was refused: ${write.outcome.problem}` });
    }
    for (const [index, asked] of write.changes.entries()) {
      const stored = own.find((one) => isWhatWasAsked(one, asked));
      const { what, change } = match({ write, index, asked, stored });
      if (what) findings.push(what);
      if (!change || !stored) continue;
      known.push({ ...change, tableId: ground.tables[write.table] });
      left.delete(stored);
    }
  }
  for (const { _id, operatorId, recordId, recordVersion } of left) {
    const what = `${_id} of ${recordId} v${recordVersion} by ${operatorId} is stored and was not asked for like that`;
    findings.push({ kind: 'wrong', what });
  }
  return { known, findings };
}

interface MatchInput {
  write: EndedWrite;
  index: number;
  asked: AskedChange;
  stored: ChangeDoc | undefined;
}

function match({ write, index, asked, stored }: MatchInput): {
  what: Finding | null;
  change: Omit<KnownChange, 'tableId'> | null;
} {
  const { outcome, operatorId, at } = write;
  const accepted = outcome.kind === 'accepted' ? outcome.changes[index] : null;
  const where = `change ${index} of ${describe(write)}`;
  if (!stored) {
    const lost = `${where}, ${accepted?.changeId}, was accepted and is not stored`;
    return { what: accepted ? { kind: 'lost', what: lost } : null, change: null };
  }
  const { _id: changeId, recordId, recordVersion: version } = stored;
  const isNamed = !accepted || (accepted.changeId === changeId && accepted.recordId === recordId);
  const named = `${where} was answered as ${accepted?.changeId} of ${accepted?.recordId} and is ${changeId} of ${recordId}`;
  return {
    what: isNamed ? null : { kind: 'wrong', what: named },
    change: {
      ...{ changeId, recordId, version, operatorId, endedAt: at, accepted: accepted !== null },
      ...{ type: asked.type, previous: asked.previous, record: asked.record },
    },
  };
}

function isWhatWasAsked(stored: ChangeDoc, { type, recordId, version, previous, record }: AskedChange) {
  const { fieldNames } = stored;
  return (
    stored.type === type &&
    (recordId === null || stored.recordId === recordId) &&
    stored.recordVersion === version &&
    isDeepStrictEqual(byName(stored.previous, fieldNames), previous) &&
    isDeepStrictEqual(byName(stored.record, fieldNames), record)
  );
}

function byName(values: JsonObject | null, names: Record<string, string>): JsonObject | null {
  return values && Object.fromEntries(Object.entries(values).map(([id, value]) => [names[id] ?? id, value]));
}

function describe({ operatorId, method, path }: EndedWrite): string {
  return `${operatorId} (${method} ${path})`;
}
