import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import type { Stage } from './stage.ts';
import { changeIdOf, openStage } from './stage.ts';

/** The first retry comes soon; further ones, should the test last, change nothing. */
const RETRY = { initialMs: 400, factor: 10, jitter: 0 };

/** By its title: how the endpoint answers a record's first attempt, and all others. */
const ANSWERS: Record<string, [first: number, others: number]> = {
  fine: [200, 200],
  late: [503, 200],
  down: [503, 503],
  missing: [404, 404],
  unwanted: [503, 503],
};

describe('the list of workflows in the Temporal UI', () => {
  let stage: Stage;
  let tableId: string;
  const changes: Record<string, string> = {};
  const records: Record<string, string> = {};

  beforeAll(async () => {
    stage = await openStage();
    const { tablehook, endpoint } = stage;
    const receiver = await endpoint();
    receiver.answerAlways((request, response) => {
      const title = receiver.received.at(-1)?.event.items[0]?.record?.['Title'];
      const [first, others] = ANSWERS[JSON.stringify(title).slice(1, -1)] ?? [500, 500];
      response.writeHead(request.headers['tablehook-attempt'] === '1' ? first : others).end();
    });
    tableId = (await tablehook.createTable()).id;
    const events = ['record.created'];
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url, events, retry: RETRY });
    for (const title of Object.keys(ANSWERS)) {
      const record = await tablehook.createRecord(tableId, { Title: title });
      changes[title] = changeIdOf(record);
      records[title] = record.id;
      await until(async () => isTried(title));
    }
    const ended = await tablehook.deliveryOf(changes['unwanted'] ?? '', webhook.id, 'retrying');
    await tablehook.call('POST', `/v1/deliveries/${ended.id}/cancel`);
    await stage.temporal.ended(changes['unwanted'] ?? '');
    const edited = await tablehook.updateRecord(tableId, records['fine'] ?? '', { Title: 'edited' });
    changes['edited'] = changeIdOf(edited);
    await stage.temporal.ended(changes['edited']);
    await tablehook.deliveryOf(changes['late'] ?? '', webhook.id, 'delivered');
    await stage.temporal.ended(changes['late'] ?? '');
  });
  afterAll(async () => {
    await stage.close();
  });

  const isTried = async (title: string) => {
    const { deliveries } = await stage.tablehook.getChange(changes[title] ?? '');
    return (deliveries[0]?.attemptCount ?? 0) > 0;
  };
  /** The changes a query lists, by the titles of their records, sorted. */
  const listed = async (query: string) => {
    const titles: string[] = [];
    for await (const { workflowId } of stage.temporal.client.workflow.list({ query })) {
      titles.push(Object.keys(changes).find((title) => changes[title] === workflowId) ?? workflowId);
    }
    return titles.toSorted();
  };
  const ofTable = 'TablehookTableId="tbl_…"';

  it.each([
    { query: ofTable, titles: ['down', 'edited', 'fine', 'late', 'missing', 'unwanted'] },
    { query: `TablehookRecordId="rec_…"`, titles: ['edited', 'fine'] },
    { query: `${ofTable} AND TablehookEventType="record.updated"`, titles: ['edited'] },
    { query: `${ofTable} AND TablehookOutcome="failed"`, titles: ['missing'] },
    { query: `${ofTable} AND ExecutionStatus="Running"`, titles: ['down'] },
    { query: `${ofTable} AND ExecutionStatus="Running" AND TablehookOutcome="open"`, titles: ['down'] },
    {
      query: `${ofTable} AND ExecutionStatus="Completed" AND TablehookOutcome IN ("first-attempt", "delivered")`,
      titles: ['edited', 'fine', 'late'],
    },
    { query: `${ofTable} AND TablehookOutcome="delivered"`, titles: ['late'] },
    { query: `${ofTable} AND TablehookOutcome="cancelled"`, titles: ['unwanted'] },
  ])('answers $query, as the guide has it, with $titles', async ({ query, titles }) => {
    expect(await readFile('docs/temporal-ui.md', 'utf8')).toContain(`\`${query}\``);
    const asked = query.replace('tbl_…', tableId).replace('rec_…', records['fine'] ?? '');
    // Visibility is written behind the workflow.
    await until(async () => (await listed(asked)).join() === titles.join(), {
      what: `${titles.join()} of ${asked}`,
    }).catch(async () => expect(await listed(asked)).toEqual(titles));
  });
});
