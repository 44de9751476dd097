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
  attemptCount: number;
}

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

/** The newest, or oldest, of the webhook's deliveries that have a workflow of their own. */
export async function findOwnWorkflows(
  { db, webhookId }: Stage,
  limit: number,
  from: 'oldest' | 'newest' = 'newest',
): Promise<{ deliveryId: string; workflowId: string }[]> {
  const docs = await db
    .collection<DeliveryDoc>('deliveries')
    .find({ webhookId, state: 'waiting', workflowId: { $regex: /^chg_/ } })
    .sort({ _id: from === 'newest' ? -1 : 1 })
    .limit(limit)
    .toArray();
  return docs.map(({ _id, workflowId }) => ({ deliveryId: _id, workflowId }));
}

/** How many deliveries the webhook has, whatever became of them. */
export async function countDeliveries({ db, webhookId }: Stage): Promise<number> {
  return db.collection<DeliveryDoc>('deliveries').countDocuments({ webhookId });
}

/** How many of the webhook's deliveries were ever attempted. */
export async function countAttempted({ db, webhookId }: Stage): Promise<number> {
  return db.collection<DeliveryDoc>('deliveries').countDocuments({ webhookId, attemptCount: { $gt: 0 } });
}
