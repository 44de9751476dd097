import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

/** Replays looked at in one round. */
const LIMIT = 100;

/**
 * Starts the workflow of every replay that is to go on and has none: its start was lost, or somebody terminated it. It goes
 * on where it was. Answers how many were started. Rejects when Temporal cannot be reached.
 */
export async function ensureReplays({
  models,
  workflows,
}: Pick<ServiceContext, 'models'> & { workflows: Workflows }): Promise<number> {
  const running = await models.replays
    .find({ state: 'running' }, { workflowId: 1 })
    .sort({ _id: 1 })
    .limit(LIMIT)
    .lean();
  let started = 0;
  for (const { _id, workflowId } of running) {
    if (await workflows.isRunning(workflowId)) continue;
    await workflows.startReplay(_id);
    started += 1;
  }
  return started;
}
