import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { AttemptReport } from '../activities/deps.ts';

/** What a process counts. Names begin with `tablehook_`; labels never hold ids. */
export interface Metrics {
  registry: Registry;
  countAttempt: (attempt: AttemptReport) => void;
  countRepaired: (result: { rerun: number; woken: number }) => void;
}

/** A registry of its own per process, with Node's default metrics in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const attempts = new Counter({
    name: 'tablehook_attempts_total',
    help: 'Attempts made, by the state they left the delivery in and the class of the answer',
    labelNames: ['state', 'answer'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'tablehook_attempt_duration_seconds',
    help: 'How long endpoints took to answer',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const repaired = new Counter({
    name: 'tablehook_reconciler_repairs_total',
    help: 'Changes run again because their workflow was gone, and held deliveries whose wake-up was lost',
    labelNames: ['repair'],
    registers: [registry],
  });
  return {
    registry,
    countAttempt: ({ state, status, errorCode, durationMs }) => {
      const answer = status === null ? (errorCode ?? 'none') : `${Math.floor(status / 100)}xx`;
      attempts.inc({ state, answer });
      durations.observe(durationMs / 1000);
    },
    countRepaired: ({ rerun, woken }) => {
      repaired.inc({ repair: 'rerun' }, rerun);
      repaired.inc({ repair: 'woken' }, woken);
    },
  };
}
