import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AttemptReport } from '../activities/deps.ts';
import type { Unsettled } from './contracts/diagnosis.ts';

/** What a process counts. Names begin with `tablehook_`; labels never hold ids. */
export interface Metrics {
  registry: Registry;
  /** What the load shedder of an API tells. */
  load: { onShed: () => void; onInHand: (requests: number) => void };
  countAttempt: (attempt: AttemptReport) => void;
  countRepaired: (repaired: Record<'rerun' | 'woken' | 'ended' | 'told', number>) => void;
}

/**
 * A registry of its own per process, with Node's default metrics in it. What `measure` tells of what is not settled is asked
 * for whenever the metrics are read; while that fails, it is left out.
 */
export function createMetrics(measure?: () => Promise<Unsettled[]>): Metrics {
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
    help: 'Changes run again because their workflow was gone, held deliveries whose wake-up was lost, workflows that ran on with all settled, events whose teller had died',
    labelNames: ['repair'],
    registers: [registry],
  });
  const shed = new Counter({
    name: 'tablehook_requests_shed_total',
    help: 'Requests turned away with 503, since the process had too much in hand',
    registers: [registry],
  });
  const inHand = new Gauge({
    name: 'tablehook_requests_in_hand',
    help: 'Requests between their arrival and their answer',
    registers: [registry],
  });
  if (measure) exportUnsettled(registry, measure);
  return {
    registry,
    load: { onShed: () => shed.inc(), onInHand: (requests) => inHand.set(requests) },
    countAttempt: ({ state, status, errorCode, durationMs }) => {
      const answer = status === null ? (errorCode ?? 'none') : `${Math.floor(status / 100)}xx`;
      attempts.inc({ state, answer });
      durations.observe(durationMs / 1000);
    },
    countRepaired: (counts) => {
      for (const [repair, count] of Object.entries(counts)) repaired.inc({ repair }, count);
    },
  };
}

function exportUnsettled(registry: Registry, measure: () => Promise<Unsettled[]>): void {
  const addGauge = (name: string, help: string, valueOf: (unsettled: Unsettled) => number) => {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['standing'],
      registers: [registry],
      collect: async () => {
        const measured = await measure().catch(() => []);
        gauge.reset();
        for (const unsettled of measured) gauge.set({ standing: unsettled.standing }, valueOf(unsettled));
      },
    });
  };
  addGauge(
    'tablehook_unsettled',
    'Changes not planned yet, and deliveries not settled, by where they stand',
    ({ count }) => count,
  );
  addGauge(
    'tablehook_oldest_unsettled_change_seconds',
    'Age of the oldest change that is not settled, by where it stands; 0 when there is none',
    ({ oldestSeconds }) => oldestSeconds ?? 0,
  );
}
