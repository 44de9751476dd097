import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { EVENT_ATTRIBUTE, RECORD_ATTRIBUTE, TABLE_ATTRIBUTE } from '../domain/search-attributes.ts';
import { shorten } from '../domain/shorten.ts';
import type { StartableChange } from '../services/context.ts';
import type { SharedStart, Workflows } from '../services/workflows.ts';
import type { recordChange, recordChanges, wake } from '../../workflows/index.ts';
import type { wakeAgain, wakeDelivery } from '../../workflows/messages.ts';
import { wakeWorkflowId } from './names.ts';

/** No call to Temporal may take longer; what fails is taken up by the relay or the reconciler. */
const DEADLINE_MS = 5_000;
/** Of table name and record id, so that a summary stays within Temporal's 400 bytes. */
const MAX_LENGTH = 50;

export interface WorkflowsOptions {
  client: Client;
  taskQueue: string;
  /** Whether a worker of this process shares the client's connection. */
  eager: boolean;
}

/** The one door to workflows: what the API and the worker start, wake and look up. */
export interface WorkflowDoor extends Workflows {
  wakeWebhook(webhookId: string): Promise<void>;
}

/** Opens the door. Every call rejects after 5 s without an answer. */
export function openWorkflows({ client, taskQueue, eager }: WorkflowsOptions): WorkflowDoor {
  const bounded = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + DEADLINE_MS, call);
  return {
    start: (change) =>
      bounded(async () => {
        try {
          const handle = await client.workflow.start<typeof recordChange>('recordChange', {
            ...toStartOptions(change),
            taskQueue,
            ...(eager && { requestEagerStart: true }),
          });
          return { started: true, eager: handle.eagerlyStarted };
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return { started: false, eager: false };
          throw error;
        }
      }),
    startShared: (shared) =>
      bounded(async () => {
        const handle = await client.workflow.start<typeof recordChanges>('recordChanges', {
          ...toSharedStartOptions(shared),
          taskQueue,
          ...(eager && { requestEagerStart: true }),
        });
        return handle.eagerlyStarted;
      }),
    isRunning: (workflowId) =>
      bounded(async () => {
        const description = await client.workflow.getHandle(workflowId).describe().catch(nullWhenNotFound);
        return description?.status.name === 'RUNNING';
      }),
    wakeDelivery: (workflowId, deliveryId) =>
      bounded(async () => {
        const signal: typeof wakeDelivery.name = 'wakeDelivery';
        await client.workflow.getHandle(workflowId).signal(signal, deliveryId).catch(nullWhenNotFound);
      }),
    wakeWebhook: (webhookId) =>
      bounded(async () => {
        const signal: typeof wakeAgain.name = 'wakeAgain';
        await client.workflow.signalWithStart<typeof wake>('wake', {
          workflowId: wakeWorkflowId(webhookId),
          taskQueue,
          args: [{ webhookId }],
          signal,
          staticSummary: 'Lets held deliveries go',
        });
      }),
  };
}

function toStartOptions(change: StartableChange) {
  const { id, workflowId, tableName, recordId, type } = change;
  return {
    workflowId,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    args: [{ changeId: id }] as [{ changeId: string }],
    staticSummary: `${type} · ${shorten(tableName, MAX_LENGTH)} · ${shorten(recordId, MAX_LENGTH)}`,
    typedSearchAttributes: toSearchAttributes([change]),
  };
}

function toSharedStartOptions({ workflowId, changes }: SharedStart) {
  const tables = [...new Set(changes.map(({ tableName }) => tableName))];
  return {
    workflowId,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    args: [{ changeIds: changes.map(({ id }) => id) }] as [{ changeIds: string[] }],
    staticSummary: `${changes.length} record changes · ${shorten(tables.join(', '), 2 * MAX_LENGTH)}`,
    typedSearchAttributes: toSearchAttributes(changes),
  };
}

function toSearchAttributes(changes: readonly StartableChange[]): TypedSearchAttributes {
  const list = (name: string, values: string[]) => ({
    key: { name, type: SearchAttributeType.KEYWORD_LIST },
    value: [...new Set(values)],
  });
  return new TypedSearchAttributes([
    list(
      TABLE_ATTRIBUTE.name,
      changes.map(({ tableId }) => tableId),
    ),
    list(
      RECORD_ATTRIBUTE.name,
      changes.map(({ recordId }) => recordId),
    ),
    list(
      EVENT_ATTRIBUTE.name,
      changes.map(({ type }) => type),
    ),
  ]);
}

function nullWhenNotFound(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
