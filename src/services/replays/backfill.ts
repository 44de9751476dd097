import type { ClientSession } from 'mongoose';
import { asCreated } from '../../domain/as-created.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { holdBackMs } from '../changes/hold-back.ts';
import { toWakeId } from '../changes/startable.ts';
import { walkWhole } from '../changes/walk-whole.ts';
import { toDeliveryDoc } from '../deliveries/to-delivery-doc.ts';
import { isUnsendable, toUnsendableEdits } from '../deliveries/unsendable.ts';
import { lowestIdAt } from '../id.ts';
import { openAskedFor } from './asked-for.ts';
import { toLineEdits } from './line-edits.ts';
import { MovedMeanwhile } from './moved-meanwhile.ts';
import type { ReplayBatch, Selection, SelectionContext, SelectionInput } from './selection.ts';
import { MAX_STEP_BYTES } from './selection.ts';

/** Pages looked at in one go for one that holds something. */
const MAX_PAGES = 20;
/** For how long one step looks at changes, about: it has a minute. */
const MAX_MS = 10_000;

/** A change that a webhook may not have heard of yet, and where the walk is with it. */
export interface Candidate {
  changeId: string;
  planned: boolean;
  cursor: string;
}

/** A part of the walk: those in it that the webhook has not heard of, and may ask for, and where it ends. */
export interface WalkPage {
  candidates: Candidate[];
  cursor: string | null;
  isLast: boolean;
}

export interface SelectUnheardInput extends SelectionInput {
  /** The part of the walk behind a cursor. */
  read: (cursor: string | null) => Promise<WalkPage>;
  /** Tells of the record that it is there, instead of the change. */
  created: boolean;
}

/** What a webhook never heard of, found by a walk. It waits before a change that is not planned yet: it may be heard still. */
export function selectUnheard(context: SelectionContext, { read, ...input }: SelectUnheardInput): Selection {
  const asks = openAskedFor(input);
  return {
    count: async () => {
      let count = 0;
      for (let cursor: string | null = null; ;) {
        const page = await read(cursor);
        count += asks === null ? page.candidates.length : await countAsked(context, page, asks);
        if (page.isLast) return count;
        cursor = page.cursor;
      }
    },
    next: async (cursor, limit) => {
      const until = context.clock().getTime() + MAX_MS;
      const take = async (from: string | null) =>
        takeFrom(context, { ...input, asks, page: await read(from), cursor: from, limit, until });
      let taken = await take(cursor);
      for (let pages = 1; isPassedOver(taken) && pages < MAX_PAGES; pages += 1) {
        if (context.clock().getTime() > until) break;
        taken = await take(taken.cursor);
      }
      const batch = toBatch(context, taken, cursor);
      const open = stillOpen(context, input.replay);
      return open === null ? batch : stayBefore(batch, { open, cursor, isEmpty: taken.docs.length === 0 });
    },
  };
}

/**
 * From which change on others may still be committed that a webhook is to be sent since it did not listen when they were
 * begun; null when all of them are there. Only what Tablehook sends by itself is so exact.
 */
function stillOpen({ models, clock }: SelectionContext, replay: SelectionInput['replay']): string | null {
  if ((replay.beforeRevision ?? null) === null) return null;
  const heldBack = holdBackMs(models);
  const since = replay.createdAt.getTime();
  return clock().getTime() < since + heldBack ? lowestIdAt('chg', new Date(since - heldBack)) : null;
}

/** The batch, with a cursor that passes nothing that may be committed yet: what it sent meanwhile is not selected again. */
function stayBefore(
  batch: ReplayBatch,
  { open, cursor, isEmpty }: { open: string; cursor: string | null; isEmpty: boolean },
): ReplayBatch {
  const next = batch.cursor === null || batch.cursor < open ? batch.cursor : open;
  return { ...batch, cursor: next, isLast: false, waits: batch.waits || (isEmpty && next === cursor) };
}

type AsksFor = ReturnType<typeof openAskedFor>;

async function countAsked(
  context: SelectionContext,
  { candidates }: WalkPage,
  asks: NonNullable<AsksFor>,
): Promise<number> {
  let count = 0;
  const changeIds = candidates.map(({ changeId }) => changeId);
  await walkWhole(context, changeIds, (changes) => {
    count += changes.filter((change) => asks(change)).length;
  });
  return count;
}

