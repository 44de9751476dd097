import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { rerunChange } from '../changes/rerun.ts';
import { workflowIdOf } from '../changes/startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

/** How long an open delivery is left alone before somebody makes sure that a workflow looks after it. */
export const VERIFY_AFTER_MS = 60_000;

export type ReconcileContext = Pick<ServiceContext, 'models' | 'clock'> & {
  workflows: Workflows;
  /** Deliveries wait for a turn at this webhook's endpoint: whoever was to call them up may be gone. */
  onLine: (webhookId: string) => void;
};

const IN_LINE: WaitReason = 'endpoint-busy';

/** What one round of reconciling found. */
export interface ReconcileResult {
  verified: number;
  rerun: number;
  woken: number;
}

/**
 * Looks at open deliveries that are due for it, at most `limit`. One whose workflow does not run (terminated by hand,
 * lost with a restored Temporal) gets its change run again; one still waiting though it would be admitted is woken. What
 * waits in line at a busy endpoint needs no workflow until it is called up.
 * Several reconcilers share the work: whoever moves `verifyAt` has it.
 */
export async function reconcileDeliveries(
  context: ReconcileContext,
  limit: number,
): Promise<ReconcileResult> {
  const { models, clock } = context;
  const due = await models.deliveries
    .find({ open: true, verifyAt: { $lte: clock() } }, { changeId: 1, webhookId: 1, waitReason: 1 })
    .sort({ verifyAt: 1 })
    .limit(limit)
    .lean();
  const result: ReconcileResult = { verified: 0, rerun: 0, woken: 0 };
  const inLine = due.filter(({ waitReason }) => waitReason === IN_LINE);
  for (const webhookId of new Set(inLine.map((delivery) => delivery.webhookId))) {
    await passOverLine(context, webhookId);
  }
  const others = due.filter(({ waitReason }) => waitReason !== IN_LINE);
  for (const changeId of new Set(others.map((delivery) => delivery.changeId))) {
    const found = await verifyChange(context, changeId);
    if (!found) continue;
    result.verified += 1;
    if (found === 'rerun') result.rerun += 1;
    else result.woken += found.woken;
  }
  return result;
}

async function passOverLine({ models, clock, onLine }: ReconcileContext, webhookId: string): Promise<void> {
  const now = clock();
  await models.deliveries.updateMany(
    { webhookId, state: 'waiting', waitReason: IN_LINE, verifyAt: { $lte: now } },
    { $set: { verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS) } },
  );
  onLine(webhookId);
}

async function verifyChange(
  context: ReconcileContext,
  changeId: string,
): Promise<'rerun' | { woken: number } | null> {
  const { models, clock, workflows } = context;
  const now = clock();
  const { modifiedCount } = await models.deliveries.updateMany(
    { changeId, open: true, verifyAt: { $lte: now } },
    { $set: { verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS) } },
  );
  if (modifiedCount === 0) return null;
  const change = await models.changes.findOne({ _id: changeId }).lean();
  if (!change) return null;
  if (await workflows.isRunning(workflowIdOf(change)))
    return { woken: await wakeAdmissible(context, change) };
  // It may have ended just now, because everything is settled.
  if (!(await models.deliveries.exists({ changeId, open: true, waitReason: { $ne: IN_LINE } }))) return null;
  return (await rerunChange(context, change)) ? 'rerun' : null;
}

/** Wakes deliveries that wait though admission would let them go: their wake-up was lost. */
async function wakeAdmissible({ models, workflows }: ReconcileContext, change: ChangeDoc): Promise<number> {
  const waiting = await models.deliveries
    .find({ changeId: change._id, state: 'waiting', waitReason: { $ne: IN_LINE } }, { webhookId: 1 })
    .lean();
  if (waiting.length === 0) return 0;
  const webhookIds = waiting.map(({ webhookId }) => webhookId);
  const webhooks = await models.webhooks.find({ _id: { $in: webhookIds } }, { enabled: 1 }).lean();
  const byId = new Map(webhooks.map((webhook) => [webhook._id, webhook]));
  const admissible = waiting.filter(
    ({ webhookId }) => admit(byId.get(webhookId) ?? null, () => true).kind !== 'hold',
  );
  for (const { _id } of admissible) await workflows.wakeDelivery(workflowIdOf(change), _id);
  return admissible.length;
}
