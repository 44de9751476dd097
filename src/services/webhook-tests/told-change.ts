import type { EventType } from '../../contracts/change.ts';
import { StoredRecordId } from '../../contracts/id.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import { toSampleChange } from '../../domain/sample-change.ts';
import { tellRecord } from '../../domain/tell-record.ts';
import { NotFoundError } from '../../errors.ts';
import type { TableDoc } from '../../models/table.ts';
import type { RequestContext } from '../context.ts';
import { knownValues } from '../records/values.ts';

export interface ToToldChangeInput {
  table: TableDoc;
  type: EventType;
  /** None: a sample. */
  recordId: string | undefined;
}

/** What a test tells an endpoint: a sample, or a record as it is now. Never a change that was written. Throws NotFoundError. */
export async function toToldChange(
  context: RequestContext,
  { table, type, recordId }: ToToldChangeInput,
): Promise<RenderableChange> {
  const { newId, clock, actor, requestId, hops } = context;
  const { _id: id, name, schemaVersion, fields } = table;
  const shape = { id, name, schemaVersion, fields };
  const now = clock();
  const changeId = newId('chg');
  if (recordId === undefined) {
    return toSampleChange({ table: shape, type, now, ids: { changeId, recordId: newId('rec') } });
  }
  const { values, previous, version } = await findNow(context, { table, recordId });
  return tellRecord({
    told: {
      id: changeId,
      type,
      timestamp: now.toISOString(),
      operatorId: actor.name,
      source: { kind: 'api', requestId, hops },
    },
    table: shape,
    record: {
      id: recordId,
      version,
      values: knownValues(fields, values),
      previous: previous && knownValues(fields, previous),
    },
  });
}

interface RecordNow {
  values: JsonObject;
  previous: JsonObject | null;
  version: number;
}

/** The record and what its latest change made of it: one kept elsewhere is what was reported last. */
async function findNow(
  { models }: RequestContext,
  { table: { _id: tableId }, recordId }: Pick<ToToldChangeInput, 'table'> & { recordId: string },
): Promise<RecordNow> {
  const latest = await models.changes.findOne({ tableId, recordId }).sort({ recordVersion: -1 }).lean();
  const before = latest?.type === 'record.updated' ? latest.previous : null;
  if (!StoredRecordId.safeParse(recordId).success) {
    if (!latest?.record) throw new NotFoundError('record', recordId);
    return { values: latest.record, previous: before, version: latest.recordVersion };
  }
  const doc = await models.records.findOne({ _id: recordId, tableId, deletedAt: null }).lean();
  if (!doc) throw new NotFoundError('record', recordId);
  const previous = latest?.recordVersion === doc.version ? before : null;
  return { values: doc.values, previous, version: doc.version };
}
