import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callUpHeld } from '../../../activities/call-up-held.ts';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { EndpointLoad } from '../../../activities/endpoint-load.ts';
import { Places } from '../../../activities/places.ts';
import type { CallLog } from '../../support/call-log.ts';
import { startCallLog } from '../../support/call-log.ts';
import { createOrderedWebhook } from '../../support/ordered-webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('order, for a webhook that is resumed while a change is planned', () => {
  let tablehook: Tablehook;
  let endpoint: CallLog;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 3_600_000 });
    endpoint = await startCallLog();
  });
  afterAll(async () => {
    await tablehook.stop();
    await endpoint.close();
  });

  it('has the line told of a later version that was stored as paused', async () => {
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint);
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    const { id, changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    const later = await tablehook.deliveryOf(await edit(id, 'later'), webhook.id, 'waiting');
    expect(later.waitReason).toBe('paused');
    const { services } = tablehook;
    const { models } = services;
    await models.webhooks.updateOne({ _id: webhook.id }, { $set: { paused: null } });

    const woken: string[] = [];
    const waker = { ...tablehook.worker.waker, wake: (webhookId: string) => void woken.push(webhookId) };
    const endpointLoad = new EndpointLoad({ clock: () => performance.now(), onFreed: () => undefined });
    const onError = () => undefined;
    const places = new Places({ services, endpointLoad, waker, onError });
    const deliveries = await models.deliveries.find({ _id: later.id }).lean();
    const change = await models.changes.findOne({ _id: later.changeId }).lean();
    if (!change) throw new Error('no change');
    const deps: Partial<ActivityDeps> = { services, waker, places, onError };
    deps.workflows = tablehook.worker.workflows;
    // Nothing else of them is used.
    const held = deliveries.map((delivery) => ({ ...delivery, bodyBytes: Buffer.byteLength(delivery.body) }));
    const plan = { change, deliveries, held, started: [], merged: [], unsendable: [], passedOver: [] };
    const { called } = await callUpHeld(deps as ActivityDeps, [plan]);
    places.close();
    expect(called).toEqual([]);
    expect(woken).toEqual([webhook.id]);
  });
});
