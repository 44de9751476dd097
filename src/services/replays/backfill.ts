import type { ClientSession } from 'mongoose';
import { asCreated } from '../../domain/as-created.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { holdBackMs } from '../changes/hold-back.ts';
import { toWakeId } from '../changes/startable.ts';
import { toDeliveryDoc } from '../deliveries/to-delivery-doc.ts';
import { isUnsendable, toUnsendableEdits } from '../deliveries/unsendable.ts';
import { lowestIdAt } from '../id.ts';
import { toLineEdits } from './line-edits.ts';
import { MovedMeanwhile } from './moved-meanwhile.ts';
import type { ReplayBatch, Selection, SelectionContext, SelectionInput } from './selection.ts';

/** Pages looked at in one go for one that holds something. */
const MAX_PAGES = 20;
/** Changes read together. */
const CHUNK = 20;
/** Bytes of bodies that one transaction stores, about: records may be large. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A change that a webhook may not have heard of yet, and where the walk is with it. */
export interface Candidate {
  changeId: string;
  planned: boolean;
  cursor: string;
}

/** A part of the walk: those in it that the webhook has not heard of, and where it ends. */
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
  return {
    count: async () => {
      let count = 0;
      let page = await read(null);
      while (!page.isLast) {
        count += page.candidates.length;
        page = await read(page.cursor);
      }
      return count + page.candidates.length;
    },
    next: async (cursor, limit) => {
      let page = await read(cursor);
      for (let pages = 1; isPassedOver(page) && pages < MAX_PAGES; pages += 1) page = await read(page.cursor);
      const unplanned = page.candidates.findIndex(({ planned }) => !planned);
      const ready = unplanned === -1 ? page.candidates : page.candidates.slice(0, unplanned);
      const docs = await renderAll(context, { ...input, chosen: ready.slice(0, limit) });
      const batch = toBatch(context, { page, ready, docs, cursor });
      const open = stillOpen(context, input.replay);
      return open === null ? batch : stayBefore(batch, { open, cursor, isEmpty: docs.length === 0 });
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

function isPassedOver({ candidates, isLast }: WalkPage): boolean {
  return candidates.length === 0 && !isLast;
}

interface ToBatchInput {
  page: WalkPage;
  ready: Candidate[];
  docs: DeliveryDoc[];
  cursor: string | null;
}

function toBatch(context: SelectionContext, { page, ready, docs, cursor }: ToBatchInput): ReplayBatch {
  const isWhole = docs.length === page.candidates.length;
  return {
    cursor: isWhole ? page.cursor : (ready[docs.length - 1]?.cursor ?? cursor),
    isLast: isWhole && page.isLast,
    waits: docs.length === 0 && !isWhole,
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

/** The deliveries of those chosen, in order, as far as their bodies go into one transaction. */
async function renderAll(
  context: SelectionContext,
  { chosen, ...input }: RenderInput & { chosen: Candidate[] },
): Promise<DeliveryDoc[]> {
  const docs: DeliveryDoc[] = [];
  let bytes = 0;
  for (let index = 0; index < chosen.length; index += CHUNK) {
    const changeIds = chosen.slice(index, index + CHUNK).map(({ changeId }) => changeId);
    for (const change of await readInOrder(context, changeIds)) {
      const doc = toBackfillDoc(context, change, input);
      bytes += Buffer.byteLength(doc.body);
      if (docs.length > 0 && bytes > MAX_BYTES) return docs;
      docs.push(doc);
    }
  }
  return docs;
}

async function readInOrder({ models }: SelectionContext, changeIds: string[]): Promise<ChangeDoc[]> {
  const docs = await models.changes.find({ _id: { $in: changeIds }, expungedAt: null }).lean();
  const byId = new Map(docs.map((doc) => [doc._id, doc]));
  return changeIds.map((changeId) => {
    const doc = byId.get(changeId);
    if (!doc) throw new MovedMeanwhile(`the change ${changeId} was expunged, or has expired`);
    return doc;
  });
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
