import { NotFoundError } from '../../errors.ts';
import { commitWrite } from '../changes/commit.ts';
import { readKnownChanges } from '../changes/known.ts';
import type { WriteTransaction } from '../changes/write-group.ts';
import type { EventTeller, OperationalEvent, ServiceContext, WriteContext } from '../context.ts';
import { isDuplicateKey } from '../transaction.ts';
import { forgetTold } from './untold.ts';
import { ensureSystemTable, EVENTS_TABLE_ID, toEventValues } from './system-table.ts';

const MAX_TRIES = 5;
/** Events per transaction, far below what its time limit allows. */
const MAX_TOGETHER = 100;

const SYSTEM = {
  actor: { apiKeyId: 'tablehook', name: 'tablehook', scopes: [], tables: null },
  requestId: 'tablehook',
  hops: 0,
  idempotency: null,
} as const;

/**
 * Opens where a process tells operational events: each becomes a record of the system table, through the same door as any
 * write, and its mark of being untold is taken away. The same `eventKey` twice is one record, so whoever got an error tells
 * again.
 */
export function openEventTeller(
  services: ServiceContext & Pick<WriteContext, 'commits' | 'starter'>,
): EventTeller {
  const context: WriteContext = { ...services, ...SYSTEM };
  return {
    tell: async (events) => {
      // What happens to those who listen to events is not told: nobody could ever hear the last of it.
      const told = events.filter(({ tableId }) => tableId !== EVENTS_TABLE_ID);
      for (let start = 0; start < told.length; start += MAX_TOGETHER) {
        await writeEvents(context, told.slice(start, start + MAX_TOGETHER));
      }
      await forgetTold(services.models, events);
    },
  };
}

/** A teller for whoever need not wait: what it cannot tell it leaves, with its mark, to the reconciler. */
export function tellOrLeave(teller: EventTeller, onError: (error: unknown) => void): EventTeller {
  return { tell: async (events) => teller.tell(events).catch(onError) };
}

async function writeEvents(system: WriteContext, events: readonly OperationalEvent[]): Promise<void> {
  const context = { ...system, hops: Math.max(...events.map(({ hops }) => hops)) };
  for (let tries = 1; ; tries += 1) {
    try {
      return await commitWrite({
        context,
        tableId: EVENTS_TABLE_ID,
        kind: 'system',
        changeCount: events.length,
        fire: true,
        recordIds: [],
        apply: async (tx) => addEvents(context, tx, events),
      });
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
      if (error instanceof NotFoundError) await ensureSystemTable(context.models, context.clock);
      // Somebody told the same event at the same time: the next try finds it.
      else if (!isDuplicateKey(error)) throw error;
    }
  }
}

async function addEvents(
  { models, newId }: WriteContext,
  tx: WriteTransaction,
  events: readonly OperationalEvent[],
): Promise<void> {
  const byKey = new Map(events.map((event) => [event.eventKey, event]));
  const known = await readKnownChanges(models, tx, [...byKey.keys()]);
  for (const [changeKey, event] of byKey) {
    if (known.has(changeKey)) continue;
    const recordId = newId('rec');
    const values = toEventValues(event);
    tx.putRecord({
      _id: recordId,
      tableId: EVENTS_TABLE_ID,
      version: 1,
      values,
      createdAt: tx.now,
      updatedAt: tx.now,
      deletedAt: null,
    });
    tx.addChange({
      type: 'record.created',
      recordId,
      recordVersion: 1,
      previous: null,
      record: values,
      operatorId: undefined,
      changeKey,
      at: event.at,
    });
  }
}
