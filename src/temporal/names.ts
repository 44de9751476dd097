/** Task queue of the workflows. Durable attempts run on `<queue>-deliveries`. */
export const TASK_QUEUE = 'tablehook';

/** Task queue of durable attempts and of wakes. */
export function deliveriesQueue(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}

/** Workflow id of a webhook's wake. */
export function wakeWorkflowId(webhookId: string): string {
  return `wake/${webhookId}`;
}

/** Where a person looks at a workflow: the page of its latest run. */
export function workflowUrl(
  ui: { uiUrl: string | undefined; namespace: string },
  workflowId: string,
): string | null {
  if (ui.uiUrl === undefined) return null;
  return `${ui.uiUrl}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
