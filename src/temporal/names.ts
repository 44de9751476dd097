import { RECORD_ATTRIBUTE } from '../domain/search-attributes.ts';

/** Task queue of the workflows. Durable attempts run on `<queue>-deliveries`. */
export const TASK_QUEUE = 'tablehook';

/** Task queue of durable attempts and of wakes. */
export function deliveriesQueue(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}

/** Where a person looks at a workflow: the page of its latest run. */
export function workflowUrl(
  ui: { uiUrl: string | undefined; namespace: string },
  workflowId: string,
): string | null {
  if (ui.uiUrl === undefined) return null;
  return `${ui.uiUrl}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

/** Where a person finds all workflows of a record: the list, filtered. */
export function recordWorkflowsUrl(
  ui: { uiUrl: string | undefined; namespace: string },
  recordId: string,
): string | null {
  if (ui.uiUrl === undefined) return null;
  const query = `${RECORD_ATTRIBUTE.name}="${recordId.replaceAll(/["\\]/g, '\\$&')}"`;
  return `${ui.uiUrl}/namespaces/${encodeURIComponent(ui.namespace)}/workflows?query=${encodeURIComponent(query)}`;
}
