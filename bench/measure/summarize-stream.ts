import type { Load, Sample } from '../load/load-plan.ts';
import type { StreamFigures } from '../result.ts';
import type { Arrival } from '../sink/arrival.ts';
import { outstandingByQuarter } from './outstanding.ts';
import { toPercentiles } from './percentiles.ts';

export interface SummarizeStreamInput {
  load: Load;
  samples: readonly Sample[];
  /** Of this stream only. */
  arrivals: readonly Arrival[];
  /** Webhooks that are owed each change. */
  owed: number;
}

interface Change {
  dueAt: number;
  answeredAt: number;
  /** By webhook: when it first came. */
  arrivedAt: Map<string, number>;
}

/** Brings requests and arrivals of one stream together, change by change. */
export function summarizeStream({ load, samples, arrivals, owed }: SummarizeStreamInput): StreamFigures {
  const accepted = samples.filter(({ status }) => status >= 200 && status < 300);
  const changes = new Map<string, Change>();
  for (const { changeIds, dueAt, answeredAt } of accepted) {
    for (const id of changeIds) changes.set(id, { dueAt, answeredAt, arrivedAt: new Map() });
  }
  const { duplicated, unacknowledged } = assign(changes, arrivals);
  const all = [...changes.values()];
  const heard = all.filter(({ arrivedAt }) => arrivedAt.size > 0);
  const complete = all.filter(({ arrivedAt }) => owed > 0 && arrivedAt.size >= owed);
  const arrivedDeliveries = all.reduce((sum, { arrivedAt }) => sum + arrivedAt.size, 0);
  const first = (change: Change) => Math.min(...change.arrivedAt.values());
  const last = (change: Change) => Math.max(...change.arrivedAt.values());
  return {
    requests: samples.length,
    offeredChanges: samples.length * (load.kind === 'batch' ? load.size : 1),
    acceptedChanges: changes.size,
    refused: countStatuses(samples),
    sendLagMs: toPercentiles(samples.map(({ dueAt, sentAt }) => sentAt - dueAt)),
    acceptMs: toPercentiles(accepted.map(({ dueAt, answeredAt }) => answeredAt - dueAt)),
    acceptToFirstMs: toPercentiles(heard.map((change) => first(change) - change.answeredAt)),
    acceptToLastMs: toPercentiles(complete.map((change) => last(change) - change.answeredAt)),
    requestToFirstMs: toPercentiles(heard.map((change) => first(change) - change.dueAt)),
    requestToLastMs: toPercentiles(complete.map((change) => last(change) - change.dueAt)),
    expectedDeliveries: changes.size * owed,
    arrivedDeliveries,
    lost: changes.size * owed - arrivedDeliveries,
    duplicated,
    unacknowledged,
    ...toRates(complete, samples),
    outstandingByQuarter: outstandingByQuarter(
      complete.map((change) => ({ from: change.answeredAt, until: last(change) })),
      {
        startedAt: least(samples.map(({ dueAt }) => dueAt)),
        endedAt: most(samples.map(({ dueAt }) => dueAt)),
      },
    ),
  };
}

function assign(
  changes: Map<string, Change>,
  arrivals: readonly Arrival[],
): { duplicated: number; unacknowledged: number } {
  const seen = new Set<string>();
  let [duplicated, unacknowledged] = [0, 0];
  for (const { deliveryId, changeId, webhook, at } of arrivals) {
    if (seen.has(deliveryId)) duplicated += 1;
    else if (!changes.has(changeId)) unacknowledged += 1;
    seen.add(deliveryId);
    const arrivedAt = changes.get(changeId)?.arrivedAt;
    if (arrivedAt && !arrivedAt.has(webhook)) arrivedAt.set(webhook, at);
  }
  return { duplicated, unacknowledged };
}

function toRates(
  complete: readonly Change[],
  samples: readonly Sample[],
): Pick<StreamFigures, 'spanMs' | 'changesPerSecond' | 'drainPerSecond'> {
  if (complete.length === 0) return { spanMs: null, changesPerSecond: null, drainPerSecond: null };
  const times = complete.flatMap(({ arrivedAt }) => [...arrivedAt.values()]);
  const [firstAt, lastAt] = [least(times), most(times)];
  const spanMs = lastAt - least(samples.map(({ dueAt }) => dueAt));
  const perSecond = (ms: number) => (ms > 0 ? (complete.length * 1000) / ms : null);
  return { spanMs, changesPerSecond: perSecond(spanMs), drainPerSecond: perSecond(lastAt - firstAt) };
}

function countStatuses(samples: readonly Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of samples) {
    if (status < 200 || status >= 300) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
