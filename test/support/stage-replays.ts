import { afterAll, beforeAll, expect } from 'vitest';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { BatchResult } from '../../src/contracts/record.ts';
import type { Replay, ReplaySelection } from '../../src/contracts/replay.ts';
import type { Received, Receiver } from './receiver.ts';
import { startReceiver } from './receiver.ts';
import type { StartTablehookOptions, Tablehook } from './tablehook.ts';
import { startTablehook } from './tablehook.ts';
import type { TemporalView } from './temporal.ts';
import { viewTemporal } from './temporal.ts';
import { until } from './until.ts';

/** A Tablehook for tests of replays, of the file that calls this, and what most of them begin with. */
export function stageReplays(options: StartTablehookOptions = {}) {
  let tablehook: Tablehook;
  let temporal: TemporalView;
  const receivers: Receiver[] = [];
  beforeAll(async () => {
    tablehook = await startTablehook(options);
    temporal = await viewTemporal();
  });
  afterAll(async () => {
    await tablehook.stop();
    await temporal.close();
    for (const receiver of receivers) await receiver.close();
  });

  const endpoint = async () => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    return receiver;
  };
  const post = <T = Replay>(body: unknown, headers?: Record<string, string>) =>
    tablehook.call<T>('POST', '/v1/replays', body, headers);
  const count = async (body: Record<string, unknown>) => {
    const reply = await post<ReplaySelection>({ ...body, dryRun: true });
    expect(reply.status).toBe(200);
    return reply.body.selected;
  };
  const read = async (id: string) => (await tablehook.call<Replay>('GET', `/v1/replays/${id}`)).body;
  const replay = async (body: Record<string, unknown>) => {
    const reply = await post(body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return reply.body;
  };
  const ended = (id: string) =>
    until(
      async () => {
        const found = await read(id);
        return found.state !== 'running' && found;
      },
      { what: 'the end of the replay' },
    );
  const deliveriesOf = async (webhookId: string) => {
    const all: Delivery[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `webhookId=${webhookId}&limit=200${cursor && `&cursor=${cursor}`}`;
      const { body } = await tablehook.call<Page<Delivery>>('GET', `/v1/deliveries?${query}`);
      all.push(...body.data);
      cursor = body.nextCursor;
    }
    return all.toReversed();
  };
  const allSettled = (webhookId: string, expected: number) =>
    until(
      async () => {
        const all = await deliveriesOf(webhookId);
        return all.length === expected && all.every(({ settledAt }) => settledAt !== null) && all;
      },
      { what: `${expected} settled deliveries` },
    );
  const idsOf = (received: Received[]) => received.map(({ headers }) => headers['webhook-id']);
  const replayed = ({ received }: Receiver) =>
    received.filter(({ headers }) => headers['tablehook-replay'] === 'true');
  /** A table, a webhook of it, and records that were created together. */
  const fire = async (records: number, webhook: Record<string, unknown> = {}) => {
    const receiver = await endpoint();
    const table = await tablehook.createTable();
    const { id: webhookId } = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { initialMs: 50, factor: 1, jitter: 0 },
      ...webhook,
    });
    const operations = Array.from({ length: records }, (_, Count) => ({ op: 'create', values: { Count } }));
    const { body } = await tablehook.call<BatchResult>('POST', `/v1/tables/${table.id}/records/batch`, {
      operations,
    });
    return { receiver, tableId: table.id, webhookId, results: body.results };
  };
  return {
    get tablehook() {
      return tablehook;
    },
    get temporal() {
      return temporal;
    },
    endpoint,
    post,
    count,
    read,
    replay,
    ended,
    deliveriesOf,
    allSettled,
    idsOf,
    replayed,
    fire,
  };
}
