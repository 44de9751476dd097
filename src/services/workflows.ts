import type { StartableChange, TestRunner, WorkflowInspector } from './context.ts';

/** Changes that share a workflow. */
export interface SharedStart {
  workflowId: string;
  changes: StartableChange[];
}

/** The doors to Temporal that verbs of the worker use. All reject when Temporal cannot be reached. */
export interface Workflows extends TestRunner, WorkflowInspector {
  /** Ids of the workflows of single changes that run since before `startedBefore`, in no order; pages are fetched as they are needed. */
  runningChanges(startedBefore: Date): AsyncIterable<string>;
  /** Starts `recordChange`; `eager` tells that this process already works on it. */
  start(change: StartableChange): Promise<{ started: boolean; eager: boolean }>;
  /** Starts `recordChanges` for changes that waited together; answers whether this process already works on it. */
  startShared(shared: SharedStart): Promise<boolean>;
  /** Starts the workflow that looks after a webhook's line, or tells it that there is something to do. */
  wakeWebhook(webhookId: string): Promise<void>;
  /** Starts the workflow of a replay; one that runs already is left alone. */
  startReplay(replayId: string): Promise<void>;
  /** Tells a workflow that a held delivery may ask for admission again; false when it does not run. */
  wakeDelivery(workflowId: string, deliveryId: string): Promise<boolean>;
}
