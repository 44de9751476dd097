import type { Table, UpdateTableInput } from '../../contracts/table.ts';
import { toTable } from '../../models/table.ts';
import { requireChangeable } from '../access.ts';
import { refitWebhooks, tellRefit } from '../webhooks/refit.ts';
import type { RequestContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { checkFieldEdits, toFields } from './fields.ts';
import { findTable } from './find.ts';

/**
 * Renames a table or replaces its list of fields; the latter is a new schema version. Webhooks that ask for a field that is
 * gone need attention from then on. ConflictError for Tablehook's own.
 */
export async function updateTable(
  context: RequestContext,
  { tableId, ...input }: UpdateTableInput & { tableId: string },
): Promise<Table> {
  const updated = await runTransaction(context.models, async (session) => {
    const table = await findTable(context, tableId, session);
    requireChangeable(table);
    if (input.fields) checkFieldEdits(table.fields, input.fields);
    const next = {
      ...table,
      name: input.name ?? table.name,
      ...(input.fields && {
        fields: toFields(context, input.fields),
        schemaVersion: table.schemaVersion + 1,
      }),
      updatedAt: context.clock(),
    };
    const { name, fields, schemaVersion, updatedAt } = next;
    await context.models.tables.updateOne(
      { _id: tableId },
      { $set: { name, fields, schemaVersion, updatedAt } },
      { session },
    );
    const refit = input.fields
      ? await refitWebhooks(context, session, { before: table.fields, table: next })
      : [];
    return { table: toTable(next), refit };
  });
  await tellRefit(context, updated.refit);
  return updated.table;
}
