import { toPercentiles } from '../../../bench/measure/percentiles.ts';
import type { RunResult, StreamFigures } from '../../../bench/result.ts';

interface Given extends Partial<RunResult> {
  acceptMs?: number;
  arrivalMs?: number;
}

/** A run of ten changes, all of which arrived after the same time. */
export function runResult({ acceptMs = 10, arrivalMs = 30, ...given }: Given): RunResult {
  return {
    scenario: 'idle',
    system: 'tablehook',
    run: 1,
    quick: false,
    startedAt: '2026-01-02T00:00:00.000Z',
    loadAverageBefore: 0.1,
    streams: { main: toStream(acceptMs, arrivalMs) },
    measured: 'main',
    sink: { calls: 10, recorded: 10, distinct: 10, refused: 0, hanging: 0, dropped: 0 },
    windowSeconds: 10,
    usage: {
      standalone: { cpuSeconds: 0.2, peakRssBytes: 300e6 },
      mongod: { cpuSeconds: 0.1, peakRssBytes: 200e6 },
    },
    mongo: { operations: {}, commands: { find: 70, insert: 50 } },
    mongoIdlePerSecond: { operations: {}, commands: { getMore: 2 } },
    temporalCalls: { StartWorkflowExecution: 10, RespondWorkflowTaskCompleted: 10 },
    workflows: { started: 10, byType: { recordChange: 10 }, events: 70, bytes: 20_000, sampled: 10 },
    recovery: null,
    ...given,
  };
}

function toStream(acceptMs: number, arrivalMs: number): StreamFigures {
  const ten = (ms: number) => toPercentiles(Array.from({ length: 10 }, () => ms));
  return {
    requests: 10,
    offeredChanges: 10,
    acceptedChanges: 10,
    refused: {},
    sendLagMs: ten(0),
    acceptMs: ten(acceptMs),
    acceptToFirstMs: ten(arrivalMs - acceptMs),
    acceptToLastMs: ten(arrivalMs - acceptMs),
    requestToFirstMs: ten(arrivalMs),
    requestToLastMs: ten(arrivalMs),
    expectedDeliveries: 10,
    arrivedDeliveries: 10,
    lost: 0,
    duplicated: 0,
    unacknowledged: 0,
    spanMs: 1_000,
    changesPerSecond: 10,
    drainPerSecond: 10,
    outstandingByQuarter: [0, 0, 0, 0],
  };
}
