import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import { newId } from '../../src/services/id.ts';
import type { BaselineChange, BaselineDelivery, BaselineWebhook, Store } from './store.ts';

/** What came of a POST. */
export interface PostResult {
  startedAt: string;
  durationMs: number;
  status: number;
}

export type Steps = ReturnType<typeof createSteps>;

const agent = new Agent({ connections: 64, pipelining: 1, keepAliveTimeout: 10_000 });

/** The three steps after a write, as a first version would have them: activities for (a), plain calls for the loop. */
export function createSteps(store: Store) {
  return {
    /** Stores one delivery for each webhook that asked for the change, in one transaction; answers their ids. */
    async match(changeId: string): Promise<string[]> {
      return store.client.withSession(async (session) =>
        session.withTransaction(async () => {
          const change = await store.changes.findOne({ _id: changeId }, { session });
          if (!change) throw new Error(`there is no change ${changeId}`);
          const webhooks = await store.webhooks.find({ tableId: change.tableId }, { session }).toArray();
          const deliveries = webhooks.filter((webhook) => asks(webhook, change)).map(toDelivery(change));
          if (deliveries.length > 0) await store.deliveries.insertMany(deliveries, { session });
          await store.changes.updateOne({ _id: changeId }, { $set: { state: 'planned' } }, { session });
          return deliveries.map(({ _id }) => _id);
        }),
      );
    },

    /** Makes the call. Throws when it did not succeed. */
    async post(deliveryId: string): Promise<PostResult> {
      const delivery = await store.deliveries.findOne({ _id: deliveryId });
      const webhook = delivery && (await store.webhooks.findOne({ _id: delivery.webhookId }));
      if (!webhook) throw new Error(`there is no delivery ${deliveryId}`);
      const startedAt = new Date();
      const { statusCode, body } = await request(webhook.url, {
        dispatcher: agent,
        method: 'POST',
        headers: sign(webhook, delivery),
        body: delivery.body,
        headersTimeout: 15_000,
      });
      await body.dump();
      if (statusCode >= 300) throw new Error(`the endpoint answered ${statusCode}`);
      const durationMs = Date.now() - startedAt.getTime();
      return { startedAt: startedAt.toISOString(), durationMs, status: statusCode };
    },

    /** Stores what came of it. */
    async record(deliveryId: string, { startedAt, durationMs, status }: PostResult): Promise<void> {
      const attempt = { startedAt: new Date(startedAt), durationMs, status };
      await store.deliveries.updateOne(
        { _id: deliveryId },
        { $set: { state: 'delivered' }, $push: { attempts: attempt } },
      );
    },
  };
}

function asks({ events }: BaselineWebhook, { type }: BaselineChange): boolean {
  return events.includes(type) || events.includes('record.*');
}

function toDelivery(change: BaselineChange): (webhook: BaselineWebhook) => BaselineDelivery {
  const { _id: changeId, tableId, recordId, recordVersion, type, at, previous, record } = change;
  return ({ _id: webhookId }) => ({
    _id: newId('dlv'),
    changeId,
    webhookId,
    tableId,
    recordId,
    body: JSON.stringify({
      version: 1,
      id: changeId,
      type,
      timestamp: at.toISOString(),
      table: { id: tableId },
      webhook: { id: webhookId },
      items: [{ recordId, recordVersion, previous, record }],
    }),
    state: 'pending',
    attempts: [],
  });
}

function sign({ secret }: BaselineWebhook, { _id, body }: BaselineDelivery): Record<string, string> {
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${_id}.${seconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': _id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}
