import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WakeInput, WakeStepResult } from '../../src/contracts/workflow.ts';
import { installQuietRuntime } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

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
  const wake = async (wakeStep: (input: WakeInput) => Promise<WakeStepResult>, workflowId: string) => {
    const taskQueue = `wake-${randomUUID()}`;
    const workers = [
      await Worker.create({
        connection,
        taskQueue,
        workflowBundle: { codePath: inject('workflowBundlePath') },
      }),
      await Worker.create({ connection, taskQueue: `${taskQueue}-deliveries`, activities: { wakeStep } }),
    ];
    const runs = workers.map((worker) => worker.run());
    const args = [{ webhookId: 'whk_1' }];
    const options = { taskQueue, workflowId, args, signal: 'wakeAgain' };
    await (await temporal.client.workflow.signalWithStart('wake', options)).result();
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
  };

  const step = (next: WakeStepResult['next']): WakeStepResult => ({ summary: 'tested', outcomes: {}, next });

  it('goes on where it was when a long run is continued as new', async () => {
    const workflowId = `wake-${randomUUID()}`;
    const cursors: (string | undefined)[] = [];
    const steps = 180;
    await wake(async ({ after }) => {
      cursors.push(after);
      return step(
        cursors.length > steps ? { kind: 'done' } : { kind: 'again', after: `dlv_${cursors.length}` },
      );
    }, workflowId);
    expect(cursors).toEqual([undefined, ...Array.from({ length: steps }, (_, index) => `dlv_${index + 1}`)]);
    expect(JSON.stringify(await temporal.history(workflowId))).toMatch(/"continuedExecutionRunId":"[^"]/);
  });

  it('is continued as new before its history grows large, however few its events', async () => {
    const workflowId = `wake-${randomUUID()}`;
    const outcomes = { dlv_1: 'x'.repeat(600_000) };
    let steps = 0;
    await wake(async () => {
      steps += 1;
      return { ...step({ kind: steps > 4 ? 'done' : 'again' }), outcomes };
    }, workflowId);
    expect(steps).toBe(5);
    // Visibility is written behind the workflow.
    const sizes = await until(
      async () => {
        const found: number[] = [];
        const query = `WorkflowId = "${workflowId}" AND ExecutionStatus != "Running"`;
        for await (const run of temporal.client.workflow.list({ query })) found.push(run.historySize ?? 0);
        return found.length > 1 && found;
      },
      { what: 'more than one run' },
    );
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
  });

  it('takes one step when nothing but its start asked for it', async () => {
    let steps = 0;
    await wake(async () => {
      steps += 1;
      return step({ kind: 'done' });
    }, `wake-${randomUUID()}`);
    expect(steps).toBe(1);
  });

  it('takes another step when it is asked to during its last one', async () => {
    const workflowId = `wake-${randomUUID()}`;
    let steps = 0;
    await wake(async () => {
      steps += 1;
      if (steps === 1) await temporal.client.workflow.getHandle(workflowId).signal('wakeAgain');
      return step({ kind: 'done' });
    }, workflowId);
    expect(steps).toBe(2);
  });

  it('waits for as long as a step asks for, and no longer than until it is told to go on', async () => {
    const workflowId = `wake-${randomUUID()}`;
    const waits = [new Date(Date.now() + 300), new Date(Date.now() + 3_600_000)];
    let steps = 0;
    await wake(async () => {
      const at = waits[steps];
      steps += 1;
      if (steps === 2) {
        void temporal
          .whenEvent(workflowId, 'TIMER_STARTED', 2)
          .then(async () => temporal.client.workflow.getHandle(workflowId).signal('wakeAgain'));
      }
      return step(at ? { kind: 'wait', at: at.toISOString() } : { kind: 'done' });
    }, workflowId);
    expect(steps).toBe(3);
  });
});