/** What was taken from a page: as much as goes into one transaction, and how far that is. */
interface Taken {
  docs: DeliveryDoc[];
  cursor: string | null;
  /** All of the page was looked at. */
  isWhole: boolean;
  isLast: boolean;
}

type TakeInput = RenderInput & {
  asks: AsksFor;
  page: WalkPage;
  cursor: string | null;
  limit: number;
  until: number;
};

async function takeFrom(context: SelectionContext, { page, cursor, ...input }: TakeInput): Promise<Taken> {
  const unplanned = page.candidates.findIndex(({ planned }) => !planned);
  const ready = unplanned === -1 ? page.candidates : page.candidates.slice(0, unplanned);
  const { docs, lookedAt } = await render(context, { ...input, ready });
  const isWhole = lookedAt === page.candidates.length;
  return {
    docs,
    cursor: isWhole ? page.cursor : (ready[lookedAt - 1]?.cursor ?? cursor),
    isWhole,
    isLast: isWhole && page.isLast,
  };
}

function isPassedOver({ docs, isWhole, isLast }: Taken): boolean {
  return docs.length === 0 && isWhole && !isLast;
}

function toBatch(
  context: SelectionContext,
  { docs, cursor, isLast }: Taken,
  before: string | null,
): ReplayBatch {
  return {
    cursor,
    isLast,
    waits: docs.length === 0 && !isLast && cursor === before,
    putInLine: async (session) => {
      if (docs.length > 0) await store(context, docs, session);
      return docs.filter(({ open }) => open).length;
    },
    unsendable: docs.filter(({ open }) => !open),
  };
}

/** Writes to the changes as well: what expunges or expires one at the same time meets the delivery, or is met by this. */
async function store(
  { models, clock }: SelectionContext,
  docs: DeliveryDoc[],
  session: ClientSession,
): Promise<void> {
  const { matchedCount } = await models.changes.updateMany(
    { _id: { $in: docs.map(({ changeId }) => changeId) }, expungedAt: null },
    { $set: { backfilledAt: clock() } },
    { session },
  );
  if (matchedCount !== docs.length) throw new MovedMeanwhile('a change was expunged, or has expired');
  await models.deliveries.insertMany(docs, { session, lean: true });
}

type RenderInput = Omit<SelectUnheardInput, 'read'>;

/** The deliveries of those the webhook asks for, in order, as far as they go into one step; and how many were looked at. */
async function render(
  context: SelectionContext,
  { ready, asks, limit, until, ...input }: Omit<TakeInput, 'page' | 'cursor'> & { ready: Candidate[] },
): Promise<{ docs: DeliveryDoc[]; lookedAt: number }> {
  const docs: DeliveryDoc[] = [];
  let lookedAt = 0;
  let bytes = 0;
  const changeIds = ready.map(({ changeId }) => changeId);
  await walkWhole(context, changeIds, (changes, ids) => {
    const left = changes.filter(({ expungedAt }) => (expungedAt ?? null) === null);
    if (left.length < ids.length) throw new MovedMeanwhile('a change was expunged, or has expired');
    for (const change of left) {
      if (asks === null || asks(change)) {
        if (docs.length === limit) return false;
        const doc = toBackfillDoc(context, change, input);
        bytes += Buffer.byteLength(doc.body);
        if (docs.length > 0 && bytes > MAX_STEP_BYTES) return false;
        docs.push(doc);
      }
      lookedAt += 1;
    }
    return context.clock().getTime() < until;
  });
  return { docs, lookedAt };
}

function toBackfillDoc(
  context: SelectionContext,
  change: ChangeDoc,
  { replay, webhook, created }: RenderInput,
): DeliveryDoc {
  const now = context.clock();
  const told: RenderableChange = created ? asCreated(toRenderable(change)) : toRenderable(change);
  const doc = toDeliveryDoc(context, { change, webhook, told, workflowId: toWakeId(webhook._id) });
  const edits = isUnsendable(doc) ? toUnsendableEdits(now) : toLineEdits(now);
  return { ...doc, owedSince: now, replay: true, replayId: replay._id, ...edits };
}
