import { describe, expect, it } from 'vitest';
import { UNTRIED } from '../../../../src/models/webhook.ts';
import {
  deliveryFailed,
  webhookFailing,
  webhookNeedsAttention,
  webhookPaused,
  webhookRecovered,
} from '../../../../src/services/events/events.ts';

const AT = new Date('2026-01-31T09:30:00.000Z');
const MS = AT.getTime();
const WEBHOOK = { _id: 'whk_1', tableId: 'tbl_1', name: 'CRM', host: 'crm.example' };
const DELIVERY = {
  _id: 'dlv_1',
  tableId: 'tbl_1',
  webhookId: 'whk_1',
  webhookName: 'CRM',
  hops: 2,
  owedSince: new Date(1_000),
};

describe('operational events', () => {
  it('tell which webhook of which table, why and since when, under a key of the transition', () => {
    expect(webhookPaused(WEBHOOK, 'maintenance', AT)).toEqual({
      type: 'webhook.paused',
      tableId: 'tbl_1',
      webhookId: 'whk_1',
      webhookName: 'CRM',
      deliveryId: null,
      reason: 'maintenance',
      at: AT,
      hops: 0,
      eventKey: `webhook.paused:whk_1:${MS}`,
    });
    const recovered = webhookRecovered(WEBHOOK, 'answered 200', AT);
    expect([recovered.type, recovered.eventKey]).toEqual([
      'webhook.recovered',
      `webhook.recovered:whk_1:${MS}`,
    ]);
    const attention = webhookNeedsAttention(WEBHOOK, 'answered 410', AT);
    expect([attention.type, attention.eventKey]).toEqual([
      'webhook.needs-attention',
      `webhook.needs-attention:whk_1:${MS}`,
    ]);
  });

  it('have another key for another transition of the same webhook, and the same for the same', () => {
    const key = (at: Date) => webhookPaused(WEBHOOK, null, at).eventKey;
    expect(key(new Date(MS))).toBe(key(AT));
    expect(key(new Date(MS + 1))).not.toBe(key(AT));
  });

  it('say so when a pause has no reason', () => {
    expect(webhookPaused(WEBHOOK, null, AT).reason).toBe('No reason was given.');
  });

  it('describe how a failing endpoint failed', () => {
    const health = { ...UNTRIED, failures: 5, failingSince: new Date(MS - 10_000), lastStatus: 503 };
    const event = webhookFailing({ ...WEBHOOK, health }, AT);
    expect(event).toMatchObject({ type: 'webhook.failing', at: AT, eventKey: `webhook.failing:whk_1:${MS}` });
    expect(event.reason).toContain('crm.example has failed 5 times in a row since 2026-01-31T09:29:50.000Z');
  });

  it('name the delivery that failed, with its last answer, and count a failure after another try as one more', () => {
    const result = { attemptCount: 3, summary: 'gave-up: 503 from crm.example (attempt 3)' };
    expect(deliveryFailed(DELIVERY, result, AT)).toEqual({
      type: 'delivery.failed',
      tableId: 'tbl_1',
      webhookId: 'whk_1',
      webhookName: 'CRM',
      deliveryId: 'dlv_1',
      reason: 'gave-up: 503 from crm.example (attempt 3)',
      at: AT,
      hops: 2,
      eventKey: 'delivery.failed:dlv_1:3:1000',
    });
    const again = { ...result, attemptCount: 4 };
    expect(deliveryFailed(DELIVERY, again, AT).eventKey).toBe('delivery.failed:dlv_1:4:1000');
    // Sent again, and given up without another attempt.
    const anew = { ...DELIVERY, owedSince: new Date(2_000) };
    expect(deliveryFailed(anew, result, AT).eventKey).toBe('delivery.failed:dlv_1:3:2000');
  });
});
