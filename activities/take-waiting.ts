import type { WebhookDoc } from '../src/models/webhook.ts';
import { lookAfter } from '../src/services/deliveries/look-after.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import { cancelUndone } from '../src/services/deliveries/undone.ts';
import type { WaitingDelivery } from '../src/models/delivery.ts';
import { findWaiting } from '../src/services/line/find-waiting.ts';
import type { ActivityDeps } from './deps.ts';
import { followUp } from './follow-up.ts';

/** The oldest deliveries in a webhook's line. Those on the way to them whose edits undid each other are settled. */
export async function takeWaiting(
  deps: ActivityDeps,
  webhook: WebhookDoc,
  limit: number,
): Promise<WaitingDelivery[]> {
  for (;;) {
    const found = await findWaiting(deps.services, webhook, limit);
    const undone = found.filter(({ merged }) => merged?.undone);
    if (undone.length === 0) return found;
    await settleUndone(deps, undone);
    const left = found.filter((delivery) => !undone.includes(delivery));
    if (left.length > 0) return left;
  }
}

/** Their workflows are told first: should this worker die in between, they settle their deliveries themselves. */
async function settleUndone(deps: ActivityDeps, undone: readonly WaitingDelivery[]): Promise<void> {
  const { services, workflows } = deps;
  const ending = undone.map((delivery) => ({ ...delivery, open: false }));
  await lookAfter({ models: services.models, workflows }, ending);
  const ids = undone.map(({ _id }) => _id);
  for (const delivery of await cancelUndone(services, ids)) {
    await followUp(deps, delivery, toSettled(delivery));
  }
}
