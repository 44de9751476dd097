import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { lookAfter } from './look-after.ts';

type WakeContext = Pick<ServiceContext, 'models'> & { workflows: Workflows };

/**
 * Wakes the oldest deliveries that wait for a turn at their webhook's endpoint, at most `limit` and none of `except`, and
 * answers which. One that was planned in a shared workflow gets its own now, as does one whose workflow is gone.
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
    .limit(limit)
    .lean();
  await lookAfter(context, next);
  return next.map(({ _id }) => _id);
}
