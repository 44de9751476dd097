import { CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { RecordChangesInput, RecordChangesResult } from '../src/contracts/workflow.ts';
import { describeShared } from './describe.ts';
import { deliverShared, handOver } from './proxies.ts';

/**
 * Record changes that waited together: plans them, makes their first attempts, and gives every change that did not arrive
 * at once a workflow of its own. Completed means that each was delivered here or is looked after there.
 */
export async function recordChanges({ changeIds }: RecordChangesInput): Promise<RecordChangesResult> {
  return CancellationScope.nonCancellable(async () => {
    const { changes, troubled } = await deliverShared(changeIds);
    setCurrentDetails(describeShared(changes, troubled));
    if (troubled.length > 0) await handOver(troubled);
    return { changes, handedOver: troubled };
  });
}
