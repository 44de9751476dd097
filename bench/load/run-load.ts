import { Pool } from 'undici';
import { nowMs } from '../clock.ts';
import { sleep } from '../sleep.ts';
import type { LoadPlan, Sample } from './load-plan.ts';
import { toSchedule } from './schedule.ts';
import { toRequest } from './to-request.ts';

/** Enough that a request hardly ever waits for a connection; if one does, its latency says so. */
const CONNECTIONS = 256;

type Send = (index: number, dueAt: number) => Promise<void>;

/**
 * Sends a load and answers one sample per request. At a fixed rate it is open-loop: a request goes out when it is due,
 * answered or not what went before, and latency counts from when it was due.
 */
export async function runLoad(plan: LoadPlan, onAccepted: () => void = () => undefined): Promise<Sample[]> {
  const { load, urls } = plan;
  const connections = load.connections ?? CONNECTIONS;
  const pools = urls.map((url) => new Pool(url, { connections, pipelining: 1 }));
  const samples: Sample[] = [];
  const send: Send = async (index, dueAt) => {
    const pool = pools[index % pools.length];
    if (!pool) throw new Error('a load needs an address to send to');
    const sample = await sendOne(pool, plan, { index, dueAt });
    samples.push(sample);
    if (sample.status < 300 && sample.status >= 200) onAccepted();
  };
  try {
    if (load.kind === 'rate' && load.connections) {
      await Promise.all(pools.map(async (pool) => openAll(pool, connections)));
    }
    await (load.kind === 'rate'
      ? sendOnSchedule(toSchedule(load), send)
      : sendAtOnce(load.requests, connections, send));
  } finally {
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
  return samples;
}

/** A pool opens another connection for each request that finds all of them taken. */
async function openAll(pool: Pool, connections: number): Promise<void> {
  const open = async () => {
    const { body } = await pool.request({ method: 'GET', path: '/livez' });
    await body.dump();
  };
  await Promise.all(Array.from({ length: connections }, open));
}

async function sendOnSchedule(schedule: readonly number[], send: Send): Promise<void> {
  const startedAt = nowMs() + 5;
  const sent: Promise<void>[] = [];
  for (const [index, offsetMs] of schedule.entries()) {
    const dueAt = startedAt + offsetMs;
    // A timer may fire a fraction early, and a request sent before it is due would look too fast.
    for (let ahead = dueAt - nowMs(); ahead > 0; ahead = dueAt - nowMs()) await sleep(Math.ceil(ahead));
    sent.push(send(index, dueAt));
  }
  await Promise.all(sent);
}

async function sendAtOnce(requests: number, connections: number, send: Send): Promise<void> {
  let next = 0;
  const sendInTurn = async () => {
    for (let index = next++; index < requests; index = next++) await send(index, nowMs());
  };
  await Promise.all(Array.from({ length: connections }, sendInTurn));
}

async function sendOne(
  pool: Pool,
  plan: LoadPlan,
  { index, dueAt }: { index: number; dueAt: number },
): Promise<Sample> {
  const { stream, method, path, body } = toRequest(plan, index);
  const sentAt = nowMs();
  try {
    const response = await pool.request({
      method,
      path,
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${plan.apiKey}` },
      signal: AbortSignal.timeout(plan.timeoutMs),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const text = await response.body.text();
    const answeredAt = nowMs();
    const accepted = response.statusCode >= 200 && response.statusCode < 300;
    const changeIds = accepted ? toChangeIds(JSON.parse(text) as Answer) : [];
    const retryAfter = response.headers['retry-after'] !== undefined;
    return { stream, dueAt, sentAt, answeredAt, status: response.statusCode, retryAfter, changeIds };
  } catch {
    // No answer: the sample says so, and nobody knows whether the write happened.
    return { stream, dueAt, sentAt, answeredAt: nowMs(), status: 0, retryAfter: false, changeIds: [] };
  }
}

interface Answer {
  changeId?: string | null;
  results?: { changeId: string | null }[];
}

function toChangeIds({ changeId, results }: Answer): string[] {
  const ids = results ? results.map((result) => result.changeId) : [changeId ?? null];
  return ids.filter((id) => id !== null);
}
