import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '../../../src/contracts/delivery.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import { traceIdOf } from '../../../src/services/id.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('the log of deliveries', () => {
  let tablehook: Tablehook;
  const receivers: Receiver[] = [];
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => {
    await tablehook.stop();
    for (const receiver of receivers) await receiver.close();
  });

  const endpoint = async (status: number) => {
    const receiver = await startReceiver();
    receiver.answerAlways({ status });
    receivers.push(receiver);
    return receiver;
  };

  describe('of two tables, with webhooks that take, refuse and put off', () => {
    const webhooks: CreatedWebhook[] = [];
    const deliveries: Delivery[] = [];

    beforeAll(async () => {
      const urls = { taking: (await endpoint(200)).url, refusing: (await endpoint(404)).url };
      const busy = (await endpoint(503)).url;
      for (const name of ['One', 'Two']) {
        const table = await tablehook.createTable(name);
        const [taking, refusing, puttingOff] = [
          await tablehook.createWebhook(table.id, { url: urls.taking }),
          await tablehook.createWebhook(table.id, { url: urls.refusing }),
          await tablehook.createWebhook(table.id, { url: busy, retry: { initialMs: 3_600_000 } }),
        ];
        webhooks.push(taking, refusing, puttingOff);
        for (let count = 0; count < 2; count += 1) {
          const { changeId } = await tablehook.createRecord(table.id);
          await tablehook.deliveryOf(changeId, taking.id, 'delivered');
          await tablehook.deliveryOf(changeId, refusing.id, 'failed');
          await tablehook.deliveryOf(changeId, puttingOff.id, 'retrying');
        }
      }
      deliveries.push(...(await tablehook.listDeliveries('limit=200')));
    });

    /** What the log should answer, found by hand. */
    const matching = (filter: Partial<Delivery>) =>
      deliveries.filter((delivery) =>
        Object.entries(filter).every(([name, value]) => delivery[name as keyof Delivery] === value),
      );

    it('shows newest first all there is, in the documented shape', () => {
      expect(deliveries).toHaveLength(12);
      const ids = deliveries.map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted().toReversed());
      const [taking] = webhooks;
      const [delivery] = matching({ webhookId: taking?.id ?? '' });
      expect(delivery).toEqual({
        id: expect.stringMatching(/^dlv_/),
        webhookId: taking?.id,
        webhookName: 'CRM',
        host: new URL(taking?.url ?? '').host,
        changeId: expect.stringMatching(/^chg_/),
        tableId: taking?.tableId,
        recordId: expect.stringMatching(/^rec_/),
        recordVersion: 1,
        eventType: 'record.created',
        state: 'delivered',
        waitReason: null,
        failureReason: null,
        cancelReason: null,
        replay: false,
        mergedChangeIds: [],
        attemptCount: 1,
        nextAttemptAt: null,
        lastStatus: 200,
        lastErrorCode: null,
        createdAt: expect.stringMatching(/Z$/),
        settledAt: expect.stringMatching(/Z$/),
        expungedAt: null,
        workflow: {
          id: delivery?.changeId,
          url: `http://temporal.test/namespaces/default/workflows/${delivery?.changeId}`,
        },
      });
    });

    it('answers every combination of its filters', async () => {
      const samples = [deliveries[0], deliveries[5], deliveries[11]];
      const names = ['webhookId', 'tableId', 'recordId', 'state'] as const;
      for (const sample of samples) {
        if (!sample) throw new Error('too few deliveries');
        for (let chosen = 1; chosen < 2 ** names.length; chosen += 1) {
          const filter = Object.fromEntries(
            names.filter((_, bit) => chosen & (2 ** bit)).map((name) => [name, sample[name]]),
          );
          const query = new URLSearchParams(filter).toString();
          const found = await tablehook.listDeliveries(query);
          expect(
            found.map(({ id }) => id),
            query,
          ).toEqual(matching(filter).map(({ id }) => id));
          expect(found.length).toBeGreaterThan(0);
        }
      }
    });

    it('answers nothing where filters exclude one another', async () => {
      const [first, last] = [deliveries.at(0), deliveries.at(-1)];
      for (const query of [
        `webhookId=${first?.webhookId}&tableId=${last?.tableId}`,
        `recordId=${first?.recordId}&tableId=${last?.tableId}`,
        `state=cancelled`,
        `state=delivering`,
        `recordId=inv-1`,
      ]) {
        expect(await tablehook.listDeliveries(query), query).toEqual([]);
      }
    });

    it('takes since as inclusive and until as exclusive, in any offset, together with other filters', async () => {
      const times = [...new Set(deliveries.map(({ createdAt }) => createdAt))].toSorted();
      const middle = times[Math.floor(times.length / 2)] ?? '';
      const later = (delivery: Delivery) => idTime(delivery.id) >= Date.parse(middle);
      const idsOf = (found: Delivery[]) => found.map(({ id }) => id);
      const shifted = encodeURIComponent(middle.replace('Z', '+00:00'));
      for (const time of [middle, shifted]) {
        expect(idsOf(await tablehook.listDeliveries(`since=${time}`))).toEqual(
          idsOf(deliveries.filter(later)),
        );
        expect(idsOf(await tablehook.listDeliveries(`until=${time}`))).toEqual(
          idsOf(deliveries.filter((delivery) => !later(delivery))),
        );
      }
      expect(await tablehook.listDeliveries(`since=${middle}&until=${middle}`)).toEqual([]);
      const state: DeliveryState = 'failed';
      expect(idsOf(await tablehook.listDeliveries(`since=${middle}&state=${state}`))).toEqual(
        idsOf(matching({ state }).filter(later)),
      );
      expect(await tablehook.listDeliveries('since=9999-01-01T00:00:00Z')).toEqual([]);
      expect(idsOf(await tablehook.listDeliveries('until=9999-01-01T00:00:00Z'))).toEqual(idsOf(deliveries));
    });

    it('keeps its filters from page to page', async () => {
      const filter = 'state=retrying&limit=3';
      const first = await tablehook.call<Page<Delivery>>('GET', `/v1/deliveries?${filter}`);
      const second = await tablehook.call<Page<Delivery>>(
        'GET',
        `/v1/deliveries?${filter}&cursor=${first.body.nextCursor}`,
      );
      expect(second.body.nextCursor).toBeNull();
      expect([...first.body.data, ...second.body.data]).toEqual(matching({ state: 'retrying' }));
    });

    it.each(['state=open', 'webhookId=x', 'tableId=rec_1', 'recordId=', 'since=monday', 'until=1'])(
      'refuses ?%s',
      async (query) => {
        const { status, body } = await tablehook.call<Problem>('GET', `/v1/deliveries?${query}`);
        expect([status, body.errors[0]?.path]).toEqual([400, `query.${query.split('=')[0]}`]);
      },
    );

    it('answers with a change all its deliveries, and nothing of their bytes', async () => {
      const [{ changeId } = { changeId: '' }] = deliveries;
      const reply = await tablehook.call('GET', `/v1/changes/${changeId}`);
      expect(reply.body).toMatchObject({
        id: changeId,
        state: 'planned',
        workflow: { id: changeId, url: `http://temporal.test/namespaces/default/workflows/${changeId}` },
        deliveries: matching({ changeId }).toReversed(),
      });
    });
  });

  it('shows with one delivery what the endpoint answered: headers redacted, 16 KiB of the body', async () => {
    const receiver = await endpoint(200);
    receiver.answerAlways({
      status: 200,
      headers: { 'set-cookie': 'session=S3CRET', authorization: 'S3CRET', 'x-request-id': 'theirs' },
      body: 'é'.repeat(20_000),
    });
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const { changeId } = await tablehook.createRecord(table.id, { Title: 'T1TLE' });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts).toEqual([
      {
        number: 1,
        startedAt: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
        outcome: 'delivered',
        status: 200,
        errorCode: null,
        errorMessage: null,
        responseHeaders: expect.objectContaining({
          'set-cookie': '[redacted]',
          authorization: '[redacted]',
          'x-request-id': 'theirs',
        }),
        responseBody: 'é'.repeat(8_192),
      },
    ]);
    expect(JSON.stringify(delivery)).not.toMatch(/S3CRET|T1TLE|whsec_/);
  });

  it('reads an attempt whose worker died as retrying, in the delivery and in the filter', async () => {
    const { url } = await endpoint(200);
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url });
    const { changeId } = await tablehook.createRecord(table.id);
    // One whose workflow has ended, so that nobody takes it over while we look.
    const { id } = await tablehook.deliveryOf(changeId, webhook.id);
    const claim = { token: 'lost', number: 2, startedAt: new Date(0), until: new Date(1) };
    const { deliveries } = tablehook.services.models;
    const statesOf = async () => {
      const listed = async (state: string) =>
        tablehook.listDeliveries(`webhookId=${webhook.id}&state=${state}`);
      return {
        read: (await tablehook.getDelivery(id)).state,
        retrying: (await listed('retrying')).map((delivery) => delivery.state),
        delivering: (await listed('delivering')).map((delivery) => delivery.state),
      };
    };
    await deliveries.updateOne({ _id: id }, { $set: { state: 'delivering', claim } });
    expect(await statesOf()).toEqual({ read: 'retrying', retrying: ['retrying'], delivering: [] });
    const until = new Date('9999-01-01T00:00:00Z');
    await deliveries.updateOne({ _id: id }, { $set: { claim: { ...claim, until } } });
    expect(await statesOf()).toEqual({ read: 'delivering', retrying: [], delivering: ['delivering'] });
  });
});

/** The millisecond an id was made in. */
function idTime(id: string): number {
  return Number.parseInt(traceIdOf(id).slice(0, 12), 16);
}
