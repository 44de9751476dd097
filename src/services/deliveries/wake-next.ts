import type { ServiceContext, Waker } from '../context.ts';
import { hasOwnWorkflow } from '../changes/startable.ts';
import type { Workflows } from '../workflows.ts';
import { lookAfter } from './look-after.ts';

type WakeContext = Pick<ServiceContext, 'models'> & { workflows: Workflows; waker: Pick<Waker, 'wake'> };

/**
 * Wakes the deliveries that wait for a turn at their webhook's endpoint, none of `except`, and answers which, if they are at
 * most `limit`, and each has a workflow of its own. Otherwise its line lets them all go: beside many, the turns kept for
 * workflows that have yet to come would be most of what the endpoint gets.
 */
export async function wakeNext(
  context: WakeContext,
  webhookId: string,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const next = await context.models.deliveries
    .find(
      { webhookId, state: 'waiting', waitReason: 'endpoint-busy', _id: { $nin: [...except] } },
      { changeId: 1, workflowId: 1, open: 1 },
    )
    .sort({ changeId: 1 })
    .limit(limit + 1)
    .lean();
  if (next.length > limit || next.some(({ workflowId }) => !hasOwnWorkflow(workflowId))) {
    context.waker.wake(webhookId);
    return [];
  }
  await lookAfter(context, next);
  return next.map(({ _id }) => _id);
}
