import type { WorkflowExecutionInfo } from '@temporalio/client';
import { waitUntil } from '../sleep.ts';
import type { Stage } from './stage.ts';

export interface WorkflowFootprint {
  started: number;
  open: number;
  byType: Record<string, { started: number; open: number }>;
  /** Of all together; extrapolated where more are open than are looked at. */
  events: number;
  bytes: number;
  largest: { workflowId: string; events: number; bytes: number } | null;
  /** How many of the open ones were looked at. */
  described: number;
}

/** What is read of a workflow, from the list or from its description. */
type Workflow = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'status' | 'startTime' | 'historyLength' | 'historySize'
>;

/** Runs of one workflow, oldest first. */
export interface RunFigures {
  runs: number;
  open: number;
  events: number[];
  bytes: number[];
}

const MAX_LISTED = 20_000;
const MAX_DESCRIBED = 500;
/** Changes that failed are handed over one by one, each to a workflow of its own. */
const SETTLE_MS = 120_000;

/** Waits until nothing runs but what sleeps: visibility lags, and shared workflows end just after their last write. */
export async function whenSharedEnded({ temporal, signal }: Stage): Promise<void> {
  const query = 'ExecutionStatus = "Running" AND WorkflowType = "recordChanges"';
  await waitUntil(async () => (await temporal.workflow.count(query)).count === 0, {
    what: 'the end of shared workflows',
    timeoutMs: SETTLE_MS,
    everyMs: 250,
    signal,
  });
}

/** Counts the workflows there are, and what their histories hold. Closed ones say so in the list; open ones are asked. */
export async function readFootprint(stage: Stage, query?: string): Promise<WorkflowFootprint> {
  const all = await list(stage, query);
  const open = all.filter(({ status }) => status.name === 'RUNNING');
  const step = Math.max(1, open.length / MAX_DESCRIBED);
  const sample = Array.from(
    { length: Math.min(open.length, MAX_DESCRIBED) },
    (_, n) => open[Math.floor(n * step)],
  );
  const described = await describeAll(stage, sample);
  const closed = all.filter(({ status }) => status.name !== 'RUNNING');
  const scale = described.length === 0 ? 0 : open.length / described.length;
  const sum = (of: (info: Workflow) => number) =>
    closed.reduce((total, info) => total + of(info), 0) +
    Math.round(scale * described.reduce((total, info) => total + of(info), 0));
  const largest = [...closed, ...described].toSorted((a, b) => b.historyLength - a.historyLength)[0];
  return {
    started: all.length,
    open: open.length,
    byType: countByType(all),
    events: sum(({ historyLength }) => historyLength),
    bytes: sum(({ historySize = 0 }) => historySize),
    largest: largest
      ? { workflowId: largest.workflowId, events: largest.historyLength, bytes: largest.historySize ?? 0 }
      : null,
    described: described.length,
  };
}

/** The runs of the workflow that looks after the webhook's line, those that continued as new one by one. */
export async function readWakeRuns(stage: Stage): Promise<RunFigures> {
  const listed = await list(stage, `WorkflowId = "wake/${stage.webhookId}"`);
  const runs = await describeAll(stage, listed);
  const inOrder = runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
  return {
    runs: inOrder.length,
    open: inOrder.filter(({ status }) => status.name === 'RUNNING').length,
    events: inOrder.map(({ historyLength }) => historyLength),
    bytes: inOrder.map(({ historySize = 0 }) => historySize),
  };
}

/** Waits until the workflow of the webhook's line has nothing to do. */
export async function whenLineEnded({ temporal, webhookId, signal }: Stage): Promise<void> {
  const query = `WorkflowId = "wake/${webhookId}" AND ExecutionStatus = "Running"`;
  await waitUntil(async () => (await temporal.workflow.count(query)).count === 0, {
    what: 'the end of the line',
    timeoutMs: 120_000,
    everyMs: 250,
    signal,
  });
}

/** Waits until no workflow runs, or for two minutes: what outlives its deliveries then is told, not thrown. */
export async function whenAllEnded({ temporal, signal, say }: Stage): Promise<void> {
  const query = 'ExecutionStatus = "Running"';
  await waitUntil(async () => (await temporal.workflow.count(query)).count === 0, {
    what: 'the end of all workflows',
    timeoutMs: 120_000,
    everyMs: 250,
    signal,
  }).catch((error: unknown) => say(String(error)));
}

/** How many events workflows have, one by one. */
export async function readLengths({ temporal }: Stage, workflowIds: readonly string[]): Promise<number[]> {
  const lengths: number[] = [];
  for (const workflowId of workflowIds) {
    lengths.push((await temporal.workflow.getHandle(workflowId).describe()).historyLength);
  }
  return lengths;
}

async function list({ temporal }: Stage, query?: string): Promise<Workflow[]> {
  const found: Workflow[] = [];
  const options = { pageSize: 1_000, ...(query !== undefined && { query }) };
  for await (const info of temporal.workflow.list(options)) {
    found.push(info);
    if (found.length >= MAX_LISTED) break;
  }
  return found;
}

async function describeAll(
  { temporal }: Stage,
  infos: readonly (Workflow | undefined)[],
): Promise<Workflow[]> {
  const described: Workflow[] = [];
  for (const info of infos) {
    if (info) described.push(await temporal.workflow.getHandle(info.workflowId, info.runId).describe());
  }
  return described;
}

function countByType(all: readonly Workflow[]): WorkflowFootprint['byType'] {
  const byType: WorkflowFootprint['byType'] = {};
  for (const { type, status } of all) {
    const counts = byType[type] ?? { started: 0, open: 0 };
    counts.started += 1;
    if (status.name === 'RUNNING') counts.open += 1;
    byType[type] = counts;
  }
  return byType;
}
