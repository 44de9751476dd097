import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { deliveriesQueue } from './names.ts';

export interface WorkerOptionsInput {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  /** Prebuilt, so that every process runs the code that was tested. */
  workflowBundle: { codePath: string } | { code: string };
  activities: Activities;
  graceMs: number;
}

/** The worker of the workflows, with the first attempts as local activities. */
export function workflowWorkerOptions(input: WorkerOptionsInput): WorkerOptions {
  return {
    ...common(input),
    taskQueue: input.taskQueue,
    workflowBundle: input.workflowBundle,
    activities: input.activities,
    // Local activities hold their workflow task, so many tasks must fit, and never more than are cached.
    maxConcurrentWorkflowTaskExecutions: 200,
    maxCachedWorkflows: 500,
    maxConcurrentLocalActivityExecutions: 400,
    workflowThreadPoolSize: 2,
  };
}

/** The worker of durable attempts. */
export function deliveryWorkerOptions(input: WorkerOptionsInput): WorkerOptions {
  return {
    ...common(input),
    taskQueue: deliveriesQueue(input.taskQueue),
    activities: input.activities,
    maxConcurrentActivityTaskExecutions: 200,
  };
}

function common({ connection, namespace, graceMs }: WorkerOptionsInput) {
  return {
    connection,
    namespace,
    // Calls in flight may end by themselves (their limit is below the grace); what is left is cut off.
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 10_000,
  };
}
