import type { Client } from '@temporalio/client';
import {
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { RecordChangeInput, RecordChangesInput, WebhookTestInput } from '../contracts/workflow.ts';
import type { Outcome } from '../domain/search-attributes.ts';
import {
  EVENT_ATTRIBUTE,
  OUTCOME_ATTRIBUTE,
  RECORD_ATTRIBUTE,
  TABLE_ATTRIBUTE,
} from '../domain/search-attributes.ts';
import { shorten } from '../domain/shorten.ts';
import { toWakeId } from '../services/changes/startable.ts';
import type { RunTestInput, StartableChange } from '../services/context.ts';
import { toReplayWorkflowId } from '../services/replays/workflow-id.ts';
import type { SharedStart, Workflows } from '../services/workflows.ts';
import { awaitTest } from './await-test.ts';
import type { recordChange, recordChanges, replay, testWebhook, wake } from '../../workflows/index.ts';
import type { wakeAgain, wakeDelivery } from '../../workflows/messages.ts';

/** No call to Temporal may take longer; what fails is taken up by the relay or the reconciler. */
const DEADLINE_MS = 5_000;
const INVALID_ARGUMENT = 3;
/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOW_QUEUE = 1;
/** A step takes about 2 s at most; what a dead worker had in hand is another's after this time (Temporal's default: 10 s). */
const TASK_TIMEOUT_MS = 5_000;
/** Of table name and record id, so that a summary stays within Temporal's 400 bytes. */
const MAX_LENGTH = 50;
/** Set with the start, where it costs no event: a change that needs no more than its first attempts keeps it. */
const AT_START: Outcome = 'first-attempt';

export interface WorkflowsOptions {
  client: Client;
  taskQueue: string;
  /** Whether a worker of this process shares the client's connection. */
  eager: boolean;
  /** Temporal refused a start for its search attributes or summary; it was started without them. */
  onRefusedWords: (error: unknown) => void;
}

/** Opens the one door to workflows: what the API and the worker start, wake and look up. Every call rejects after 5 s without an answer. */
export function openWorkflows(options: WorkflowsOptions): Workflows {
  const { client, taskQueue, eager } = options;
  const bounded = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + DEADLINE_MS, call);
  const start = async ({ words, ...bare }: ToStart) => {
    const common = {
      ...bare,
      taskQueue,
      workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
      workflowTaskTimeout: TASK_TIMEOUT_MS,
      ...(eager && { requestEagerStart: true }),
    };
    try {
      return await client.workflow.start(bare.workflowType, { ...common, ...words });
    } catch (error) {
      if (!isRefused(error)) throw error;
      // What a workflow says of itself must never keep it from running.
      options.onRefusedWords(error);
      return client.workflow.start(bare.workflowType, common);
    }
  };
  return {
    start: (change) =>
      bounded(async () => {
        try {
          return { started: true, eager: (await start(toStart(change))).eagerlyStarted };
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return { started: false, eager: false };
          throw error;
        }
      }),
    startShared: (shared) => bounded(async () => (await start(toSharedStart(shared))).eagerlyStarted),
    isRunning: (workflowId) =>
      bounded(async () => {
        const description = await client.workflow.getHandle(workflowId).describe().catch(nullWhenNotFound);
        return description?.status.name === 'RUNNING';
      }),
    runningChanges: async function* (startedBefore) {
      const type: typeof recordChange.name = 'recordChange';
      const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}' AND StartTime < '${startedBefore.toISOString()}'`;
      const found = client.workflow.list({ query })[Symbol.asyncIterator]();
      for (;;) {
        const next = await bounded(async () => found.next());
        if (next.done === true) return;
        yield next.value.workflowId;
      }
    },
    countWorkers: () => bounded(async () => countPollers(options)),
    wakeDelivery: (workflowId, deliveryId) =>
      bounded(async () => {
        const signal: typeof wakeDelivery.name = 'wakeDelivery';
        const handle = client.workflow.getHandle(workflowId);
        const sent = handle.signal(signal, deliveryId).then(() => true);
        return (await sent.catch(nullWhenNotFound)) ?? false;
      }),
    wakeWebhook: (webhookId) =>
      bounded(async () => {
        const signal: typeof wakeAgain.name = 'wakeAgain';
        await client.workflow.signalWithStart<typeof wake>('wake', {
          workflowId: toWakeId(webhookId),
          taskQueue,
          args: [{ webhookId }],
          signal,
          staticSummary: `The line of ${webhookId}: lets go what is held back, probes an endpoint that fails`,
        });
      }),
    runTest: async (test) => {
      const started = bounded(async () => start(toTestStart(test)));
      await awaitTest(client, { started, withinMs: test.withinMs });
    },
    startReplay: (replayId) =>
      bounded(async () => {
        try {
          await client.workflow.start<typeof replay>('replay', {
            workflowId: toReplayWorkflowId(replayId),
            taskQueue,
            args: [{ replayId }],
            // Its progress is in MongoDB, so one that was terminated may go on under the same id.
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            staticSummary: `The replay ${replayId}: puts deliveries in the line of their webhook`,
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
  };
}

/** A start: what it must say, and the words for people, which Temporal may refuse. */
interface ToStart {
  workflowType: string;
  workflowId: string;
  args: [RecordChangeInput | RecordChangesInput | WebhookTestInput];
  workflowExecutionTimeout?: number;
  words: { staticSummary: string; typedSearchAttributes?: TypedSearchAttributes };
}

function toStart(change: StartableChange): ToStart {
  const { id, workflowId, tableName, recordId, type } = change;
  const name: typeof recordChange.name = 'recordChange';
  return {
    workflowType: name,
    workflowId,
    args: [{ changeId: id }],
    words: {
      staticSummary: `${type} · ${shorten(tableName, MAX_LENGTH)} · ${shorten(recordId, MAX_LENGTH)}`,
      typedSearchAttributes: toSearchAttributes([change]),
    },
  };
}

function toSharedStart({ workflowId, changes }: SharedStart): ToStart {
  const tables = [...new Set(changes.map(({ tableName }) => tableName))].join(', ');
  const name: typeof recordChanges.name = 'recordChanges';
  return {
    workflowType: name,
    workflowId,
    args: [{ changeIds: changes.map(({ id }) => id) }],
    words: {
      staticSummary: `${changes.length} record changes · ${shorten(tables, 2 * MAX_LENGTH)}`,
      typedSearchAttributes: toSearchAttributes(changes),
    },
  };
}

function toTestStart({ testId, webhookName, host, withinMs }: RunTestInput): ToStart {
  const name: typeof testWebhook.name = 'testWebhook';
  return {
    workflowType: name,
    workflowId: `test/${testId}`,
    args: [{ testId }],
    // Nobody waits for it any longer.
    workflowExecutionTimeout: withinMs,
    words: { staticSummary: `Test of ${shorten(webhookName, MAX_LENGTH)} at ${shorten(host, MAX_LENGTH)}` },
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
    { key: { name: OUTCOME_ATTRIBUTE.name, type: SearchAttributeType.KEYWORD }, value: AT_START },
  ]);
}

/** A poll lasts a minute at most. Temporal names those of the last five. */
const POLLED_WITHIN_MS = 70_000;

async function countPollers({ client, taskQueue }: WorkflowsOptions): Promise<number> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_QUEUE,
  });
  const since = Date.now() - POLLED_WITHIN_MS;
  const asking = (pollers ?? []).filter(
    ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since,
  );
  return new Set(asking.map(({ identity }) => identity)).size;
}

/** gRPC's INVALID_ARGUMENT: trying the same again would be refused again. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !(error.cause instanceof Error)) return false;
  return 'code' in error.cause && error.cause.code === INVALID_ARGUMENT;
}

function nullWhenNotFound(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
