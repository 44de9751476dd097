import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('docs/guides/operating.md', () => {
  let tablehook: Tablehook;
  let ran: RanDocument;
  beforeAll(async () => {
    tablehook = await startTablehook();
    ran = await runDocument(tablehook, await findDocument('docs/guides/operating.md'));
  });
  afterAll(async () => {
    await ran?.stop();
    await tablehook.stop();
  });

  it('lets the alarm ring for the delivery that failed, and for nothing else', async () => {
    const rings = () =>
      ran
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{"version":1'))
        .map((line) => JSON.parse(line) as { items: { record: Record<string, string> }[] })
        .map(({ items }) => [items[0]?.record['Event'], items[0]?.record['DeliveryId']]);
    await expect.poll(rings).toEqual([['delivery.failed', ran.variable('DELIVERY')]]);
  });

  it('counts what failed, and sends it again to the endpoint that was put right', async () => {
    expect(ran.output()).toContain('{"selected":1}');
    const delivery = async () => tablehook.getDelivery(ran.variable('DELIVERY'));
    await expect.poll(async () => (await delivery()).state).toBe('delivered');
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
    await expect.poll(states).toEqual(events.map((event) => `${event} delivered`));
  });
});
