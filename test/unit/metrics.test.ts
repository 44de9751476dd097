import { describe, expect, it } from 'vitest';
import type { AttemptReport } from '../../activities/deps.ts';
import type { Unsettled } from '../../src/contracts/diagnosis.ts';
import { createMetrics } from '../../src/metrics.ts';

const REPORT: AttemptReport = {
  deliveryId: 'dlv_1',
  changeId: 'chg_1',
  webhookId: 'whk_1',
  tableId: 'tbl_1',
  recordId: 'rec_1',
  eventType: 'record.created',
  host: 'crm.example',
  attempt: 1,
  outcome: 'response',
  status: 200,
  errorCode: null,
  stage: null,
  durationMs: 40,
  state: 'delivered',
  nextAttemptAt: null,
};

const linesOf = async (text: Promise<string>) =>
  (await text).split('\n').filter((line) => line.startsWith('tablehook_'));

describe('createMetrics', () => {
  it('counts attempts by the state they left and the class of the answer', async () => {
    const { registry, countAttempt } = createMetrics();
    countAttempt(REPORT);
    countAttempt({ ...REPORT, status: 204 });
    countAttempt({ ...REPORT, status: 503, state: 'retrying' });
    countAttempt({ ...REPORT, status: null, errorCode: 'timeout', state: 'retrying' });
    countAttempt({ ...REPORT, status: null, state: 'failed' });
    const lines = await linesOf(registry.metrics());
    expect(lines.filter((line) => line.startsWith('tablehook_attempts_total'))).toEqual([
      'tablehook_attempts_total{state="delivered",answer="2xx"} 2',
      'tablehook_attempts_total{state="retrying",answer="5xx"} 1',
      'tablehook_attempts_total{state="retrying",answer="timeout"} 1',
      'tablehook_attempts_total{state="failed",answer="none"} 1',
    ]);
  });

  it('measures how long endpoints took, in seconds', async () => {
    const { registry, countAttempt } = createMetrics();
    countAttempt(REPORT);
    countAttempt({ ...REPORT, durationMs: 3_000 });
    const lines = await linesOf(registry.metrics());
    expect(lines).toEqual(
      expect.arrayContaining([
        'tablehook_attempt_duration_seconds_bucket{le="0.01"} 0',
        'tablehook_attempt_duration_seconds_bucket{le="0.05"} 1',
        'tablehook_attempt_duration_seconds_bucket{le="5"} 2',
        'tablehook_attempt_duration_seconds_sum 3.04',
        'tablehook_attempt_duration_seconds_count 2',
      ]),
    );
  });

  it('counts what the reconciler repaired', async () => {
    const { registry, countRepaired } = createMetrics();
    countRepaired({ rerun: 2, woken: 0, ended: 1, told: 0 });
    countRepaired({ rerun: 1, woken: 4, ended: 0, told: 2 });
    expect(await linesOf(registry.metrics())).toEqual(
      expect.arrayContaining([
        'tablehook_reconciler_repairs_total{repair="rerun"} 3',
        'tablehook_reconciler_repairs_total{repair="woken"} 4',
        'tablehook_reconciler_repairs_total{repair="ended"} 1',
        'tablehook_reconciler_repairs_total{repair="told"} 2',
      ]),
    );
  });

  it('tells what is not settled as it is measured at that moment, and leaves it out while that fails', async () => {
    let measured: Unsettled[] | null = [
      { standing: 'overdue', count: 3, oldestSeconds: 90, oldestChangeId: 'chg_1' },
      { standing: 'waiting', count: 0, oldestSeconds: null, oldestChangeId: null },
    ];
    const { registry } = createMetrics(async () => {
      if (!measured) throw new Error('MongoDB is away');
      return measured;
    });
    expect(await linesOf(registry.metrics())).toEqual(
      expect.arrayContaining([
        'tablehook_unsettled{standing="overdue"} 3',
        'tablehook_oldest_unsettled_change_seconds{standing="overdue"} 90',
        'tablehook_oldest_unsettled_change_seconds{standing="waiting"} 0',
      ]),
    );
    measured = null;
    expect(await registry.metrics()).not.toContain('standing=');
  });

  it('puts neither ids nor hosts into labels, whatever is counted', async () => {
    const { registry, countAttempt } = createMetrics();
    countAttempt(REPORT);
    expect(await registry.metrics()).not.toMatch(/(dlv|chg|whk|tbl|rec)_1|crm\.example/);
  });

  it('has a registry of its own each time, with the metrics of Node in it', async () => {
    const { countAttempt } = createMetrics();
    countAttempt(REPORT);
    const text = await createMetrics().registry.metrics();
    expect(text).not.toContain('tablehook_attempts_total{');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });
});
