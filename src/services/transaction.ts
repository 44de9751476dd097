import type { ClientSession } from 'mongoose';
import { mongo } from 'mongoose';
import { AppError, UnavailableError, UnprocessableError } from '../errors.ts';
import type { Models } from '../models/models.ts';
import type { RequestContext } from './context.ts';

const DEADLINE_MS = 5_000;
const IDEMPOTENCY_TTL_MS = 24 * 3_600_000;
const WRITE_CONFLICT = 112;
const DUPLICATE_KEY = 11_000;

/**
 * Runs `work` in one MongoDB transaction, again when it loses a race, for at most 5 s. Throws UnavailableError (503) when
 * MongoDB did not answer in that time; whether the transaction committed is then unknown.
 */
export async function runTransaction<T>(
  models: Models,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = await unavailableOnNetworkError(() => models.connection.startSession());
  try {
    return await unavailableOnNetworkError(() =>
      session.withTransaction(() => work(session), {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', journal: true },
        timeoutMS: DEADLINE_MS,
      }),
    );
  } finally {
    await session.endSession();
  }
}

/** Turns the driver's "no server", "timed out" and "connection lost" into UnavailableError. */
export async function unavailableOnNetworkError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || !isUnavailable(error)) throw error;
    throw new UnavailableError(
      'The database did not answer in time. The write may or may not have happened.',
      error,
    );
  }
}

/** Whether the driver says "no server", "timed out" or "connection lost". */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    (error instanceof mongo.MongoError &&
      (error.hasErrorLabel('RetryableWriteError') ||
        error.hasErrorLabel('TransientTransactionError') ||
        error.hasErrorLabel('UnknownTransactionCommitResult')))
  );
}

/** Whether a unique index refused the write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Runs a creating write once per Idempotency-Key. The answer is stored in the transaction it guards, sealed; the same
 * key with the same request answers it again. Another request under the key is 422, one still in progress 409.
 */
export async function runOnce<T>(
  context: RequestContext,
  work: (session: ClientSession) => Promise<T>,
): Promise<{ response: T; replayed: boolean }> {
  const { idempotency, models } = context;
  if (!idempotency) return { response: await runTransaction(models, work), replayed: false };
  const stored = await readStored<T>(context);
  if (stored) return stored;
  try {
    const response = await runTransaction(models, async (session) => {
      const result = await work(session);
      await store(context, result, session);
      return result;
    });
    return { response, replayed: false };
  } catch (error) {
    const winner = isDuplicateKey(error) ? await readStored<T>(context) : null;
    if (winner) return winner;
    throw error;
  }
}

async function readStored<T>(context: RequestContext): Promise<{ response: T; replayed: true } | null> {
  const { models, secretBox, idempotency } = context;
  const id = storedId(context);
  const doc = await unavailableOnNetworkError(() => models.idempotencyKeys.findOne({ _id: id }).lean());
  if (!doc) return null;
  if (doc.requestHash !== idempotency?.requestHash) {
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used with another request.');
  }
  // Written by `store` below from a value of the same verb, so the shape is the verb's own.
  return { response: JSON.parse(secretBox.open(doc.response, id)) as T, replayed: true };
}

async function store(context: RequestContext, response: unknown, session: ClientSession): Promise<void> {
  const { models, secretBox, idempotency, clock } = context;
  if (!idempotency) throw new UnprocessableError('There is no Idempotency-Key to store under.');
  const id = storedId(context);
  const doc = {
    _id: id,
    requestHash: idempotency.requestHash,
    response: secretBox.seal(JSON.stringify(response), id),
    expiresAt: new Date(clock().getTime() + IDEMPOTENCY_TTL_MS),
  };
  try {
    await models.idempotencyKeys.insertMany([doc], { session, lean: true });
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === WRITE_CONFLICT) {
      throw new AppError('idempotency_in_progress', 'A request with this Idempotency-Key is in progress.', {
        retryAfterSeconds: 1,
      });
    }
    throw error;
  }
}

function storedId({ actor, idempotency }: RequestContext): string {
  return `${actor.apiKeyId}:${idempotency?.key ?? ''}`;
}
