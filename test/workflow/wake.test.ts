import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WakeBatchResult, WakeInput } from '../../src/contracts/workflow.ts';
import { installQuietRuntime } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';

const STEPS_PER_RUN = 200;

describe('the wake of a webhook', () => {
  let temporal: TemporalView;
  let connection: NativeConnection;
  beforeAll(async () => {
    installQuietRuntime();
    temporal = await viewTemporal();
    connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  });
  afterAll(async () => {
    await connection.close();
    await temporal.close();
  });

  /** Runs one wake over scripted steps: tens of thousands of held deliveries are more than a test should make. */
  const wake = async (wakeBatch: (input: WakeInput) => Promise<WakeBatchResult>, workflowId: string) => {
    const taskQueue = `wake-${randomUUID()}`;
    const workers = [
      await Worker.create({
        connection,
        taskQueue,
        workflowBundle: { codePath: inject('workflowBundlePath') },
      }),
      await Worker.create({ connection, taskQueue: `${taskQueue}-deliveries`, activities: { wakeBatch } }),
    ];
    const runs = workers.map((worker) => worker.run());
    const args = [{ webhookId: 'whk_1' }];
    const options = { taskQueue, workflowId, args, signal: 'wakeAgain' };
    await (await temporal.client.workflow.signalWithStart('wake', options)).result();
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
  };

  it('begins again from the oldest when it is asked to, though a long run is continued as new meanwhile', async () => {
    const workflowId = `wake-${randomUUID()}`;
    const cursors: (string | undefined)[] = [];
    await wake(async ({ after }) => {
      cursors.push(after);
      if (cursors.length === STEPS_PER_RUN - 10)
        await temporal.client.workflow.getHandle(workflowId).signal('wakeAgain');
      return { woken: 100, next: cursors.length > STEPS_PER_RUN ? null : `dlv_${cursors.length}` };
    }, workflowId);
    expect(cursors.slice(0, 3)).toEqual([undefined, 'dlv_1', 'dlv_2']);
    expect(cursors.slice(STEPS_PER_RUN)).toContain(undefined);
  }, 180_000);

  it('goes through the deliveries once when nothing but its start asked for it', async () => {
    const cursors: (string | undefined)[] = [];
    await wake(async ({ after }) => {
      cursors.push(after);
      return { woken: 100, next: after === undefined ? 'dlv_1' : null };
    }, `wake-${randomUUID()}`);
    expect(cursors).toEqual([undefined, 'dlv_1']);
  });

  it('begins again when it is asked to during its last step', async () => {
    const workflowId = `wake-${randomUUID()}`;
    let steps = 0;
    await wake(async () => {
      steps += 1;
      if (steps === 1) await temporal.client.workflow.getHandle(workflowId).signal('wakeAgain');
      return { woken: 0, next: null };
    }, workflowId);
    expect(steps).toBe(2);
  });
});
