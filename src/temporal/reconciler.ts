import type { ReconcileContext, ReconcileResult } from '../services/deliveries/reconcile.ts';
import { reconcileDeliveries } from '../services/deliveries/reconcile.ts';
import type { ReconcileLinesContext } from '../services/line/reconcile.ts';
import { reconcileLines } from '../services/line/reconcile.ts';
import { ensureReplays } from '../services/replays/reconcile.ts';
import { Alarm } from './alarm.ts';

/** Deliveries, and lines, in one round. */
const LIMIT = 100;

export interface ReconcilerOptions {
  context: ReconcileContext & ReconcileLinesContext;
  everyMs: number;
  onRepaired: (result: ReconcileResult) => void;
  onError: (error: unknown) => void;
}

/** Reconciles open deliveries, and the lines of webhooks, with their workflows, round after round. Returns how to stop it. */
export function startReconciler(options: ReconcilerOptions): { stop: () => Promise<void> } {
  const alarm = new Alarm();
  let after: string | null = null;
  const round = async () => {
    const result = await reconcileDeliveries(options.context, LIMIT);
    const lines = await reconcileLines(options.context, { after, limit: LIMIT });
    after = lines.next;
    await ensureReplays(options.context);
    const woken = result.woken + lines.woken;
    if (result.rerun > 0 || woken > 0) options.onRepaired({ ...result, woken });
  };
  const run = (async () => {
    while (!alarm.stopped) {
      await alarm.wait(options.everyMs);
      if (alarm.stopped) return;
      await round().catch(options.onError);
    }
  })();
  return {
    stop: async () => {
      alarm.stop();
      await run;
    },
  };
}
