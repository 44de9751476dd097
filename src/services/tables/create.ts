import type { CreateTableInput, Table } from '../../contracts/table.ts';
import { InvalidRequestError } from '../../errors.ts';
import type { TableDoc } from '../../models/table.ts';
import { toTable } from '../../models/table.ts';
import { requireUnbound } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';
import { toFields } from './fields.ts';

/** Creates a table. A key bound to some tables cannot: it could not reach the new one. */
export async function createTable(context: RequestContext, input: CreateTableInput): Promise<Table> {
  requireUnbound(context.actor, 'create one');
  const ownIds = input.fields.flatMap(({ id }, index) => (id === undefined ? [] : [`fields.${index}.id`]));
  if (ownIds.length > 0) {
    throw new InvalidRequestError(
      'The fields of a new table have no ids yet.',
      ownIds.map((path) => ({ path, message: 'is given by the server' })),
    );
  }
  const now = context.clock();
  const doc: TableDoc = {
    _id: context.newId('tbl'),
    name: input.name,
    system: false,
    fields: toFields(context, input.fields),
    schemaVersion: 1,
    webhookCount: 0,
    orderedCount: 0,
    webhookRevision: 0,
    createdAt: now,
    updatedAt: now,
  };
  return runOnce(context, async (session) => {
    await context.models.tables.insertMany([doc], { session, lean: true });
    return toTable(doc);
  });
}
