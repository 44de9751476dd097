import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { WakeInput } from '../src/contracts/workflow.ts';
import { wakeAgain } from './messages.ts';
import { wakeSteps } from './proxies.ts';

const MAX_EVENTS = 1_000;
/** Steps answer with an outcome per delivery. Temporal ends a history of 50 MB, and clients read at most 4 MB at once. */
const MAX_BYTES = 1_000_000;
/** Sleeping longer than this is done in pieces: a wake-up may be lost to a fault nobody thought of. */
const MAX_SLEEP_MS = 3_600_000;

/**
 * Looks after the line of a webhook, the deliveries that are held back: lets them go as the webhook allows, probes an
 * endpoint that fails, and ends when there is nothing to do. All it knows is in MongoDB; a signal says that it changed.
 */
export async function wake({ webhookId, after }: WakeInput): Promise<void> {
  // A cancel request is no way to leave deliveries behind that are owed.
  return CancellationScope.nonCancellable(async () => {
    let again = false;
    setHandler(wakeAgain, () => {
      again = true;
    });
    let cursor = after;
    while (workflowInfo().historyLength < MAX_EVENTS && workflowInfo().historySize < MAX_BYTES) {
      // A step answers whatever asked before it began, the signal that started this workflow too.
      again = false;
      const input = cursor === undefined ? { webhookId } : { webhookId, after: cursor };
      const { summary, next } = await wakeSteps().wakeStep(input);
      setCurrentDetails(summary);
      cursor = next.kind === 'again' ? next.after : undefined;
      if (next.kind === 'wait') await condition(() => again, sleepMs(next.at));
      if (next.kind === 'done') {
        await condition(allHandlersFinished);
        if (!again) return;
      }
    }
    await continueAsNew<typeof wake>(cursor === undefined ? { webhookId } : { webhookId, after: cursor });
  });
}

function sleepMs(at: string): number {
  return Math.min(MAX_SLEEP_MS, Math.max(1, Date.parse(at) - Date.now()));
}
