import type { ReportChangesInput, ReportChangesResult, ReportedChange } from '../../contracts/change.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ValueKeys } from '../../contracts/record.ts';
import { diffRecord } from '../../domain/diff-record.ts';
import { mergeValues } from '../../domain/field-values.ts';
import { ConflictError } from '../../errors.ts';
import { checkRecordSize, parseValues } from '../records/values.ts';
import type { RequestContext } from '../context.ts';
import { isDuplicateKey } from '../transaction.ts';
import { commitWrite } from './commit.ts';
import { readKnownChanges } from './known.ts';
import type { WriteTransaction } from './write-group.ts';

const MAX_TRIES = 5;

type ReportInput = ReportChangesInput & { tableId: string; keys: ValueKeys };

/**
 * Takes changes of records kept elsewhere, all or nothing. A `changeKey` seen before answers its change again. Without a
 * `recordVersion` a change follows the last one known of its record; one that is taken by another change is 409.
 */
export async function reportChanges(
  context: RequestContext,
  input: ReportInput,
): Promise<ReportChangesResult> {
  // Two reports may pick the same next version at once; the one that loses reads again and takes the one after.
  for (let tries = 1; ; tries += 1) {
    try {
      return await report(context, input);
    } catch (error) {
      if (!isDuplicateKey(error) || tries === MAX_TRIES) throw error;
    }
  }
}

async function report(context: RequestContext, input: ReportInput): Promise<ReportChangesResult> {
  const { tableId, changes, keys } = input;
  const apply = async (tx: WriteTransaction): Promise<ReportChangesResult> => {
    const known = await readKnownChanges(
      context.models,
      tx,
      changes.map(({ changeKey }) => changeKey),
    );
    const versions = await readVersions(context, tx, changes);
    const results = changes.map((change, index) => {
      const { changeKey, recordId } = change;
      const duplicateOf = known.get(changeKey);
      if (duplicateOf !== undefined) return { changeKey, changeId: duplicateOf, duplicate: true };
      const { previous, record } = parseStates(tx, change, { keys, path: `changes.${index}` });
      if (diffRecord(tx.table.fields, previous, record).length === 0 && change.type === 'record.updated') {
        return { changeKey, changeId: null, duplicate: false };
      }
      const version = takeVersion(versions, change);
      const { changeId } = tx.addChange({
        type: change.type,
        recordId,
        recordVersion: version,
        previous,
        record,
        operatorId: change.operatorId,
        changeKey,
        ...(change.occurredAt !== undefined && { at: new Date(change.occurredAt) }),
      });
      return { changeKey, changeId, duplicate: false };
    });
    return { results };
  };
  const changeCount = changes.length;
  return commitWrite({ context, tableId, kind: 'ingest', changeCount, fire: true, recordIds: [], apply });
}

function parseStates(
  { table }: WriteTransaction,
  change: ReportedChange,
  { keys, path }: { keys: ValueKeys; path: string },
): { previous: JsonObject | null; record: JsonObject | null } {
  const parse = (values: JsonObject, name: string) => {
    const parsed = mergeValues({}, parseValues(table.fields, values, { keys, path: `${path}.${name}` }));
    checkRecordSize(parsed);
    return parsed;
  };
  return {
    previous: 'previous' in change ? parse(change.previous, 'previous') : null,
    record: 'record' in change ? parse(change.record, 'record') : null,
  };
}

/** Versions in use per record: the highest one, and those asked for that are taken. */
interface Versions {
  last: Map<string, number>;
  taken: Set<string>;
}

async function readVersions(
  { models }: RequestContext,
  { session, table }: WriteTransaction,
  changes: ReportedChange[],
): Promise<Versions> {
  const recordIds = [...new Set(changes.map(({ recordId }) => recordId))];
  const lasts = await models.changes
    .aggregate<{ _id: string; last: number }>([
      { $match: { tableId: table._id, recordId: { $in: recordIds } } },
      { $group: { _id: '$recordId', last: { $max: '$recordVersion' } } },
    ])
    .session(session);
  const asked = changes.flatMap(({ recordId, recordVersion }) =>
    recordVersion === undefined ? [] : [{ recordId, recordVersion }],
  );
  const taken =
    asked.length === 0
      ? []
      : await models.changes
          .find({ tableId: table._id, $or: asked }, { recordId: 1, recordVersion: 1 }, { session })
          .lean();
  return {
    last: new Map(lasts.map(({ _id, last }) => [_id, last])),
    taken: new Set(taken.map(({ recordId, recordVersion }) => `${recordVersion} ${recordId}`)),
  };
}

function takeVersion(
  { last, taken }: Versions,
  { recordId, recordVersion, changeKey }: ReportedChange,
): number {
  const latest = last.get(recordId) ?? 0;
  const version = recordVersion ?? latest + 1;
  const place = `${version} ${recordId}`;
  if (taken.has(place)) {
    const detail = `Version ${version} of the record ${recordId} was reported by another change than ${changeKey}.`;
    throw new ConflictError(detail);
  }
  taken.add(place);
  last.set(recordId, Math.max(latest, version));
  return version;
}
