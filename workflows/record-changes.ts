import { CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { RecordChangesInput, RecordChangesResult } from '../src/contracts/workflow.ts';
import { describeShared } from './describe-shared.ts';
import { noteOutcome } from './note-attributes.ts';
import { deliverShared, handOver } from './proxies.ts';

/**
 * Record changes that waited together: plans them, makes their first attempts, and gives every change that did not arrive
 * at once a workflow of its own. Completed means that each was delivered here or is looked after there.
 */
export async function recordChanges({ changeIds }: RecordChangesInput): Promise<RecordChangesResult> {
  return CancellationScope.nonCancellable(async () => {
    const attempted = await deliverShared(changeIds);
    const { changes, troubled, held } = attempted;
    setCurrentDetails(describeShared(attempted));
    // Of all others it is true what they were started with: they needed nothing but first attempts.
    if (held && held.length + troubled.length > 0) noteOutcome('handed-on');
    if (troubled.length > 0) await handOver(troubled);
    return { changes, handedOver: troubled };
  });
}
