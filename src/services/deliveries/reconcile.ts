import type { ChangeSummary } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import type { DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import { rerunChange } from '../changes/rerun.ts';
import { ownWorkflowIdOf, startOwn } from '../changes/start-own.ts';
import { toWakeId, workflowIdOf } from '../changes/startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { hasEarlier } from './next-of-record.ts';

/** How long an open delivery is left alone before somebody makes sure that a workflow looks after it. */
export const VERIFY_AFTER_MS = 60_000;

/** An attempt that is due is begun within this time, unless its workflow sleeps. */
const OVERDUE_MS = 5_000;

export type ReconcileContext = Pick<ServiceContext, 'models' | 'clock'> & { workflows: Workflows };

/** What one round of reconciling found. */
export interface ReconcileResult {
  verified: number;
  rerun: number;
  woken: number;
}

/**
 * Looks at open deliveries that are due for it, at most `limit`. One whose workflow does not run (terminated by hand,
 * lost with a restored Temporal) gets its change run again; one whose workflow sleeps though it could be attempted is woken.
 * What waits in its webhook's line is not among them. Several reconcilers share the work: whoever moves `verifyAt` has it.
 */
export async function reconcileDeliveries(
  context: ReconcileContext,
  limit: number,
): Promise<ReconcileResult> {
  const { models, clock } = context;
  const due = await models.deliveries
    .find({ open: true, verifyAt: { $type: 'date', $lte: clock() } }, { changeId: 1 })
    .sort({ verifyAt: 1 })
    .limit(limit)
    .lean();
  const result: ReconcileResult = { verified: 0, rerun: 0, woken: 0 };
  for (const changeId of new Set(due.map((delivery) => delivery.changeId))) {
    const found = await verifyChange(context, changeId);
    if (!found) continue;
    result.verified += 1;
    if (found === 'rerun') result.rerun += 1;
    else result.woken += found.woken;
  }
  return result;
}

async function verifyChange(
  context: ReconcileContext,
  changeId: string,
): Promise<'rerun' | { woken: number } | null> {
  const { models, clock, workflows } = context;
  const now = clock();
  const { modifiedCount } = await models.deliveries.updateMany(
    { changeId, open: true, verifyAt: { $type: 'date', $lte: now } },
    { $set: { verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS) } },
  );
  if (modifiedCount === 0) return null;
  const change = await models.changes.findOne({ _id: changeId }, CHANGE_SUMMARY).lean();
  if (!change) return null;
  if (await workflows.isRunning(workflowIdOf(change))) return wakeOverdue(context, change);
  const left = await findUnattended(context, changeId);
  return left.length > 0 && (await runAgain(context, change, left)) ? 'rerun' : null;
}

/**
 * The change's workflow may have ended just now, because everything is settled; and what waits, in line or for an earlier
 * change, needs none until it is woken.
 */
async function findUnattended({ models }: ReconcileContext, changeId: string): Promise<DeliverySummary[]> {
  const left = await models.deliveries
    .find({ changeId, open: true, verifyAt: { $type: 'date' } }, DELIVERY_SUMMARY)
    .lean();
  const unattended: DeliverySummary[] = [];
  for (const delivery of left) {
    const waits = delivery.waitReason === 'earlier-change' && (await hasEarlier({ models }, delivery));
    if (!waits) unattended.push(delivery);
  }
  return unattended;
}

/** Unless its workflow is only about to be started: then by that one. The change's workflow is done with what a replay put in line. */
async function runAgain(
  context: ReconcileContext,
  change: ChangeSummary,
  left: readonly DeliverySummary[],
): Promise<boolean> {
  if (!left.some((delivery) => isPutInLine(delivery))) {
    if (await startOwn(context, change)) return true;
    if (await context.workflows.isRunning(ownWorkflowIdOf(change))) return false;
  }
  return rerunChange(context, change);
}

function isPutInLine({ workflowId, webhookId }: DeliverySummary): boolean {
  return workflowId === toWakeId(webhookId);
}

/**
 * Wakes deliveries that could be attempted, yet are not: their wake-up was lost, or whoever attempted them died. The
 * change's workflow was done with those that a replay has put in line since: for them, the change is run again.
 */
async function wakeOverdue(
  context: ReconcileContext,
  change: ChangeSummary,
): Promise<'rerun' | { woken: number } | null> {
  const freed = await findOverdue(context, change._id);
  if (freed.some((delivery) => isPutInLine(delivery))) {
    return (await rerunChange(context, change)) ? 'rerun' : null;
  }
  for (const { _id } of freed) await context.workflows.wakeDelivery(workflowIdOf(change), _id);
  return { woken: freed.length };
}

async function findOverdue(
  { models, clock }: ReconcileContext,
  changeId: string,
): Promise<DeliverySummary[]> {
  const overdue = { $lte: new Date(clock().getTime() - OVERDUE_MS) };
  const asleep = await models.deliveries
    .find(
      {
        changeId,
        open: true,
        $or: [
          { state: 'waiting', waitReason: 'earlier-change' },
          { state: 'retrying', claim: null, nextAttemptAt: overdue },
          { 'claim.until': overdue },
        ],
      },
      DELIVERY_SUMMARY,
    )
    .lean();
  const freed: DeliverySummary[] = [];
  for (const delivery of asleep) {
    if (delivery.state !== 'waiting' || !(await hasEarlier({ models }, delivery))) freed.push(delivery);
  }
  return freed;
}
