import type { ClientSession } from 'mongoose';
import type { ChangeSource, EventType, WorkflowLink } from '../../contracts/change.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { diffRecord } from '../../domain/diff-record.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { TableDoc } from '../../models/table.ts';
import type { RequestContext, StartableChange } from '../context.ts';
import { findTable } from '../tables/find.ts';
import { runOnce } from '../transaction.ts';
import { workflowIdOf } from './workflow-id.ts';

/** How long a process may keep a change in hand before the relay takes it. */
export const CLAIM_MS = 30_000;

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

/** What a write may use inside its transaction. */
export interface WriteTransaction {
  session: ClientSession;
  table: TableDoc;
  now: Date;
  /** Adds a change to the write; its id and workflow are known at once. */
  addChange(draft: ChangeDraft): { changeId: string; workflow: WorkflowLink | null };
}

export interface CommitOptions {
  tableId: string;
  kind: ChangeSource['kind'];
  /** At most how many changes the write will add. */
  changeCount: number;
  /** False writes silently: the changes are stored, nobody hears of them. */
  fire: boolean;
}

/**
 * Commits a write together with its record changes in one transaction, then starts their workflows: the first ones by
 * this process, as many as its fast path has places for, the rest by the relay. A 2xx means both are durable.
 */
export async function commitWrite<T>(
  context: RequestContext,
  options: CommitOptions,
  write: (tx: WriteTransaction) => Promise<T>,
): Promise<T> {
  const { starter, models } = context;
  const reserved = options.fire ? starter.reserve(options.changeCount) : 0;
  let startable: StartableChange[] = [];
  try {
    const { response, replayed } = await runOnce(context, async (session) => {
      const table = await findTable(context, options.tableId, session);
      const changes: ChangeDoc[] = [];
      const tx = openWrite(context, { options, session, table, changes });
      const result = await write(tx);
      startable = claim(changes, tx.now, reserved);
      if (changes.length > 0) await models.changes.insertMany(changes, { session, lean: true });
      return result;
    });
    if (replayed) startable = [];
    starter.start(startable);
    return response;
  } catch (error) {
    startable = [];
    throw error;
  } finally {
    starter.release(reserved - startable.length);
  }
}

interface OpenWriteInput {
  options: CommitOptions;
  session: ClientSession;
  table: TableDoc;
  changes: ChangeDoc[];
}

function openWrite(
  context: RequestContext,
  { options, session, table, changes }: OpenWriteInput,
): WriteTransaction {
  const now = context.clock();
  const heard = options.fire && table.webhookCount > 0;
  return {
    session,
    table,
    now,
    addChange: (draft) => {
      const change = toChangeDoc(context, { draft, table, now, heard, kind: options.kind });
      changes.push(change);
      return { changeId: change._id, workflow: heard ? context.workflowLink(change._id) : null };
    },
  };
}

/** Marks the changes this process takes in hand and answers them. */
function claim(changes: ChangeDoc[], now: Date, reserved: number): StartableChange[] {
  const claimed = changes.filter(({ state }) => state === 'pending').slice(0, reserved);
  for (const change of claimed) change.claimedUntil = new Date(now.getTime() + CLAIM_MS);
  return claimed.map((change) => toStartable(change));
}

/** What starting a workflow for a stored change needs. */
export function toStartable(doc: ChangeDoc): StartableChange {
  const { _id, tableId, tableName, recordId, type } = doc;
  return { id: _id, workflowId: workflowIdOf(doc), tableId, tableName, recordId, type };
}

interface ToChangeDocInput {
  draft: ChangeDraft;
  table: TableDoc;
  now: Date;
  heard: boolean;
  kind: ChangeSource['kind'];
}

function toChangeDoc(
  context: RequestContext,
  { draft, table, now, heard, kind }: ToChangeDocInput,
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
    fieldNames: Object.fromEntries(
      table.fields.filter(({ id }) => present(id)).map(({ id, name }) => [id, name]),
    ),
    previous: draft.previous,
    record: draft.record,
    changes: diffRecord(table.fields, draft.previous, draft.record),
    state: heard ? 'pending' : 'planned',
    claimedUntil: null,
    hasWorkflow: heard,
    run: 0,
  };
}
