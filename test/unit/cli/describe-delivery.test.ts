import { describe, expect, it } from 'vitest';
import { describeDelivery, describeProgress } from '../../../src/cli/describe-delivery.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import type { Attempt, DeliveryWithAttempts } from '../../../src/contracts/delivery.ts';
import { WaitReason } from '../../../src/contracts/delivery.ts';

const plain = createPaint(false);
const now = new Date('2026-01-31T09:30:00Z');

const FAILED: Attempt = {
  number: 1,
  startedAt: '2026-01-31T09:29:50Z',
  durationMs: 12,
  outcome: 'http-error',
  status: 503,
  errorCode: null,
  errorMessage: null,
  responseHeaders: {},
  responseBody: 'busy\n  now\u001b[2J',
};
const DELIVERY: DeliveryWithAttempts = {
  id: 'dlv_1',
  webhookId: 'whk_1',
  webhookName: 'CRM',
  host: 'crm.example',
  changeId: 'chg_1',
  tableId: 'tbl_1',
  recordId: 'rec_1',
  recordVersion: 2,
  eventType: 'record.updated',
  state: 'retrying',
  waitReason: null,
  failureReason: null,
  cancelReason: null,
  replay: false,
  mergedChangeIds: [],
  attemptCount: 1,
  nextAttemptAt: '2026-01-31T09:30:05Z',
  lastStatus: 503,
  lastErrorCode: null,
  createdAt: '2026-01-31T09:29:49Z',
  settledAt: null,
  expungedAt: null,
  workflow: { id: 'chg_1', url: null },
  attempts: [FAILED],
};
const tell = (edits: Partial<DeliveryWithAttempts>) =>
  describeDelivery(plain, { ...DELIVERY, ...edits }, now);

describe('describeDelivery', () => {
  it('tells each attempt, what was answered, and when the next one is due', () => {
    const text = tell({});
    expect(text).toContain('CRM (whk_1) at crm.example');
    expect(text).toContain('attempt 1: answered 503 after 12 ms');
    expect(text).toContain('it said: busy now[2J\n');
    expect(text).toMatch(/will be tried again\. The next attempt is due at .* \(in 5 s\)/);
  });

  it('tells of an attempt that got no answer', () => {
    const attempt: Attempt = {
      ...FAILED,
      status: null,
      outcome: 'timeout',
      errorMessage: 'No response within 15000 ms.',
    };
    expect(tell({ attempts: [attempt] })).toContain('timeout after 12 ms: No response within 15000 ms.');
  });

  it('says how many attempts are not kept', () => {
    expect(tell({ attemptCount: 53 })).toContain('52 earlier attempts are not kept');
  });

  it.each(WaitReason.options)('says in words what is waited for: %s', (waitReason) => {
    const text = tell({ state: 'waiting', waitReason, nextAttemptAt: null });
    expect(text).toContain(`waiting (${waitReason})`);
    expect(text).toMatch(/waits: .{20,}/);
    expect(text).not.toContain(`waits: ${waitReason}`);
  });

  it('says how to send a failed one again', () => {
    const text = tell({ state: 'failed', failureReason: 'gave-up', settledAt: '2026-01-31T09:29:59Z' });
    expect(text).toContain(
      'failed for good (gave-up). To send it again: tablehook deliveries redeliver dlv_1',
    );
  });
});

describe('describeProgress', () => {
  it('has on one line what changed', () => {
    const line = describeProgress(plain, DELIVERY, now);
    expect(line).not.toContain('\n');
    expect(line).toMatch(
      /dlv_1 {2}record\.updated {2}rec_1 v2 {2}→ CRM {2}retrying {2}attempt 1: 503 {2}next .*in 5 s/,
    );
  });
});
