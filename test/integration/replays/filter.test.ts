import { describe, expect, it } from 'vitest';
import type { Replay } from '../../../src/contracts/replay.ts';
import { ensureReplays } from '../../../src/services/replays/reconcile.ts';
import { stepReplay } from '../../../src/services/replays/step.ts';
import { until } from '../../support/until.ts';
import { stageReplays } from '../../support/stage-replays.ts';

/** No reconciler: what goes on here needs none, or the test is one. */
const ground = stageReplays({ reconcileEveryMs: 3_600_000 });
const { endpoint, count, read, replay, ended, allSettled, idsOf, replayed, fire } = ground;

describe('replaying what was settled', () => {
  it('sends each once more, oldest first, with its own id and bytes, marked; counts first', async () => {
    const { receiver, webhookId } = await fire(450);
    await allSettled(webhookId, 450);
    const before = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]));
    expect(await count({ webhookId, filter: {} })).toBe(450);
    expect(receiver.received).toHaveLength(450);
    const made = await replay({ webhookId, filter: {} });
    expect(made).toEqual({
      id: expect.stringMatching(/^rpl_/),
      webhookId,
      filter: {},
      backfill: null,
      ratePerSecond: null,
      state: 'running',
      selected: 450,
      sent: 0,
      createdAt: expect.stringMatching(/Z$/),
      endedAt: null,
      workflow: {
        id: `replay/${made.id}`,
        url: `http://temporal.test/namespaces/default/workflows/${encodeURIComponent(`replay/${made.id}`)}`,
      },
    });
    expect(await ended(made.id)).toMatchObject({
      state: 'completed',
      sent: 450,
      endedAt: expect.stringMatching(/Z$/),
    });
    await until(async () => replayed(receiver).length >= 450, { what: '450 replays' });
    const after = await allSettled(webhookId, 450);
    expect(after.every(({ state, attemptCount }) => state === 'delivered' && attemptCount === 2)).toBe(true);
    expect(after.every((delivery) => delivery.replay)).toBe(true);
    const sent = replayed(receiver);
    expect(new Set(idsOf(sent))).toEqual(new Set(before.keys()));
    expect(sent).toHaveLength(450);
    for (const { headers, body } of sent) expect(body).toBe(before.get(headers['webhook-id']));
  });

  it('selects by state, record and time, and only what is settled', async () => {
    const receiver = await endpoint();
    const table = await ground.tablehook.createTable();
    const { id: webhookId } = await ground.tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { initialMs: 3_600_000 },
    });
    const make = async (status: number, state: 'delivered' | 'failed' | 'retrying') => {
      receiver.answerNext({ status });
      const { changeId } = await ground.tablehook.createRecord(table.id);
      return ground.tablehook.deliveryOf(changeId, webhookId, state);
    };
    const delivered = await make(200, 'delivered');
    const failed = await make(404, 'failed');
    const cancelled = await make(503, 'retrying');
    await ground.tablehook.call('POST', `/v1/deliveries/${cancelled.id}/cancel`);
    await make(503, 'retrying');
    const selects = async (filter: Record<string, unknown>) => count({ webhookId, filter });
    expect(await selects({})).toBe(3);
    expect(await selects({ states: ['delivered'] })).toBe(1);
    expect(await selects({ states: ['failed', 'cancelled'] })).toBe(2);
    expect(await selects({ recordId: failed.recordId })).toBe(1);
    expect(await selects({ recordId: failed.recordId, states: ['delivered'] })).toBe(0);
    expect(await selects({ since: failed.createdAt })).toBe(2);
    expect(await selects({ until: failed.createdAt })).toBe(1);
    expect(await selects({ since: failed.createdAt, until: cancelled.createdAt })).toBe(1);
    expect(await selects({ since: '9999-01-01T00:00:00Z' })).toBe(0);
    const { id } = await replay({ webhookId, filter: { states: ['failed'] } });
    expect(await ended(id)).toMatchObject({ selected: 1, sent: 1 });
    await ground.tablehook.deliveryOf(failed.changeId, webhookId);
    expect(idsOf(replayed(receiver))).toEqual([failed.id]);
    expect(await ground.tablehook.getDelivery(delivered.id)).toMatchObject({
      attemptCount: 1,
      replay: false,
    });
  });

  it('has each tried until it arrives, though the workflow of its change is still busy with another webhook', async () => {
    const [busy, fine] = [await endpoint(), await endpoint()];
    busy.answerAlways({ status: 503 });
    fine.answerNext({ status: 404 }, { status: 503 });
    const table = await ground.tablehook.createTable();
    const slow = { initialMs: 3_600_000 };
    const retrying = await ground.tablehook.createWebhook(table.id, { url: busy.url, retry: slow });
    const failing = await ground.tablehook.createWebhook(table.id, {
      url: fine.url,
      retry: { initialMs: 50 },
    });
    const { changeId } = await ground.tablehook.createRecord(table.id);
    await ground.tablehook.deliveryOf(changeId, retrying.id, 'retrying');
    const { id } = await ground.tablehook.deliveryOf(changeId, failing.id, 'failed');
    await ended((await replay({ webhookId: failing.id, filter: {} })).id);
    const delivery = await ground.tablehook.deliveryOf(changeId, failing.id);
    expect(delivery).toMatchObject({ id, attemptCount: 3 });
    expect(busy.received).toHaveLength(1);
  });

  it('completes at once when it selects nothing', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const { id, selected } = await replay({ webhookId, filter: { states: ['cancelled'] } });
    expect(selected).toBe(0);
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 0 });
  });

  it('goes at its rate', async () => {
    const { receiver, webhookId } = await fire(8);
    await allSettled(webhookId, 8);
    const startedAt = Date.now();
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 3 });
    const early = await until(
      async () => {
        const found = await read(id);
        return found.sent > 0 && found;
      },
      { what: 'the first step' },
    );
    // Three a second, of which a busy machine may have let one or two go by.
    expect(early.state).toBe('running');
    expect([3, 6]).toContain(early.sent);
    expect(await ended(id)).toMatchObject({ sent: 8, ratePerSecond: 3 });
    // Three, a second, three, a second, two.
    expect(Date.now() - startedAt).toBeGreaterThan(2_000);
    await until(async () => replayed(receiver).length === 8, { what: '8 replays' });
  });

  it('puts nothing further in line once it is cancelled; what is in line still goes out', async () => {
    const { receiver, webhookId } = await fire(5);
    await allSettled(webhookId, 5);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 0.2 });
    await until(async () => (await read(id)).sent === 1, { what: 'the first one' });
    const cancel = () => ground.tablehook.call<Replay>('POST', `/v1/replays/${id}/cancel`);
    const reply = await cancel();
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ state: 'cancelled', sent: 1, endedAt: expect.any(String) });
    expect((await cancel()).body).toEqual(reply.body);
    await ground.temporal.ended(`replay/${id}`);
    await until(async () => replayed(receiver).length > 0, { what: 'the one in line' });
    expect(await read(id)).toEqual(reply.body);
    expect(replayed(receiver)).toHaveLength(1);
  });

  it('is cancelled when its webhook is deleted', async () => {
    const { webhookId } = await fire(5);
    await allSettled(webhookId, 5);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 1 });
    await ground.tablehook.call('DELETE', `/v1/webhooks/${webhookId}`);
    const { state, sent } = await ended(id);
    expect(state).toBe('cancelled');
    expect(sent).toBeLessThan(5);
  });

  it('counts each once, and puts each in line once, however many do the same step at once', async () => {
    const { receiver, webhookId } = await fire(450);
    await allSettled(webhookId, 450);
    const { id } = await replay({ webhookId, filter: {} });
    const { workflows, events } = ground.tablehook.worker;
    const context = { ...ground.tablehook.services, workflows, events };
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while ((await stepReplay(context, { replayId: id })).next.kind !== 'done');
      }),
    );
    expect(await ended(id)).toMatchObject({ state: 'completed', selected: 450, sent: 450 });
    await until(async () => replayed(receiver).length >= 450, { what: '450 replays' });
    const all = await allSettled(webhookId, 450);
    expect(all.filter(({ attemptCount }) => attemptCount !== 2)).toEqual([]);
  });

  it('goes on where it was when somebody terminates its workflow', async () => {
    const { receiver, webhookId } = await fire(6);
    await allSettled(webhookId, 6);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 1 });
    await until(async () => (await read(id)).sent > 0, { what: 'the first step' });
    await ground.temporal.client.workflow.getHandle(`replay/${id}`).terminate();
    const context = { ...ground.tablehook.services, workflows: ground.tablehook.worker.workflows };
    expect(await ensureReplays(context)).toBe(1);
    expect(await ensureReplays(context)).toBe(0);
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 6 });
    await until(async () => replayed(receiver).length >= 6, { what: '6 replays' });
    await allSettled(webhookId, 6);
    expect(new Set(idsOf(replayed(receiver))).size).toBe(replayed(receiver).length);
  });

  it('tells in the Temporal UI how far it came', async () => {
    const { webhookId } = await fire(2);
    await allSettled(webhookId, 2);
    const { id } = await replay({ webhookId, filter: {} });
    await ended(id);
    await ground.temporal.ended(`replay/${id}`);
    expect(await ground.temporal.currentDetails(`replay/${id}`)).toContain('- completed: 2 of 2 put in line');
  });
});
