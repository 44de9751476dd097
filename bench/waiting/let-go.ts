import { nowMs } from '../clock.ts';
import { waitUntil } from '../sleep.ts';
import { timeCall } from './answers.ts';
import { probeNow } from './probe.ts';
import type { Stage } from './stage.ts';
import { isWell, readWebhookState } from './webhook-state.ts';

/** Probes come every 5 minutes at the least often. */
const NOTICE_TIMEOUT_MS = 400_000;

/**
 * Ends what holds the deliveries. Answers how long that took, in milliseconds: until resume was answered, or until the
 * endpoint, which answers again, was noticed.
 */
export async function letGo(stage: Stage): Promise<number> {
  const { plan, sink, signal } = stage;
  if (plan.heldBy === 'paused') return timeCall(stage, 'resume');
  await sink.open();
  if (plan.backBy === 'resume') return timeCall(stage, 'resume');
  const openedAt = nowMs();
  if (plan.backBy === 'probe') await probeNow(stage);
  await waitUntil(async () => isWell(await readWebhookState(stage)), {
    what: 'noticing that the endpoint answers',
    timeoutMs: NOTICE_TIMEOUT_MS,
    signal,
  });
  return nowMs() - openedAt;
}
