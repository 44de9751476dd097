import { lookAfter } from '../services/deliveries/look-after.ts';
import type { ServiceContext, Waker } from '../services/context.ts';
import type { Workflows } from '../services/workflows.ts';

/** A webhook's line is told at most this often that it has something to do. */
const PAUSE_MS = 1_000;

export interface WakerOptions {
  services: Pick<ServiceContext, 'models'>;
  workflows: Workflows;
  onError: (what: string, error: unknown) => void;
}

/** Opens the way to tell workflows that something changed. What fails is logged; the reconciler sees to it. */
export function openWaker({ services, workflows, onError }: WakerOptions): Waker {
  const resting = new Map<string, { again: boolean }>();
  const wake = (webhookId: string) => {
    const rest = resting.get(webhookId);
    if (rest) {
      rest.again = true;
      return;
    }
    const fresh = { again: false };
    resting.set(webhookId, fresh);
    workflows.wakeWebhook(webhookId).catch((error: unknown) => onError('wake', error));
    setTimeout(() => {
      resting.delete(webhookId);
      // Whoever asked meanwhile may have come after the line was looked at.
      if (fresh.again) wake(webhookId);
    }, PAUSE_MS).unref();
  };
  return {
    wake,
    lookAfter: async (deliveries) => {
      try {
        await lookAfter({ models: services.models, workflows }, deliveries);
      } catch (error) {
        onError('telling workflows', error);
      }
    },
    startReplay: (replayId) => {
      workflows.startReplay(replayId).catch((error: unknown) => onError('start of a replay', error));
    },
  };
}
