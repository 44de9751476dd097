import { allHandlersFinished, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import type { WakeInput } from '../src/contracts/workflow.ts';
import { wakeAgain } from './messages.ts';
import { wakeSteps } from './proxies.ts';

const STEPS_PER_RUN = 200;

/** Lets the held deliveries of a webhook ask for admission again, oldest first; asked again meanwhile, it begins anew. */
export async function wake({ webhookId, after }: WakeInput): Promise<void> {
  let again = false;
  setHandler(wakeAgain, () => {
    again = true;
  });
  let cursor = after ?? null;
  for (let step = 0; step < STEPS_PER_RUN; step += 1) {
    // A pass answers whatever asked before it began, the signal that started this workflow too.
    if (cursor === null) again = false;
    const input = cursor === null ? { webhookId } : { webhookId, after: cursor };
    const { next } = await wakeSteps().wakeBatch(input);
    cursor = next;
    if (cursor === null) {
      await condition(allHandlersFinished);
      if (!again) return;
    }
  }
  // Asked again meanwhile: from the oldest, since what is behind the cursor may have become held again.
  await continueAsNew<typeof wake>(cursor === null || again ? { webhookId } : { webhookId, after: cursor });
}
