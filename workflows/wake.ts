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
import { shorten } from '../src/domain/shorten.ts';
import { describeLine } from './describe-line.ts';
import { wakeAgain } from './messages.ts';
import { noteTable } from './note-attributes.ts';
import { wakeSteps } from './proxies.ts';

const MAX_EVENTS = 1_000;
/** Steps answer with an outcome per delivery. Temporal ends a history of 50 MB, and clients read at most 4 MB at once. */
const MAX_BYTES = 1_000_000;
/** Sleeping longer than this is done in pieces: a wake-up may be lost to a fault nobody thought of. */
const MAX_SLEEP_MS = 3_600_000;
/** Temporal takes 400 bytes. */
const MAX_SUMMARY = 300;

/**
 * Looks after the line of a webhook, the deliveries that are held back: lets them go as the webhook allows, probes an
 * endpoint that fails, and ends, saying what it did last, when there is nothing to do. All it knows is in MongoDB; a signal says that it changed.
 */
export async function wake({ webhookId, after }: WakeInput): Promise<string> {
  // A cancel request is no way to leave deliveries behind that are owed.
  return CancellationScope.nonCancellable(async () => {
    let again = false;
    const ask = () => {
      again = true;
    };
    setHandler(wakeAgain, ask, {
      description: 'The line may have something to do; sent by Tablehook itself',
    });
    let isListed = false;
    let cursor = after;
    while (workflowInfo().historyLength < MAX_EVENTS && workflowInfo().historySize < MAX_BYTES) {
      // A step answers whatever asked before it began, the signal that started this workflow too.
      again = false;
      const input = cursor === undefined ? { webhookId } : { webhookId, after: cursor };
      const step = await wakeSteps().wakeStep(input);
      const { webhook, summary, next } = step;
      if (webhook && !isListed) noteTable(webhook.tableId);
      isListed = true;
      setCurrentDetails(describeLine({ webhookId }, step));
      cursor = next.kind === 'again' ? next.after : undefined;
      if (next.kind === 'wait')
        await condition(() => again, sleepMs(next.at), { summary: shorten(summary, MAX_SUMMARY) });
      if (next.kind === 'done') {
        await condition(allHandlersFinished);
        if (!again) return summary;
      }
    }
    return continueAsNew<typeof wake>(cursor === undefined ? { webhookId } : { webhookId, after: cursor });
  });
}

function sleepMs(at: string): number {
  return Math.min(MAX_SLEEP_MS, Math.max(1, Date.parse(at) - Date.now()));
}
