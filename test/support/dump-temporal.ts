import { Client, Connection } from '@temporalio/client';
import { decodedText } from './temporal.ts';

/** All that a Temporal server tells of every workflow of a namespace: list entry, description, history; payloads decoded. */
export async function* dumpTemporal(
  address: string,
  namespace = 'default',
): AsyncGenerator<{ where: string; text: string }> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    for await (const { workflowId, runId, raw } of workflow.list()) {
      const handle = workflow.getHandle(workflowId, runId);
      const told = [raw, (await handle.describe()).raw, await handle.fetchHistory()];
      yield { where: workflowId, text: decodedText(told) };
    }
  } finally {
    await connection.close();
  }
}
