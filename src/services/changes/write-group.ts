import type { ClientSession } from 'mongoose';
import type { ChangeSource, WorkflowLink } from '../../contracts/change.ts';
import { AppError, NotFoundError } from '../../errors.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { Models } from '../../models/models.ts';
import type { RecordDoc } from '../../models/record.ts';
import type { TableDoc } from '../../models/table.ts';
import { requireChangeable } from '../access.ts';
import type { WriteContext } from '../context.ts';
import { storeResponses, type GuardedResponse } from '../idempotency.ts';
import type { ChangeDraft } from './change-doc.ts';
import { toChangeDoc } from './change-doc.ts';

/** One request's write on one table, to be committed alone or together with others. */
export interface Write<T = unknown> {
  context: WriteContext;
  tableId: string;
  kind: ChangeSource['kind'];
  /** At most how many changes it adds. */
  changeCount: number;
  /** False writes silently: the changes are stored, nobody hears of them. */
  fire: boolean;
  /** Records whose state it asks for. */
  recordIds: readonly string[];
  /**
   * Says what is to be written and answers; what it throws changes nothing of its own and nothing of the others'. Called
   * again, on newer state, whenever the transaction has to begin anew.
   */
  apply: (tx: WriteTransaction) => T | Promise<T>;
}

/** What a write may use inside the transaction. */
export interface WriteTransaction {
  session: ClientSession;
  table: TableDoc;
  now: Date;
  /** The record as it is now, writes before this one in the same transaction counted in; null when there is none. */
  current(recordId: string): RecordDoc | null;
  /** Writes a record: new, or in place of the one with its id. */
  putRecord(record: RecordDoc): void;
  /** Adds a change to the write; its id and workflow are known at once. */
  addChange(draft: ChangeDraft): { changeId: string; workflow: WorkflowLink | null };
}

interface RecordState {
  stored: RecordDoc | null;
  record: RecordDoc;
}

/** Up to so many records are read without a look at their size. */
const MANY = 100;
/** What the records that one transaction changes may hold. */
const MAX_READ_BYTES = 24 * 1024 * 1024;

/** Throws too_large (413) when records hold more than one transaction can change in its time. */
async function requireReadable(models: Models, session: ClientSession, wanted: object): Promise<void> {
  const [found] = await models.records
    .aggregate<{ bytes: number }>([
      { $match: wanted },
      { $group: { _id: null, bytes: { $sum: { $bsonSize: '$$ROOT' } } } },
    ])
    .session(session);
  const bytes = found?.bytes ?? 0;
  if (bytes <= MAX_READ_BYTES) return;
  throw new AppError(
    'too_large',
    `The records that this batch changes hold ${toMib(bytes)} MiB, and may hold ${toMib(MAX_READ_BYTES)}. Nothing was written; send it in parts.`,
  );
}

function toMib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

/** The writes of one transaction: reads what they need together, applies them one after the other, writes together. */
export class WriteGroup {
  readonly changes: ChangeDoc[] = [];
  readonly #models: Models;
  readonly #session: ClientSession;
  readonly #tables: ReadonlyMap<string, TableDoc>;
  readonly #records: Map<string, RecordState>;
  readonly #responses: GuardedResponse[] = [];

  private constructor(
    input: { models: Models; session: ClientSession },
    read: { tables: TableDoc[]; records: RecordDoc[] },
  ) {
    this.#models = input.models;
    this.#session = input.session;
    this.#tables = new Map(read.tables.map((table) => [table._id, table]));
    this.#records = new Map(read.records.map((record) => [record._id, { stored: record, record }]));
  }

  /** Reads the tables and records of the writes: one query each. */
  static async open(models: Models, session: ClientSession, writes: readonly Write[]): Promise<WriteGroup> {
    const tableIds = [...new Set(writes.map(({ tableId }) => tableId))];
    const recordIds = [...new Set(writes.flatMap((write) => write.recordIds))];
    const tables = await models.tables.find({ _id: { $in: tableIds } }, null, { session }).lean();
    // Ids of other tables' records say nothing here, not even how large those are.
    const wanted = { _id: { $in: recordIds }, tableId: { $in: tableIds } };
    if (recordIds.length > MANY) await requireReadable(models, session, wanted);
    const records = recordIds.length === 0 ? [] : await models.records.find(wanted, null, { session }).lean();
    return new WriteGroup({ models, session }, { tables, records });
  }

  /** Applies a write: all of it, or nothing when it throws an AppError. Any other error is the transaction's. */
  async apply(write: Write): Promise<PromiseSettledResult<unknown>> {
    const changes: ChangeDoc[] = [];
    const records = new Map<string, RecordDoc>();
    try {
      const value = await write.apply(this.#open(write, { changes, records }));
      const { context } = write;
      if (context.idempotency) this.#responses.push({ context, response: value });
      this.changes.push(...changes);
      for (const [id, record] of records) {
        this.#records.set(id, { stored: this.#records.get(id)?.stored ?? null, record });
      }
      return { status: 'fulfilled', value };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { status: 'rejected', reason: error };
    }
  }

  #open(
    write: Write,
    { changes, records }: { changes: ChangeDoc[]; records: Map<string, RecordDoc> },
  ): WriteTransaction {
    const { context, tableId, kind, fire } = write;
    const table = this.#tables.get(tableId);
    if (!table) throw new NotFoundError('table', tableId);
    if (kind !== 'system') requireChangeable(table);
    const now = context.clock();
    const heard = fire && table.webhookCount > 0;
    return {
      session: this.#session,
      table,
      now,
      current: (recordId) => {
        const record = records.get(recordId) ?? this.#records.get(recordId)?.record;
        return record?.tableId === tableId && record.deletedAt === null ? record : null;
      },
      putRecord: (record) => void records.set(record._id, record),
      addChange: (draft) => {
        const change = toChangeDoc(context, { draft, table, now, heard, silent: !fire, kind });
        changes.push(change);
        if (!heard) return { changeId: change._id, workflow: null };
        // Only what is sure to have a workflow of its own may say so: others may come to share one.
        if (this.changes.length + changes.length === 1 && context.starter.isIdleFor(tableId))
          change.workflowId = change._id;
        const { workflowLink, recordWorkflowsLink } = context;
        const workflow = change.workflowId ? workflowLink(change._id) : recordWorkflowsLink(change.recordId);
        return { changeId: change._id, workflow };
      },
    };
  }

  /** Writes what was applied: one call for new records, one for changed ones, one for changes, one for responses. */
  async write(): Promise<void> {
    const session = this.#session;
    const states = [...this.#records.values()].filter(({ stored, record }) => stored !== record);
    const created = states.flatMap(({ stored, record }) => (stored === null ? [record] : []));
    const updates = states.flatMap(({ stored, record }) => {
      if (stored === null) return [];
      const { values, version, updatedAt, deletedAt } = record;
      const filter = { _id: stored._id, version: stored.version };
      return [{ updateOne: { filter, update: { $set: { values, version, updatedAt, deletedAt } } } }];
    });
    if (created.length > 0) await this.#models.records.insertMany(created, { session, lean: true });
    if (updates.length > 0) await this.#models.records.bulkWrite(updates, { session });
    if (this.changes.length > 0) {
      await this.#models.changes.insertMany(this.changes, { session, lean: true });
    }
    await storeResponses(this.#models, this.#responses, session);
  }
}
