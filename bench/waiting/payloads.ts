import type { Stage } from './stage.ts';

const MAX_RUNS = 50;

/** The largest result of a step that any run of the wake holds, in bytes: Temporal refuses those of 2 MB. */
export async function readPayloads({ temporal, webhookId }: Stage): Promise<number> {
  let [largest, runs] = [0, 0];
  const query = `WorkflowId = "wake/${webhookId}"`;
  for await (const { workflowId, runId } of temporal.workflow.list({ query })) {
    runs += 1;
    if (runs > MAX_RUNS) break;
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      const payloads = event.activityTaskCompletedEventAttributes?.result?.payloads ?? [];
      const bytes = payloads.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
      largest = Math.max(largest, bytes);
    }
  }
  return largest;
}
