import { activityInfo, cancellationSignal } from '@temporalio/activity';

/** The workflow that the running activity belongs to, and what says that it does not wait for it any more. Throws outside of one. */
export function workflowNow(): { workflowId: string; signal: AbortSignal } {
  const { workflowExecution } = activityInfo();
  if (!workflowExecution) throw new Error('this activity belongs to no workflow');
  return { workflowId: workflowExecution.workflowId, signal: cancellationSignal() };
}
