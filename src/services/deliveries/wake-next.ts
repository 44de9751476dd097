import type { ServiceContext, Waker } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { lookAfter } from './look-after.ts';

type WakeContext = Pick<ServiceContext, 'models'> & { workflows: Workflows; waker: Pick<Waker, 'wake'> };

/** Beyond so many it costs too much to give each a workflow of its own. */
const MOST_WORKFLOWS = 100;

/**
 * Wakes the oldest deliveries that wait for a turn at their webhook's endpoint, at most `limit` and none of `except`, and
 * answers which. One that was planned in a shared workflow gets its own now, as does one whose workflow is gone. Where many
 * wait, the webhook's line lets them go, and the answer is none.
 */
export async function wakeNext(
  context: WakeContext,
  webhookId: string,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const waiting = { webhookId, state: 'waiting' as const, waitReason: 'endpoint-busy' as const };
  const most = MOST_WORKFLOWS + 1;
  if ((await context.models.deliveries.countDocuments(waiting, { limit: most })) === most) {
    context.waker.wake(webhookId);
    return [];
  }
  const next = await context.models.deliveries
    .find({ ...waiting, _id: { $nin: [...except] } }, { changeId: 1, workflowId: 1, open: 1 })
    .sort({ changeId: 1 })
    .limit(limit)
    .lean();
  await lookAfter(context, next);
  return next.map(({ _id }) => _id);
}
