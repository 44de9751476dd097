import type { ServerResponse } from 'node:http';
import type { BatchResult } from '../../src/contracts/record.ts';
import type { Replay } from '../../src/contracts/replay.ts';
import type { WebhookTest } from '../../src/contracts/webhook-test.ts';
import { changeIdOf, FAST_RETRY, SLOW_RETRY } from './stage.ts';
import type { Stage } from './stage.ts';
import { until } from '../support/until.ts';

/** One way through the workflows, whose history is kept and replayed against every later version of their code. */
export interface Path {
  name: string;
  /** What such a history must hold, in its decoded text: else it tells of another path. */
  proof: RegExp[];
  /** Goes the way, and answers the id of the workflow that did. */
  walk: (stage: Stage) => Promise<string>;
}

/** Every path that has a saved history. */
export const PATHS: readonly Path[] = [
  {
    name: 'delivered-at-once',
    proof: [/"state":"delivered","summary":"200 from .* \(attempt 1\)"/],
    walk: async (stage) => {
      const { changeId } = await stage.fire((await stage.endpoint()).url);
      return changeId;
    },
  },
  {
    name: 'delivered-after-retries',
    proof: [/ACTIVITY_TASK_COMPLETED/, /"state":"delivered","summary":"200 from .* \(attempt 3\)"/],
    walk: async (stage) => {
      const receiver = await stage.endpoint();
      receiver.answerNext({ status: 503 }, { status: 503 });
      const { changeId } = await stage.fire(receiver.url);
      return changeId;
    },
  },
  {
    name: 'failed-for-good',
    proof: [/WORKFLOW_EXECUTION_FAILED/, /CRM \(permanent-status: 404 from .* \(attempt 1\)\)/],
    walk: async (stage) => {
      const receiver = await stage.endpoint();
      receiver.answerAlways({ status: 404 });
      const { changeId } = await stage.fire(receiver.url);
      return changeId;
    },
  },
  {
    name: 'gave-up-at-the-horizon',
    proof: [/ACTIVITY_TASK_FAILED/, /CRM \(gave-up: 503 from .* \(attempt 2\)\)/],
    walk: async (stage) => {
      const receiver = await stage.endpoint();
      receiver.answerAlways({ status: 503 });
      const { changeId } = await stage.fire(receiver.url, { retry: { ...SLOW_RETRY, giveUpAfterMs: 3_000 } });
      return changeId;
    },
  },
  {
    name: 'one-delivered-one-failed',
    proof: [
      /1 of 2 deliveries failed: Search \(permanent-status: 404/,
      /"webhook":"CRM","state":"delivered"/,
    ],
    walk: async ({ tablehook, endpoint }) => {
      const [fine, missing] = [await endpoint(), await endpoint()];
      missing.answerAlways({ status: 404 });
      const table = await tablehook.createTable();
      await tablehook.createWebhook(table.id, { name: 'CRM', url: fine.url });
      await tablehook.createWebhook(table.id, { name: 'Search', url: missing.url });
      return changeIdOf(await tablehook.createRecord(table.id));
    },
  },
  {
    name: 'no-webhook-matched',
    proof: [/"deliveries":\[\]/, /"outcomes":\[\]/],
    walk: async ({ tablehook, endpoint }) => {
      const table = await tablehook.createTable();
      const events = ['record.deleted'];
      await tablehook.createWebhook(table.id, { url: (await endpoint()).url, events });
      return changeIdOf(await tablehook.createRecord(table.id));
    },
  },
  {
    name: 'cancelled-while-retrying',
    proof: [/ACTIVITY_TASK_CANCEL_REQUESTED/, /WORKFLOW_EXECUTION_SIGNALED/, /"state":"cancelled"/],
    walk: async (stage) => {
      const { tablehook, temporal } = stage;
      const receiver = await stage.endpoint();
      receiver.answerAlways({ status: 503 });
      const { changeId, webhook } = await stage.fire(receiver.url, { retry: SLOW_RETRY });
      await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
      await temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
      await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
      return changeId;
    },
  },
  {
    name: 'held-then-delivered',
    proof: [/TIMER_STARTED/, /TIMER_CANCELED/, /"kind":"held"/, /"state":"delivered"/],
    walk: async (stage) => (await holdAndLetGo(stage)).changeId,
  },
  {
    name: 'deferred-to-the-durable-queue',
    proof: [/"kind":"deferred"/, /"state":"delivered","summary":"200 from .* \(attempt 1\)"/],
    walk: async (stage) => {
      const { tablehook } = stage;
      const receiver = await stage.endpoint();
      // Over the 2 s that make an endpoint a slow one.
      receiver.answerNext((_request, response) => setTimeout(() => response.writeHead(200).end(), 2_100));
      const { tableId, webhook, changeId } = await stage.fire(receiver.url);
      await tablehook.deliveryOf(changeId, webhook.id);
      return changeIdOf(await tablehook.createRecord(tableId));
    },
  },
  {
    name: 'first-attempt-broke',
    proof: [/"kind":"deferred"/, /an attempt is being made elsewhere/, /"state":"delivered"/],
    walk: async ({ tablehook, temporal, endpoint }) => {
      const table = await tablehook.createTable();
      const { id } = await tablehook.createWebhook(table.id, { url: (await endpoint()).url });
      // Stands for every fault of the worker's own: a document that cannot be read, then can.
      const webhooks = tablehook.services.models.webhooks.collection;
      const whole = await webhooks.findOneAndUpdate({ _id: id as never }, { $unset: { retry: 1 } });
      const changeId = changeIdOf(await tablehook.createRecord(table.id));
      await temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
      await webhooks.updateOne({ _id: id as never }, { $set: { retry: whole?.['retry'] } });
      return changeId;
    },
  },
  {
    name: 'shared-and-handed-over',
    proof: [/"activity_type":"deliverShared"/, /"activity_type":"handOver"/, /"handedOver":\["chg_/],
    walk: async ({ tablehook, endpoint }) => {
      const receiver = await endpoint();
      const table = await tablehook.createTable();
      const retry = FAST_RETRY;
      const { id } = await tablehook.createWebhook(table.id, { url: receiver.url, retry });
      receiver.answerAlways((request, response) => {
        const title = receiver.received.at(-1)?.event.items[0]?.record?.['Title'];
        const refused = title === 'b' && request.headers['tablehook-attempt'] === '1';
        response.writeHead(refused ? 503 : 200).end();
      });
      // Of three that come together the first is started alone; the others share a workflow.
      const operations = ['a', 'b', 'c'].map((Title) => ({ op: 'create', values: { Title } }));
      const { body } = await tablehook.call<BatchResult>('POST', `/v1/tables/${table.id}/records/batch`, {
        operations,
      });
      const changeIds = body.results.map((result) => changeIdOf(result));
      for (const changeId of changeIds) await tablehook.deliveryOf(changeId, id);
      const workflows = await Promise.all(
        changeIds.map(async (changeId) => (await tablehook.getChange(changeId)).workflow?.id ?? ''),
      );
      const shared = workflows.find((workflowId) => workflowId.startsWith('shared/'));
      if (shared === undefined) throw new Error(`nothing was shared: ${workflows.join(', ')}`);
      return shared;
    },
  },
  {
    name: 'waited-in-line',
    proof: [
      /"kind":"held","reason":"endpoint-busy"/,
      /TIMER_STARTED/,
      /WORKFLOW_EXECUTION_SIGNALED/,
      /"state":"delivered"/,
    ],
    walk: async ({ tablehook, temporal, endpoint }) => {
      const receiver = await endpoint();
      const open: ServerResponse[] = [];
      receiver.answerAlways((_request, response) => void open.push(response));
      const table = await tablehook.createTable();
      await tablehook.createWebhook(table.id, { url: receiver.url });
      // As many as an endpoint has turns to begin with, for over the 2 s that make it a slow one.
      const operations = Array.from({ length: 32 }, () => ({ op: 'create', values: { Title: 'a' } }));
      await tablehook.call('POST', `/v1/tables/${table.id}/records/batch`, { operations });
      await until(async () => open.length === operations.length);
      await new Promise((resolve) => {
        setTimeout(resolve, 2_100);
      });
      const changeId = changeIdOf(await tablehook.createRecord(table.id));
      await temporal.whenEvent(changeId, 'TIMER_STARTED');
      receiver.answerAlways({ status: 200 });
      for (const response of open) response.writeHead(200).end();
      return changeId;
    },
  },
  {
    name: 'replay',
    proof: [/TIMER_STARTED/, /"summary":"1 of 2 put in line"/, /completed: 2 of 2 put in line/],
    walk: async (stage) => {
      const { tablehook } = stage;
      const { tableId, webhook, changeId } = await stage.fire((await stage.endpoint()).url);
      const second = changeIdOf(await tablehook.createRecord(tableId));
      for (const id of [changeId, second]) await tablehook.deliveryOf(id, webhook.id);
      const input = { webhookId: webhook.id, filter: {}, ratePerSecond: 1 };
      const { body } = await tablehook.call<Replay>('POST', '/v1/replays', input);
      return `replay/${body.id}`;
    },
  },
  {
    name: 'merged-into-another',
    proof: [/"merged":\[\{"webhookName":"CRM","deliveryId":"dlv_/, /"outcomes":\[\]/],
    walk: async ({ tablehook, endpoint }) => {
      const table = await tablehook.createTable();
      const delivery = { coalesce: { waitMs: 2_000, maxWaitMs: 2_000 } };
      await tablehook.createWebhook(table.id, { url: (await endpoint()).url, delivery });
      const record = await tablehook.createRecord(table.id);
      return changeIdOf(await tablehook.updateRecord(table.id, record.id, { Title: 'Shipped' }));
    },
  },
  {
    name: 'webhook-tested',
    proof: [/ACTIVITY_TASK_COMPLETED/, /WORKFLOW_EXECUTION_COMPLETED/, /"200 from .* in \d+ ms"/],
    walk: async ({ tablehook, endpoint }) => {
      const table = await tablehook.createTable();
      const webhook = await tablehook.createWebhook(table.id, { url: (await endpoint()).url });
      const path = `/v1/webhooks/${webhook.id}/test`;
      const { body } = await tablehook.call<WebhookTest>('POST', path);
      return `test/${body.request.headers['webhook-id']}`;
    },
  },
  {
    name: 'wake',
    proof: [/"summary":"1 let go"/, /"next":\{"kind":"done"\}/, /WORKFLOW_EXECUTION_SIGNALED/],
    walk: async (stage) => {
      const { changeId, webhook } = await holdAndLetGo(stage);
      await stage.tablehook.deliveryOf(changeId, webhook.id);
      return `wake/${webhook.id}`;
    },
  },
];

/** A webhook disabled while its delivery is being retried, and enabled once the workflow has gone to sleep. */
async function holdAndLetGo(stage: Stage) {
  const { tablehook, temporal } = stage;
  const receiver = await stage.endpoint();
  receiver.answerNext({ status: 503 });
  const fired = await stage.fire(receiver.url, { retry: { ...FAST_RETRY, initialMs: 1_500 } });
  await tablehook.deliveryOf(fired.changeId, fired.webhook.id, 'retrying');
  await tablehook.call('PATCH', `/v1/webhooks/${fired.webhook.id}`, { enabled: false });
  await temporal.whenEvent(fired.changeId, 'TIMER_STARTED');
  await tablehook.call('PATCH', `/v1/webhooks/${fired.webhook.id}`, { enabled: true });
  return fired;
}
