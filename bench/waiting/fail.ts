import { nowMs } from '../clock.ts';
import { sleep, waitUntil } from '../sleep.ts';
import { countDeliveries, readStandings } from './deliveries.ts';
import type { Stage } from './stage.ts';
import { readWebhookState } from './webhook-state.ts';

/** How the circuit opened. */
export interface OpeningFigures {
  /** From the first write to the endpoint that is down. */
  seconds: number;
  /** Deliveries there were by then: no other can have failed, or have a workflow of its own for it. */
  planned: number;
}

const OPEN_TIMEOUT_MS = 120_000;
const HELD_TIMEOUT_MS = 600_000;

/** Waits until the circuit is open. */
export async function whenOpened(stage: Stage): Promise<OpeningFigures> {
  const startedAt = nowMs();
  await waitUntil(async () => (await readWebhookState(stage)).circuit === 'open', {
    what: 'the circuit to open',
    timeoutMs: OPEN_TIMEOUT_MS,
    signal: stage.signal,
  });
  return { seconds: (nowMs() - startedAt) / 1000, planned: await countDeliveries(stage) };
}

/**
 * Waits until none is being attempted: what failed before the circuit opened finds it open when it is due again, and
 * waits from then on. Gives up after some minutes without a change: what stands otherwise then is told, not thrown.
 */
export async function whenHeld(stage: Stage, owed: number): Promise<void> {
  const deadline = nowMs() + HELD_TIMEOUT_MS;
  for (;;) {
    const { paused } = await readWebhookState(stage);
    const { counts } = await readStandings(stage);
    if (counts[`waiting: ${paused === 'no' ? 'circuit-open' : 'paused'}`] === owed) return;
    if (nowMs() > deadline) return stage.say(`not all wait: ${JSON.stringify(counts)}`);
    await sleep(250, stage.signal);
  }
}
