import type { ReconcileContext, ReconcileResult } from '../services/deliveries/reconcile.ts';
import { reconcileDeliveries } from '../services/deliveries/reconcile.ts';
import { Alarm } from './alarm.ts';

const LIMIT = 100;

export interface ReconcilerOptions {
  context: ReconcileContext;
  everyMs: number;
  onRepaired: (result: ReconcileResult) => void;
  onError: (error: unknown) => void;
}

/** Reconciles open deliveries with their workflows, round after round. Returns how to stop it. */
export function startReconciler(options: ReconcilerOptions): { stop: () => Promise<void> } {
  const alarm = new Alarm();
  const run = (async () => {
    while (!alarm.stopped) {
      await alarm.wait(options.everyMs);
      if (alarm.stopped) return;
      try {
        const result = await reconcileDeliveries(options.context, LIMIT);
        if (result.rerun > 0 || result.woken > 0) options.onRepaired(result);
      } catch (error) {
        options.onError(error);
      }
    }
  })();
  return {
    stop: async () => {
      alarm.stop();
      await run;
    },
  };
}
