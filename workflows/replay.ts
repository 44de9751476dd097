import {
  CancellationScope,
  continueAsNew,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplayInput } from '../src/contracts/workflow.ts';
import { describeReplay } from './describe-line.ts';
import { noteTable } from './note-attributes.ts';
import { replaySteps } from './proxies.ts';

const MAX_HISTORY = 2_000;

/**
 * Puts what a replay selects in its webhook's line, batch by batch, at the replay's rate. Completes with how far it came.
 * Its progress is in MongoDB: another run goes on where this one was.
 */
export async function replay({ replayId }: ReplayInput): Promise<string> {
  // A cancel request is no way to end a replay; the API's cancel is.
  return CancellationScope.nonCancellable(async () => {
    let isListed = false;
    for (;;) {
      const step = await replaySteps().replayStep({ replayId });
      const { summary, webhook, next } = step;
      if (webhook && !isListed) noteTable(webhook.tableId);
      isListed = true;
      setCurrentDetails(describeReplay({ replayId }, step));
      if (next.kind === 'done') return summary;
      if (next.afterMs > 0) await sleep(next.afterMs, { summary: 'until the next batch' });
      if (workflowInfo().historyLength > MAX_HISTORY) await continueAsNew<typeof replay>({ replayId });
    }
  });
}
