import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ReplayInput, ReplayStepResult } from '../../src/contracts/workflow.ts';
import { installQuietRuntime } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';

describe('the workflow of a replay', () => {
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

  /** Runs one replay over scripted steps; answers its result, and how long the timers of its last run were. */
  const replay = async (replayStep: (input: ReplayInput) => Promise<ReplayStepResult>) => {
    const taskQueue = `replay-${randomUUID()}`;
    const workers = [
      await Worker.create({
        connection,
        taskQueue,
        workflowBundle: { codePath: inject('workflowBundlePath') },
      }),
      await Worker.create({ connection, taskQueue: `${taskQueue}-deliveries`, activities: { replayStep } }),
    ];
    const runs = workers.map((worker) => worker.run());
    const handle = await temporal.client.workflow.start('replay', {
      taskQueue,
      workflowId: `replay/${taskQueue}`,
      args: [{ replayId: 'rpl_1' }],
    });
    const result: unknown = await handle.result();
    const { runId } = await temporal.client.workflow.getHandle(handle.workflowId).describe();
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
    const { events } = await temporal.history(handle.workflowId);
    const timers = events.flatMap(({ timerStartedEventAttributes: timer }) => timer ?? []);
    return { result, isContinued: runId !== handle.firstExecutionRunId, timers };
  };

  it('steps until it is done, and waits between as it is told', async () => {
    let steps = 0;
    const { result, isContinued, timers } = await replay(async ({ replayId }) => {
      expect(replayId).toBe('rpl_1');
      steps += 1;
      if (steps === 3) return { summary: 'completed', next: { kind: 'done' } };
      return { summary: 'on its way', next: { kind: 'again', afterMs: steps === 1 ? 0 : 1_000 } };
    });
    expect([result, isContinued, steps]).toEqual(['completed', false, 3]);
    expect(timers).toMatchObject([{ startToFireTimeout: '1s' }]);
  });

  it('repeats a step that fails, without end', async () => {
    let steps = 0;
    const { result } = await replay(async () => {
      steps += 1;
      if (steps < 3) throw new Error('the database is away');
      return { summary: 'completed', next: { kind: 'done' } };
    });
    expect([result, steps]).toEqual(['completed', 3]);
  });

  it('is continued as new when its history grows long', async () => {
    let steps = 0;
    const { result, isContinued } = await replay(async () => {
      steps += 1;
      if (steps === 350) return { summary: 'completed', next: { kind: 'done' } };
      return { summary: `${steps}`, next: { kind: 'again', afterMs: 0 } };
    });
    expect([result, isContinued, steps]).toEqual(['completed', true, 350]);
  });
});
