import type { ChangeSource, EventType } from '../../contracts/change.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { diffRecord } from '../../domain/diff-record.ts';
import { titleFieldOf } from '../../domain/title-field.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { TableDoc } from '../../models/table.ts';
import type { WriteContext } from '../context.ts';

/** One change as a write describes it: states by field id. */
export interface ChangeDraft {
  type: EventType;
  recordId: string;
  recordVersion: number;
  previous: JsonObject | null;
  record: JsonObject | null;
  operatorId: string | undefined;
  changeKey?: string;
  at?: Date;
}

export interface ToChangeDocInput {
  draft: ChangeDraft;
  table: TableDoc;
  now: Date;
  /** False for a change nobody is to hear of: it is stored as planned, without a workflow. */
  heard: boolean;
  /** Whether nobody hears of it because it was asked for so. */
  silent: boolean;
  kind: ChangeSource['kind'];
}

/** The document of a change, complete in itself: whoever plans it reads nothing else of its record or table. */
export function toChangeDoc(
  context: Pick<WriteContext, 'newId' | 'actor' | 'requestId' | 'hops'>,
  { draft, table, now, heard, silent, kind }: ToChangeDocInput,
): ChangeDoc {
  const present = (id: string) => draft.previous?.[id] !== undefined || draft.record?.[id] !== undefined;
  return {
    _id: context.newId('chg'),
    tableId: table._id,
    tableName: table.name,
    schemaVersion: table.schemaVersion,
    webhookRevision: table.webhookRevision,
    recordId: draft.recordId,
    recordVersion: draft.recordVersion,
    ...(draft.changeKey !== undefined && { changeKey: draft.changeKey }),
    type: draft.type,
    at: draft.at ?? now,
    createdAt: now,
    operatorId: draft.operatorId ?? context.actor.name,
    source: { kind, requestId: context.requestId, hops: context.hops },
    apiKeyId: kind === 'system' ? null : context.actor.apiKeyId,
    silent,
    fieldNames: Object.fromEntries(
      table.fields.filter(({ id }) => present(id)).map(({ id, name }) => [id, name]),
    ),
    titleField: titleFieldOf(table.fields),
    previous: draft.previous,
    record: draft.record,
    changes: diffRecord(table.fields, draft.previous, draft.record),
    state: heard ? 'pending' : 'planned',
    claimedUntil: null,
    claimedBy: null,
    hasWorkflow: heard,
    workflowId: null,
    run: 0,
    ordered: table.orderedCount > 0,
  };
}
