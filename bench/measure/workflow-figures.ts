import type { Client } from '@temporalio/client';

/** Workflows that began in a stretch of time, and what their histories hold. */
export interface WorkflowFigures {
  started: number;
  byType: Record<string, number>;
  /** Of all that were started together, extrapolated from those that were looked at. */
  events: number;
  bytes: number;
  sampled: number;
}

const SAMPLES = 200;
const MAX_LISTED = 50_000;

/**
 * Counts the workflows that started since `since`, and describes a sample of them spread over the whole stretch. Visibility
 * lags behind, so the caller waits until nothing is written any more.
 */
export async function readWorkflows(client: Client, since: Date): Promise<WorkflowFigures> {
  const found: { workflowId: string; runId: string; type: string }[] = [];
  const query = `StartTime >= "${since.toISOString()}"`;
  for await (const { workflowId, runId, type } of client.workflow.list({ query, pageSize: 1_000 })) {
    found.push({ workflowId, runId, type });
    if (found.length >= MAX_LISTED) break;
  }
  const byType: Record<string, number> = {};
  for (const { type } of found) byType[type] = (byType[type] ?? 0) + 1;
  const step = Math.max(1, found.length / SAMPLES);
  const samples = Array.from(
    { length: Math.min(found.length, SAMPLES) },
    (_, n) => found[Math.floor(n * step)],
  );
  let [events, bytes, sampled] = [0, 0, 0];
  for (const sample of samples) {
    if (!sample) continue;
    const description = await client.workflow.getHandle(sample.workflowId, sample.runId).describe();
    events += description.historyLength;
    bytes += description.historySize ?? 0;
    sampled += 1;
  }
  const scale = sampled === 0 ? 0 : found.length / sampled;
  return { started: found.length, byType, events: events * scale, bytes: bytes * scale, sampled };
}
