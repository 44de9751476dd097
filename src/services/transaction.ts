import type { ClientSession } from 'mongoose';
import { mongo } from 'mongoose';
import { AppError, UnavailableError } from '../errors.ts';
import type { Models } from '../models/models.ts';

const DEADLINE_MS = 5_000;
const DUPLICATE_KEY = 11_000;
/** A server that starts, stops, steps down or waits for its majority (retryable codes of MongoDB's driver specifications). */
const UNAVAILABLE_CODES = new Set<unknown>([
  6, 7, 50, 64, 89, 91, 134, 189, 251, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

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
      session.withTransaction(async () => work(session).catch(throwUnwrapped), {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', journal: true },
        timeoutMS: DEADLINE_MS,
      }),
    );
  } finally {
    await session.endSession();
  }
}

/** What a bulk write wraps carries the labels that say whether a transaction may begin anew; the wrapper does not. */
function throwUnwrapped(error: unknown): never {
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof mongo.MongoError) {
    throw error.errorResponse;
  }
  throw error;
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
  // A bulk write wraps what the network threw, and leaves its labels behind.
  if (error instanceof mongo.MongoBulkWriteError && isUnavailable(error.errorResponse)) return true;
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    (error instanceof mongo.MongoServerError && UNAVAILABLE_CODES.has(error.code)) ||
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
