import { describe, expect, it } from 'vitest';
import { WaitReason } from '../../../src/contracts/delivery.ts';
import type { PlannedDelivery } from '../../../src/contracts/workflow.ts';
import { afterHold, toStanding } from '../../../workflows/standing.ts';

const delivery: PlannedDelivery = {
  deliveryId: 'dlv_1',
  webhookId: 'whk_1',
  webhookName: 'CRM',
  method: 'POST',
  host: 'crm.example',
  state: 'pending',
};
const settledAs = (state: 'delivered' | 'failed' | 'cancelled') =>
  ({ kind: 'settled', state, attemptCount: 1, lastStatus: 200, summary: 'an answer' }) as const;

describe('toStanding', () => {
  it('says the answer of a delivered one, and that there is nothing to do', () => {
    expect(toStanding(delivery, settledAs('delivered'))).toEqual({
      state: 'delivered',
      note: 'an answer',
      advice: '',
    });
  });

  it.each(['failed', 'cancelled'] as const)('says how to send a %s one again', (state) => {
    expect(toStanding(delivery, settledAs(state)).advice).toContain('/redeliver`');
  });

  it('says the last answer and the next time of one that is retried, and where later ones are seen', () => {
    const nextAttemptAt = '2026-11-24T18:07:36.447Z';
    const summary = '503 from crm.example (attempt 1)';
    const standing = toStanding(delivery, { kind: 'retry', attemptCount: 1, nextAttemptAt, summary });
    expect(standing.note).toBe(`${summary}, next attempt at 2026-11-24 18:07:36 UTC`);
    expect(standing.advice).toContain('Pending Activities');
  });

  it.each(WaitReason.options)('says of one that waits for %s what ends the waiting', (reason) => {
    const { state, note } = toStanding(delivery, { kind: 'held', reason });
    expect(state).toBe('waiting');
    expect(note).toMatch(new RegExp(`^${reason}, .*until .{10,}`));
  });

  it.each([
    ['paused', '`POST /v1/webhooks/whk_1/resume`'],
    ['disabled', '`PATCH /v1/webhooks/whk_1`'],
    ['circuit-open', '`wake/whk_1`'],
    ['rate-limited', '`wake/whk_1`'],
    ['earlier-change', '`GET /v1/deliveries?webhookId=whk_1`'],
  ] as const)('says what a person can do about one that is held: %s', (reason, call) => {
    expect(toStanding(delivery, { kind: 'held', reason }).advice).toContain(call);
  });

  it('keeps the last answer of one that was attempted before it was held', () => {
    const summary = '503 from crm.example (attempt 2)';
    const { note } = toStanding(delivery, { kind: 'held', reason: 'paused', summary });
    expect(note).toMatch(/; last answer: 503 from crm\.example \(attempt 2\)$/);
  });
});

describe('afterHold', () => {
  it('says the last answer, or that it is held no more', () => {
    expect(afterHold('503 from crm.example (attempt 2)').note).toBe('503 from crm.example (attempt 2)');
    expect(afterHold(undefined)).toMatchObject({ state: 'retrying', note: 'not held back any more' });
  });
});
