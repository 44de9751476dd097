import type { DeliverySummary } from '../src/models/delivery.ts';
import type { PlannedChange } from '../src/services/deliveries/plan.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import type { ActivityDeps } from './deps.ts';
import { followUp } from './follow-up.ts';

/**
 * What follows from deliveries that a plan settled since their webhook's template failed: what waited behind them may go,
 * the failure is told, and the workflow of one that waited for edits hears of it. Idempotent; throws when it cannot tell.
 */
export async function tellUnsendable(deps: ActivityDeps, planned: readonly PlannedChange[]): Promise<void> {
  const unsendable = new Map<string, DeliverySummary>();
  for (const delivery of planned.flatMap((plan) => plan.unsendable)) unsendable.set(delivery._id, delivery);
  if (unsendable.size === 0) return;
  const planning = new Set(planned.map(({ change }) => change._id));
  const elsewhere = [...unsendable.values()].filter(({ changeId }) => !planning.has(changeId));
  await deps.waker.lookAfter(elsewhere);
  for (const delivery of unsendable.values()) await followUp(deps, delivery, toSettled(delivery));
}
