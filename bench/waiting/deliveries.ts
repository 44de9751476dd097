import type { Stage } from './stage.ts';

/** Where the webhook's deliveries stand. */
export interface Standings {
  /** By state, and for waiting ones by why: `waiting: paused`. */
  counts: Record<string, number>;
  attempts: number;
}

interface DeliveryDoc {
  _id: string;
  webhookId: string;
  changeId: string;
  workflowId: string;
  state: string;
}

const DAY_MS = 86_400_000;

/** Counts the webhook's deliveries in MongoDB, not through the API that is measured. */
export async function readStandings({ db, webhookId }: Stage): Promise<Standings> {
  const groups = await db
    .collection<DeliveryDoc>('deliveries')
    .aggregate<{ _id: { state: string; waitReason: string | null }; count: number; attempts: number }>([
      { $match: { webhookId } },
      {
        $group: {
          _id: { state: '$state', waitReason: '$waitReason' },
          count: { $sum: 1 },
          attempts: { $sum: '$attemptCount' },
        },
      },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  const counts = Object.fromEntries(
    groups.map(({ _id: { state, waitReason }, count }) => [
      waitReason === null ? state : `${state}: ${waitReason}`,
      count,
    ]),
  );
  return { counts, attempts: groups.reduce((sum, { attempts }) => sum + attempts, 0) };
}

/** The newest of the webhook's deliveries that have a workflow of their own. */
export async function findOwnWorkflows(
  { db, webhookId }: Stage,
  limit: number,
): Promise<{ deliveryId: string; workflowId: string }[]> {
  const docs = await db
    .collection<DeliveryDoc>('deliveries')
    .find({ webhookId, state: 'waiting', workflowId: { $regex: /^chg_/ } })
    .sort({ _id: -1 })
    .limit(limit)
    .toArray();
  return docs.map(({ _id, workflowId }) => ({ deliveryId: _id, workflowId }));
}

/** Makes everything look as if it had waited for so many days longer. */
export async function shiftBack({ db, webhookId, plan: { days } }: Stage): Promise<void> {
  const ms = days * DAY_MS;
  const earlier = (field: string) => ({
    $cond: [{ $eq: [{ $type: `$${field}` }, 'date'] }, { $subtract: [`$${field}`, ms] }, `$${field}`],
  });
  const shift = (fields: string[]) => [
    { $set: Object.fromEntries(fields.map((field) => [field, earlier(field)])) },
  ];
  await db
    .collection<DeliveryDoc>('deliveries')
    .updateMany({ webhookId }, shift(['owedSince', 'waitingSince', 'createdAt']));
  await db
    .collection<{ _id: string }>('webhooks')
    .updateOne({ _id: webhookId }, shift(['paused.at', 'health.failingSince', 'health.lastFailureAt']));
}
