import type { ChangeDoc, ChangeSummary } from '../../models/change.ts';
import type { StartableChange } from '../context.ts';

/** The workflow that looks after a change: its own id until another was chosen. */
export function workflowIdOf({ _id, workflowId }: Pick<ChangeDoc, '_id' | 'workflowId'>): string {
  return workflowId ?? _id;
}

const SHARED = 'shared/';

/** The id of a workflow that changes share, from a unique one. */
export function toSharedId(id: string): string {
  return `${SHARED}${id}`;
}

/** Whether changes share this workflow, which then ends with their first attempts. */
export function isShared(workflowId: string): boolean {
  return workflowId.startsWith(SHARED);
}

const WAKE = 'wake/';

/** The id of the workflow that looks after a webhook's line. */
export function toWakeId(webhookId: string): string {
  return `${WAKE}${webhookId}`;
}

/** Whether this workflow looks after one change alone, until all its deliveries are settled. */
export function hasOwnWorkflow(workflowId: string): boolean {
  return !isShared(workflowId) && !workflowId.startsWith(WAKE);
}

/** What starting a workflow for a stored change needs. */
export function toStartable(doc: ChangeSummary): StartableChange {
  const { _id, tableId, tableName, recordId, type } = doc;
  const promised = doc.workflowId !== null;
  return { id: _id, workflowId: workflowIdOf(doc), promised, tableId, tableName, recordId, type };
}
