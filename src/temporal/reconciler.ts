import { tellOutlived, type OutlivedContext } from '../services/changes/outlived.ts';
import type { EventTeller } from '../services/context.ts';
import type { ReconcileContext, ReconcileResult } from '../services/deliveries/reconcile.ts';
import { reconcileDeliveries } from '../services/deliveries/reconcile.ts';
import { tellLeftUntold } from '../services/events/untold.ts';
import type { ReconcileLinesContext } from '../services/line/reconcile.ts';
import { reconcileLines } from '../services/line/reconcile.ts';
import { ensureReplays } from '../services/replays/reconcile.ts';
import { Alarm } from './alarm.ts';

/** Deliveries, and lines, in one round. */
const LIMIT = 100;
/** Between two walks over the workflows that run. */
const WALK_EVERY_MS = 2 * 60_000;
/** After so many walks, those that were told and still run are told again. */
const WALKS_PER_TELLING = 30;

/** What a round repaired, by what was wrong. */
export interface Repaired extends Pick<ReconcileResult, 'rerun' | 'woken'> {
  /** Workflows that ran on although all was settled. */
  ended: number;
  /** Operational events whose teller had died. */
  told: number;
}

export interface ReconcilerOptions {
  context: ReconcileContext & ReconcileLinesContext & OutlivedContext & { events: EventTeller };
  everyMs: number;
  onRepaired: (repaired: Repaired) => void;
  onError: (error: unknown) => void;
}

/**
 * Reconciles what MongoDB says is owed with the workflows that run, round after round: open deliveries, the lines of
 * webhooks, replays, events that nobody told, and workflows that outlived their deliveries. Returns how to stop it.
 */
export function startReconciler(options: ReconcilerOptions): { stop: () => Promise<void> } {
  const { context } = options;
  const alarm = new Alarm();
  const walk = openWalk(context);
  let after: string | null = null;
  const steps: ((repaired: Repaired) => Promise<void>)[] = [
    async (repaired) => {
      const { rerun, woken } = await reconcileDeliveries(context, LIMIT);
      repaired.rerun += rerun;
      repaired.woken += woken;
    },
    async (repaired) => {
      const { woken, next } = await reconcileLines(context, { after, limit: LIMIT });
      after = next;
      repaired.woken += woken;
    },
    async () => void (await ensureReplays(context)),
    async (repaired) => {
      repaired.told += await tellLeftUntold(context);
    },
    async (repaired) => {
      repaired.ended += await walk();
    },
  ];
  const round = async () => {
    const repaired: Repaired = { rerun: 0, woken: 0, ended: 0, told: 0 };
    // None waits for another to succeed.
    for (const step of steps) await step(repaired).catch(options.onError);
    if (Object.values(repaired).some((count) => count > 0)) options.onRepaired(repaired);
  };
  const run = (async () => {
    while (!alarm.stopped) {
      await alarm.wait(options.everyMs);
      if (alarm.stopped) return;
      await round();
    }
  })();
  return {
    stop: async () => {
      alarm.stop();
      await run;
    },
  };
}

/** A step of the walk over running workflows, which begins anew some minutes after it came to its end or failed. */
function openWalk(context: OutlivedContext): () => Promise<number> {
  let walk: AsyncGenerator<number> | null = null;
  let restUntil = 0;
  let walks = 0;
  const told = new Set<string>();
  return async () => {
    const now = context.clock().getTime();
    if (now < restUntil) return 0;
    walk ??= tellOutlived(context, { told });
    try {
      const step = await walk.next();
      if (step.done !== true) return step.value;
    } catch (error) {
      walk = null;
      throw error;
    }
    walk = null;
    restUntil = now + WALK_EVERY_MS;
    walks += 1;
    if (walks % WALKS_PER_TELLING === 0) told.clear();
    return 0;
  };
}
