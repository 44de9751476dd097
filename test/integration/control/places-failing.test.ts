import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EndpointLoad } from '../../../activities/endpoint-load.ts';
import { Places } from '../../../activities/places.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const TWO = ['one', 'two'].map((_id) => ({ _id, bodyBytes: 100 }));

describe('places at an endpoint, while MongoDB refuses', () => {
  let tablehook: Tablehook;
  let webhook: CreatedWebhook;
  let load: EndpointLoad;
  let places: Places;

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    const { id } = await tablehook.createTable();
    const delivery = { maxInFlight: 3, ratePerSecond: 100 };
    webhook = await tablehook.createWebhook(id, { url: 'http://127.0.0.1:9/', delivery });
    load = new EndpointLoad({ clock: () => performance.now(), onFreed: () => undefined });
    places = new Places({
      services: tablehook.services,
      endpointLoad: load,
      waker: { wake: () => undefined },
      onError: () => undefined,
    });
  });
  afterEach(() => places.close());

  const stored = async () => {
    const doc = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
    if (!doc) throw new Error('no webhook');
    return doc;
  };
  /** What neither the update nor whoever reads its answer can make sense of. */
  const spoil = async (field: 'seats' | 'nextSlotAt') =>
    tablehook.services.models.webhooks.collection.updateOne(
      { tableId: webhook.tableId },
      { $set: { [field]: 'spoilt' } },
    );
  const noSeats = async () => until(async () => (await stored()).seats.length === 0, { what: 'no seats' });

  it('are not kept when a slot cannot be had', async () => {
    const doc = await stored();
    const free = load.free(webhook.id);
    await spoil('nextSlotAt');
    await expect(places.take(doc, { deliveries: TWO, withinMs: 0 })).rejects.toThrow();
    expect(load.free(webhook.id)).toBe(free);
    await noSeats();
    await spoil('nextSlotAt');
    await expect(places.takeWithTurn(doc)).rejects.toThrow();
    await noSeats();
  });

  it('are not kept when a seat cannot be had', async () => {
    const doc = await stored();
    const free = load.free(webhook.id);
    await spoil('seats');
    await expect(places.take(doc, { deliveries: TWO, withinMs: 0 })).rejects.toThrow();
    expect(load.free(webhook.id)).toBe(free);
  });
});
