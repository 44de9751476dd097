import { sleep, waitUntil } from '../sleep.ts';
import type { Stage } from './stage.ts';
import { isWell, readWebhookState } from './webhook-state.ts';

const PROBE_TIMEOUT_MS = 120_000;
const SETTLE_MS = 20;

/**
 * Has the endpoint probed now instead of when it is due: moves that time into the past, and has the webhook's line look, as
 * its timer would. Resolves when what came of the probe is known.
 */
export async function probeNow(stage: Stage): Promise<void> {
  const { db, temporal, webhookId, signal } = stage;
  const { probes } = await readWebhookState(stage);
  await db
    .collection<{ _id: string }>('webhooks')
    .updateOne({ _id: webhookId }, { $set: { 'health.probeAt': new Date(Date.now() - 1_000) } });
  await temporal.workflow.getHandle(`wake/${webhookId}`).signal('wakeAgain');
  await waitUntil(
    async () => {
      const now = await readWebhookState(stage);
      return now.probes > probes || isWell(now);
    },
    { what: 'a probe', timeoutMs: PROBE_TIMEOUT_MS, everyMs: SETTLE_MS, signal },
  );
}

/** Makes so many probes one after the other. */
export async function probeOften(stage: Stage, times: number): Promise<void> {
  for (let made = 0; made < times; made += 1) {
    await probeNow(stage);
    await sleep(SETTLE_MS, stage.signal);
  }
}
