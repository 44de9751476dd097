import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** By then a busy machine is done, too. */
const SOON = { timeout: 60_000 };

let tablehook: Tablehook;
let ran: RanDocument;

beforeAll(async () => {
  tablehook = await startTablehook();
});
afterAll(async () => tablehook.stop());

/** Runs a guide before the tests of a `describe`, and ends behind them what it started. */
function runGuide(path: string): void {
  beforeAll(async () => {
    ran = await runDocument(tablehook, await findDocument(path));
  });
  afterAll(async () => ran.stop());
}

/** What the programs of a guide printed, each line by itself, of those that begin so. */
function printed(begin: string): string[] {
  return ran
    .output()
    .split('\n')
    .filter((line) => line.startsWith(begin));
}

describe('docs/guides/from-undb.md', () => {
  runGuide('docs/guides/from-undb.md');

  it('moves a webhook: what was loaded is not told, what was written while it was paused is', async () => {
    const query = `webhookId=${ran.variable('WEBHOOK')}&recordId=${ran.variable('RECORD')}`;
    expect(await tablehook.listDeliveries(query)).toMatchObject([
      { eventType: 'record.updated', recordVersion: 2, state: 'delivered', attemptCount: 1 },
    ]);
    expect(ran.output()).toContain('"wouldFire":true');
  });

  it('gives an old receiver the body it knows', async () => {
    const path = `/v1/webhooks/${ran.variable('WEBHOOK')}/test`;
    const recordId = ran.variable('RECORD');
    const tested = await tablehook.call<{ request: { body: string } }>('POST', path, { recordId });
    expect(JSON.parse(tested.body.request.body)).toMatchObject({
      event: {
        name: 'record.updated',
        payload: {
          id: recordId,
          tableId: ran.variable('TABLE'),
          previous: { values: { Name: 'Acme', Stage: 'open', Amount: 5000 } },
          record: { values: { Name: 'Acme', Stage: 'won', Amount: 5000 } },
        },
      },
    });
  });

  it('reports a change of a record that stays in undb, and tells of it', async () => {
    const deliveries = async () => tablehook.listDeliveries('recordId=recK2m9QxZw');
    const reported = { webhookName: 'Won deals', eventType: 'record.updated', state: 'delivered' };
    await expect.poll(deliveries, SOON).toMatchObject([reported]);
  });
});

describe('docs/guides/slack.md', () => {
  runGuide('docs/guides/slack.md');

  it('posts what the guide shows, then its own words, and calls nobody', async () => {
    // What a request prints ends its line by itself: another may begin on the same one.
    const textsOf = (pattern: RegExp) =>
      [...ran.output().matchAll(pattern)].map(([, text]) => JSON.parse(`"${text}"`) as string);
    const messages = () => [
      ...textsOf(/\{"text":"((?:[^"\\]|\\.)*)","blocks"/g),
      ...textsOf(/\{ "text": ?"((?:[^"\\]|\\.)*)"/g),
    ];
    await expect
      .poll(messages, SOON)
      .toEqual([
        'Contracts · Lease A&amp;B was deleted by bob',
        ':rotating_light: bob deleted the critical contract *Lease &lt;!channel&gt;*',
      ]);
    expect(ran.output()).toContain('"text":"Critical: yes"');
  });
});

describe('docs/guides/crm.md', () => {
  runGuide('docs/guides/crm.md');

  it('tells the CRM who comes, who goes, and who was there before, and nothing of what it wrote itself', async () => {
    const heard = () => printed('crm ');
    const expected = [
      'crm has Grace <grace@example.com>, v2',
      `crm drops ${ran.variable('GRACE')}, v4`,
      'crm has Ada <ada@example.com>, v1',
    ];
    await expect.poll(() => heard().toSorted(), SOON).toEqual(expected.toSorted());
    expect(heard().at(-1)).toBe(expected[2]);
    expect(ran.output()).toMatch(
      /"wouldFire":false,"reasons":\["It ignores changes made with the API key key_/,
    );
    expect(await tablehook.listDeliveries(`recordId=${ran.variable('ADA')}`)).toHaveLength(1);
  });

  it('makes the body that a fixed API wants', async () => {
    const bodies = () => printed('{ "external_id"').map((line) => JSON.parse(line) as unknown);
    await expect.poll(bodies, SOON).toEqual([
      {
        external_id: ran.variable('ADA'),
        revision: 2,
        properties: { name: 'Ada', email: 'ada@crm.example' },
      },
    ]);
  });
});

describe('docs/guides/operating.md', () => {
  runGuide('docs/guides/operating.md');

  it('lets the alarm ring for the delivery that failed, and for nothing else', async () => {
    const rings = () =>
      printed('{"version":1')
        .map((line) => JSON.parse(line) as { items: { record: Record<string, string> }[] })
        .map(({ items }) => [items[0]?.record['Event'], items[0]?.record['DeliveryId']]);
    await expect.poll(rings, SOON).toEqual([['delivery.failed', ran.variable('DELIVERY')]]);
  });

  it('counts what failed, and sends it again to the endpoint that was put right', async () => {
    expect(ran.output()).toContain('{"selected":1}');
    const delivery = async () => tablehook.getDelivery(ran.variable('DELIVERY'));
    await expect.poll(async () => (await delivery()).state, SOON).toBe('delivered');
    const { attempts } = await delivery();
    expect(attempts.map(({ status }) => status)).toEqual([404, 200]);
  });

  it('keeps what is written during a pause, and delivers it after', async () => {
    expect(ran.output()).toMatch(/"eventType":"record.updated","state":"waiting","waitReason":"paused"/);
    const states = async () => {
      const deliveries = await tablehook.listDeliveries(`webhookId=${ran.variable('WEBHOOK')}`);
      return deliveries.map(({ eventType, state }) => `${eventType} ${state}`).toSorted();
    };
    const events = ['record.created', 'record.deleted', 'record.updated'];
    await expect.poll(states, SOON).toEqual(events.map((event) => `${event} delivered`));
  });
});
