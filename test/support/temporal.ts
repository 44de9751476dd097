import type { WorkflowExecutionDescription } from '@temporalio/client';
import { Client, Connection, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { JSONPayload } from '@temporalio/common/lib/proto-utils.js';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { inject } from 'vitest';
import { until } from './until.ts';

/** A history as other Temporal tools write it; payloads in base64. */
export interface HistoryJson {
  events: HistoryEvent[];
}

export interface HistoryEvent {
  /** Such as `EVENT_TYPE_TIMER_STARTED`. */
  eventType: string;
  userMetadata?: { summary?: JSONPayload };
  [attributes: string]: unknown;
}

/** What a person sees of workflows in the Temporal UI, read back through a client. */
export interface TemporalView {
  client: Client;
  describe: (workflowId: string) => Promise<WorkflowExecutionDescription>;
  /** The current details, in markdown. Asks a worker, which must run. */
  currentDetails: (workflowId: string) => Promise<string>;
  history: (workflowId: string) => Promise<HistoryJson>;
  /** The description, once the workflow has ended. */
  ended: (workflowId: string) => Promise<WorkflowExecutionDescription>;
  /** Resolves when the history holds so many events of this type, such as `TIMER_STARTED`; one unless given. */
  whenEvent: (workflowId: string, type: string, count?: number) => Promise<void>;
  /** Its activities that wait for their next attempt, once there are so many; one unless given. */
  whenBackingOff: (workflowId: string, count?: number, timeoutMs?: number) => Promise<PendingActivity[]>;
  close: () => Promise<void>;
}

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Connects to the Temporal server of this run. */
export async function viewTemporal(): Promise<TemporalView> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection });
  const handle = (workflowId: string) => client.workflow.getHandle(workflowId);
  // A write is answered before its workflow is started.
  const started = async (workflowId: string) =>
    until(async () => handle(workflowId).describe().catch(nullWhenNotFound), {
      what: `a workflow ${workflowId}`,
    });
  const history = async (workflowId: string) => {
    await started(workflowId);
    // The format is the SDK's own; its type there is a string.
    return JSON.parse(historyToJSON(await handle(workflowId).fetchHistory())) as HistoryJson;
  };
  return {
    client,
    history,
    describe: started,
    currentDetails: async (workflowId) => {
      const query = '__temporal_workflow_metadata';
      const metadata = await handle(workflowId).query<{ currentDetails?: string }>(query);
      return metadata.currentDetails ?? '';
    },
    ended: async (workflowId) => {
      await started(workflowId);
      await handle(workflowId).result().catch(nullWhenFailed);
      return handle(workflowId).describe();
    },
    whenEvent: async (workflowId, type, count = 1) => {
      const holds = async () =>
        eventTypes(await history(workflowId)).filter((found) => found === type).length >= count;
      await until(holds, { what: `${type} of ${workflowId}` });
    },
    whenBackingOff: async (workflowId, count = 1, timeoutMs) => {
      const backingOff = async () => {
        const { raw } = await started(workflowId);
        const failed = raw.pendingActivities?.filter(({ lastFailure }) => lastFailure) ?? [];
        return failed.length >= count ? failed : null;
      };
      return until(backingOff, {
        what: `${count} activities of ${workflowId} that wait for their next attempt`,
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
    },
    close: async () => connection.close(),
  };
}

function nullWhenNotFound(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}

function nullWhenFailed(error: unknown): null {
  if (error instanceof WorkflowFailedError) return null;
  throw error;
}

/** The types of a history's events, in order, such as `TIMER_STARTED`. */
export function eventTypes({ events }: HistoryJson): string[] {
  return events.map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''));
}

/** Our search attributes of a workflow, by name. */
export function searchAttributesOf({
  typedSearchAttributes,
}: WorkflowExecutionDescription): Record<string, unknown> {
  const pairs = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const);
  return Object.fromEntries(pairs.filter(([name]) => name.startsWith('Tablehook')));
}

/** The summaries of a history's activities, local ones too, in order. */
export function activitySummaries(history: HistoryJson): unknown[] {
  return summariesOf(history, /ACTIVITY_TASK_SCHEDULED|MARKER_RECORDED/);
}

/** The summaries of a history's timers, in order. */
export function timerSummaries(history: HistoryJson): unknown[] {
  return summariesOf(history, /TIMER_STARTED/);
}

function summariesOf({ events }: HistoryJson, types: RegExp): unknown[] {
  return events
    .filter(({ eventType }) => types.test(eventType))
    .map(({ userMetadata }) => userMetadata?.summary?.data ?? null)
    .map((data) => data && JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
}

/** Everything in a text, the contents of payloads (base64) and of byte fields decoded beside it. */
export function decodedText(value: unknown): string {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === 'string') texts.push(node, Buffer.from(node, 'base64').toString('utf8'));
    else if (node instanceof Uint8Array) texts.push(Buffer.from(node).toString('utf8'));
    else if (node instanceof Map) visit(Object.fromEntries(node));
    else if (typeof node === 'object' && node !== null) {
      for (const [key, held] of Object.entries(node)) {
        texts.push(key);
        visit(held);
      }
    }
  };
  visit(value);
  return texts.join('\n');
}
