import type { Scenario, Stream } from './scenario.ts';
import type { Behaviour } from './sink/behaviour.ts';
import type { SystemName } from './systems/system.ts';

const MINUTE_MS = 60_000;
const WITH_BASELINES: SystemName[] = ['tablehook', 'textbook', 'bare'];
const OK: Behaviour = { kind: 'ok' };

function rate(perSecond: number, name: string, rest: Partial<Scenario> & { title: string }): Scenario {
  const load = { kind: 'rate' as const, perSecond, durationMs: MINUTE_MS };
  return { name, load, streams: [toStream()], measured: 'main', systems: ['tablehook'], ...rest };
}

function burst(name: string, rest: Partial<Scenario> & { title: string }): Scenario {
  const load = { kind: 'burst' as const, requests: 5_000, connections: 64 };
  return { name, load, streams: [toStream()], measured: 'main', systems: ['tablehook'], ...rest };
}

function toStream(behaviour: Behaviour = OK, name = 'main'): Stream {
  return { name, webhooks: [{ count: 1, behaviour }] };
}

/** The same load on both tables; only the neighbour's endpoint differs. */
function neighbours(perSecond: number, behaviour: Behaviour): Scenario {
  const [word, says] =
    behaviour.kind === 'hang' ? ['hanging', 'never answers'] : ['healthy', 'answers at once'];
  return rate(perSecond, `neighbour-${perSecond}-${word}`, {
    title: `${perSecond}/s over two tables, the other one's endpoint ${says}`,
    streams: [toStream(), toStream(behaviour, 'neighbour')],
  });
}

/** As `neighbours`, with one that is held back on purpose: what it is owed only waits. */
function limitedNeighbour(perSecond: number): Scenario {
  const limited = { count: 1, behaviour: OK, delivery: { ratePerSecond: 1 } };
  return rate(perSecond, `neighbour-${perSecond}-limited`, {
    title: `${perSecond}/s over two tables, the other one's webhook takes 1/s`,
    streams: [toStream(), { name: 'neighbour', webhooks: [limited] }],
  });
}

/** Every scenario, in the order they run. */
export const scenarios: Scenario[] = [
  rate(10, 'idle', { title: '10/s: idle latency', systems: [...WITH_BASELINES, 'workers-1'] }),
  rate(50, 'rate-50', { title: '50/s', systems: [...WITH_BASELINES, 'workers-1'] }),
  rate(100, 'rate-100', { title: '100/s', systems: [...WITH_BASELINES, 'workers-1'] }),
  rate(200, 'rate-200', { title: '200/s', systems: [...WITH_BASELINES, 'workers-1'] }),
  burst('burst', {
    title: 'burst of 5,000 over 64 connections',
    systems: [...WITH_BASELINES, 'plain', 'strict', 'workers-1', 'workers-2', 'workers-4'],
  }),
  rate(10, 'fan-out', {
    title: '10/s, each change to 10 webhooks',
    streams: [{ name: 'main', webhooks: [{ count: 10, behaviour: OK }] }],
  }),
  rate(50, 'failures', {
    title: '50/s, every tenth delivery answered 503 once, retried after 1 s',
    streams: [
      {
        name: 'main',
        webhooks: [
          { count: 1, behaviour: { kind: 'fail', percent: 10 }, retry: { initialMs: 1_000, jitter: 0 } },
        ],
      },
    ],
  }),
  neighbours(50, OK),
  neighbours(50, { kind: 'hang' }),
  limitedNeighbour(50),
  neighbours(100, OK),
  neighbours(100, { kind: 'hang' }),
  rate(50, 'slow-endpoint', {
    title: '50/s to an endpoint that takes 500 ms',
    streams: [toStream({ kind: 'delay', ms: 500 })],
  }),
  {
    name: 'batches',
    title: 'ten batches of 1,000, one after the other',
    load: { kind: 'batch', requests: 10, size: 1_000, connections: 1 },
    streams: [toStream()],
    measured: 'main',
    systems: ['tablehook'],
  },
  {
    name: 'outage',
    title: '10,000 changes written while no worker runs, then drained by one',
    load: { kind: 'batch', requests: 100, size: 100, connections: 2 },
    streams: [toStream()],
    measured: 'main',
    systems: ['workers-1'],
    fault: 'outage',
  },
  rate(50, 'many-webhooks', {
    title: '50/s on a table with 500 webhooks, one of which asked for it',
    streams: [
      {
        name: 'main',
        webhooks: [
          { count: 1, behaviour: OK },
          { count: 499, behaviour: OK, events: ['record.deleted'] },
        ],
      },
    ],
  }),
  rate(50, 'other-webhooks', {
    title: '50/s beside two other tables with 500 webhooks each',
    bystanders: ['one', 'two'].map((name) => ({ name, webhooks: [{ count: 500, behaviour: OK }] })),
  }),
  rate(50, 'rate-50-million', {
    title: '50/s beside 1,000,000 stored changes and deliveries',
    storedChanges: 1_000_000,
  }),
  burst('burst-million', {
    title: 'burst of 5,000 beside 1,000,000 stored changes and deliveries',
    storedChanges: 1_000_000,
  }),
  burst('kill', { title: 'kill -9 of the one process in a burst, and a restart at once', fault: 'kill' }),
];

/** The same question, short: shows that the harness works, not how fast anything is. */
export function toQuick(scenario: Scenario): Scenario {
  const { load, storedChanges } = scenario;
  return {
    ...scenario,
    load: quickLoads[load.kind](load),
    ...(storedChanges !== undefined && { storedChanges: 20_000 }),
  };
}

const quickLoads = {
  rate: (load: Scenario['load']) => ({ ...load, durationMs: 6_000 }) as Scenario['load'],
  burst: (load: Scenario['load']) => ({ ...load, requests: 600 }) as Scenario['load'],
  batch: (load: Scenario['load']) =>
    ({ ...load, requests: load.kind === 'batch' ? Math.ceil(load.requests / 10) : 0 }) as Scenario['load'],
};
