import type { mongo } from 'mongoose';
import { each } from '../../models/each.ts';
import type { Models } from '../../models/models.ts';
import type { SecretBox } from '../context.ts';
import type { SealedCollection, SealedValue } from './sealed-values.ts';
import { sealedCollections } from './sealed-values.ts';

const BATCH = 50;
const MAX_PASSES = 10;
const MAX_EXAMPLES = 5;

/** What came of a collection. `overtaken` were changed meanwhile by others, ten times in a row. */
export interface ReEncrypted {
  collection: string;
  /** Sealed anew, or, in a dry run, to be. */
  documents: number;
  overtaken: number;
  /** Texts that do not open: how many, and where the first of them are, never what they hold. */
  unopened: number;
  examples: UnopenedText[];
}

export interface UnopenedText {
  id: string;
  path: string;
  reason: string;
}

export interface ReEncryptContext {
  models: Models;
  secretBox: SecretBox;
}

/**
 * Seals with the first key whatever another one sealed. Each document is one update that holds only while its sealed texts
 * are those that were read, so an edit meanwhile wins, and is looked at again. May be interrupted, repeated, and run while
 * API and workers do: nothing but the seal changes.
 */
export async function reEncrypt(
  context: ReEncryptContext,
  { dryRun }: { dryRun: boolean },
): Promise<ReEncrypted[]> {
  const done: ReEncrypted[] = [];
  for (const collection of sealedCollections(context.models)) {
    let walked = await walk(context, { collection, dryRun });
    let { documents } = walked;
    for (let pass = 2; walked.overtaken > 0 && pass <= MAX_PASSES; pass += 1) {
      walked = await walk(context, { collection, dryRun });
      documents += walked.documents;
    }
    done.push({ ...walked, documents });
  }
  return done;
}

interface WalkInput {
  collection: SealedCollection;
  dryRun: boolean;
}

async function walk(context: ReEncryptContext, { collection, dryRun }: WalkInput): Promise<ReEncrypted> {
  const { model, fields, where } = collection;
  const walked: ReEncrypted = {
    collection: collection.name,
    documents: 0,
    overtaken: 0,
    unopened: 0,
    examples: [],
  };
  let batch: Resealed[] = [];
  const flush = async () => {
    const stored = dryRun ? batch.length : await store(collection, batch);
    walked.documents += stored;
    walked.overtaken += batch.length - stored;
    batch = [];
  };
  const [sealingId] = context.secretBox.keyIds;
  const stale = where({ $not: new RegExp(`^${sealingId}\\.`) });
  const found = model.find(stale, Object.fromEntries(fields.map((field) => [field, 1])));
  for await (const doc of each(found.lean().batchSize(BATCH))) {
    const resealed = reseal(context.secretBox, { id: doc._id, values: collection.valuesOf(doc) });
    walked.unopened += resealed.unopened.length;
    walked.examples.push(...resealed.unopened.slice(0, MAX_EXAMPLES - walked.examples.length));
    if (resealed.moves.length > 0) batch.push(resealed);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return walked;
}

interface Resealed {
  id: string;
  moves: { path: string; from: string; to: string }[];
  unopened: UnopenedText[];
}

function reseal(box: SecretBox, { id, values }: { id: string; values: SealedValue[] }): Resealed {
  const resealed: Resealed = { id, moves: [], unopened: [] };
  for (const { path, sealed, purpose } of values) {
    if (sealed.startsWith(`${box.keyIds[0]}.`)) continue;
    try {
      resealed.moves.push({ path, from: sealed, to: box.seal(box.open(sealed, purpose), purpose) });
    } catch (error) {
      resealed.unopened.push({ id, path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return resealed;
}

/** Answers how many documents were still as they were read. */
async function store({ model }: SealedCollection, batch: readonly Resealed[]): Promise<number> {
  if (batch.length === 0) return 0;
  const updates = batch.map(({ id, moves }): mongo.AnyBulkWriteOperation => {
    const filter: object = { _id: id, ...Object.fromEntries(moves.map(({ path, from }) => [path, from])) };
    const edits = Object.fromEntries(moves.map(({ path, to }) => [path, to]));
    return { updateOne: { filter, update: { $set: edits } } };
  });
  return (await model.collection.bulkWrite(updates, { ordered: false })).modifiedCount;
}
