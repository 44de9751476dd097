import type { Stage } from './stage.ts';

/** Not a claim's: an attempt under way would look abandoned. */
const DELIVERY_TIMES = ['owedSince', 'waitingSince', 'createdAt', 'nextAttemptAt', 'verifyAt'];
const WEBHOOK_TIMES = [
  'createdAt',
  ...['health.failingSince', 'health.lastFailureAt', 'health.lastSuccessAt', 'health.probeAt'],
];

/** Makes everything look as if it had been so for so much longer: what was due later may be due now. */
export async function shiftBack({ db, webhookId }: Stage, ms: number): Promise<void> {
  await db
    .collection<{ webhookId: string }>('deliveries')
    .updateMany({ webhookId }, [{ $set: earlier(DELIVERY_TIMES, ms) }]);
  // A webhook that is not paused has no time of a pause, and is not to get a pause without anything else.
  const paused = {
    $cond: [isDate('paused.at'), { $mergeObjects: ['$paused', { at: ago('paused.at', ms) }] }, null],
  };
  await db
    .collection<{ _id: string }>('webhooks')
    .updateOne({ _id: webhookId }, [{ $set: { ...earlier(WEBHOOK_TIMES, ms), paused } }]);
}

function earlier(fields: readonly string[], ms: number) {
  return Object.fromEntries(
    fields.map((field) => [field, { $cond: [isDate(field), ago(field, ms), `$${field}`] }]),
  );
}

function isDate(field: string) {
  return { $eq: [{ $type: `$${field}` }, 'date'] };
}

function ago(field: string, ms: number) {
  return { $subtract: [`$${field}`, ms] };
}
