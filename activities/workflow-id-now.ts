import { activityInfo } from '@temporalio/activity';

/** The workflow that the running activity belongs to. Throws outside of one. */
export function workflowIdNow(): string {
  const { workflowExecution } = activityInfo();
  if (!workflowExecution) throw new Error('this activity belongs to no workflow');
  return workflowExecution.workflowId;
}
