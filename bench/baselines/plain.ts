import { createBaselineApp } from './create-app.ts';
import { endWithBench } from './end-with-bench.ts';
import { readSettings } from './settings.ts';
import { createSteps } from './steps.ts';
import { openStore } from './store.ts';
import { createWorkQueue } from './work-queue.ts';

/** The textbook's write and steps in a loop of this process, without Temporal: a floor that our own code does not move. */
const CONCURRENCY = 8;

endWithBench();
const { port, mongodbUri } = readSettings();
const store = await openStore(mongodbUri);
const steps = createSteps(store);
const push = createWorkQueue<string>({
  concurrency: CONCURRENCY,
  work: async (changeId) => {
    const deliveryIds = await steps.match(changeId);
    await Promise.all(deliveryIds.map(async (id) => steps.record(id, await steps.post(id))));
  },
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
createBaselineApp(store, async ({ _id }) => push(_id)).listen(port, '127.0.0.1');
