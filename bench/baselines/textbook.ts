import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createBaselineApp } from './create-app.ts';
import { endWithBench } from './end-with-bench.ts';
import { readSettings } from './settings.ts';
import { createSteps } from './steps.ts';
import { openStore } from './store.ts';
import type { textbookChange } from './textbook-workflow.ts';

/** Baseline (a): API and worker in one process; a workflow per change with regular activities, started and awaited. */
const TASK_QUEUE = 'textbook';

endWithBench();
const { port, mongodbUri, temporalAddress: address } = readSettings();
const store = await openStore(mongodbUri);
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('./textbook-workflow.js', import.meta.url)),
  activities: createSteps(store),
});
const running = worker.run();
const client = new Client({ connection: await Connection.connect({ address }) });
const app = createBaselineApp(store, async ({ _id }) => {
  await client.workflow.start<typeof textbookChange>('textbookChange', {
    taskQueue: TASK_QUEUE,
    workflowId: _id,
    args: [_id],
  });
});
app.listen(port, '127.0.0.1');
await running;
