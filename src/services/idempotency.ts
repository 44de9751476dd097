import type { ClientSession } from 'mongoose';
import { mongo } from 'mongoose';
import { AppError } from '../errors.ts';
import type { Models } from '../models/models.ts';
import type { WriteContext } from './context.ts';
import { sealPurpose } from './keys/seal-purpose.ts';
import { isDuplicateKey, runTransaction, unavailableOnNetworkError } from './transaction.ts';

const TTL_MS = 24 * 3_600_000;
const WRITE_CONFLICT = 112;

/** The answer of a request that carries an Idempotency-Key, to be stored with what it did. */
export interface GuardedResponse {
  context: WriteContext;
  response: unknown;
}

/**
 * Runs a creating write once per Idempotency-Key. The answer is stored in the transaction it guards, sealed; the same
 * key with the same request answers it again. Another request under the key is 422, one still in progress 409.
 */
export async function runOnce<T>(
  context: WriteContext,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  return answerOnce(context, async () =>
    runTransaction(context.models, async (session) => {
      const response = await work(session);
      if (context.idempotency) await storeResponses(context.models, [{ context, response }], session);
      return response;
    }),
  );
}

/** As `runOnce`, for work that stores its answer by itself, with `storeResponses`. */
export async function answerOnce<T>(context: WriteContext, work: () => Promise<T>): Promise<T> {
  if (!context.idempotency) return work();
  const stored = await readStored<T>(context);
  if (stored) return stored.response;
  try {
    return await work();
  } catch (error) {
    const winner = mayHaveLost(error) ? await readStored<T>(context) : null;
    if (winner) return winner.response;
    throw error;
  }
}

/** Whether the first request under the key may have committed meanwhile: a refusal may be of what that one has done. */
function mayHaveLost(error: unknown): boolean {
  return isDuplicateKey(error) || (error instanceof AppError && error.code !== 'unavailable');
}

/** Stores answers, sealed, inside the transaction they guard. Throws idempotency_in_progress when another one holds a key. */
export async function storeResponses(
  models: Models,
  guarded: readonly GuardedResponse[],
  session: ClientSession,
): Promise<void> {
  if (guarded.length === 0) return;
  const docs = guarded.map(({ context, response }) => {
    const { secretBox, idempotency, clock } = context;
    const id = storedId(context);
    return {
      _id: id,
      requestHash: idempotency?.requestHash ?? '',
      response: secretBox.seal(JSON.stringify(response), sealPurpose.answer(id)),
      expiresAt: new Date(clock().getTime() + TTL_MS),
    };
  });
  try {
    await models.idempotencyKeys.insertMany(docs, { session, lean: true });
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === WRITE_CONFLICT) {
      throw new AppError('idempotency_in_progress', 'A request with this Idempotency-Key is in progress.', {
        retryAfterSeconds: 1,
      });
    }
    throw error;
  }
}

async function readStored<T>(context: WriteContext): Promise<{ response: T } | null> {
  const { models, secretBox, idempotency } = context;
  const id = storedId(context);
  const doc = await unavailableOnNetworkError(() => models.idempotencyKeys.findOne({ _id: id }).lean());
  if (!doc) return null;
  if (doc.requestHash !== idempotency?.requestHash) {
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used with another request.');
  }
  // Written by `storeResponses` from a value of the same verb, so the shape is the verb's own.
  return { response: JSON.parse(secretBox.open(doc.response, sealPurpose.answer(id))) as T };
}

function storedId({ actor, idempotency }: WriteContext): string {
  return `${actor.apiKeyId}:${idempotency?.key ?? ''}`;
}
