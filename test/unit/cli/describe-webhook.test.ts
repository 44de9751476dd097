import { describe, expect, it } from 'vitest';
import { describeTest, describeWebhook } from '../../../src/cli/describe-webhook.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import type { Webhook } from '../../../src/contracts/webhook.ts';
import { CreateWebhookInput } from '../../../src/contracts/webhook.ts';

const plain = createPaint(false);

const WEBHOOK: Webhook = {
  ...CreateWebhookInput.parse({ name: 'CRM', url: 'https://crm.example/', events: ['record.*'] }),
  id: 'whk_1',
  tableId: 'tbl_1',
  status: 'active',
  statusReason: null,
  createdAt: '2026-01-31T09:30:00Z',
  updatedAt: '2026-01-31T09:30:00Z',
};

describe('describeWebhook', () => {
  it('tells all that decides what fires it and what is sent', () => {
    const shown = describeWebhook(plain, {
      ...WEBHOOK,
      watchFields: ['fld_1', 'fld_2'],
      condition: { filter: { fld_1: 'completed' }, when: 'enters' },
      ignoreSources: ['ingest'],
      payload: { ...WEBHOOK.payload, format: 'slack' },
    });
    expect(shown).toMatch(/^watches +fld_1, fld_2$/m);
    expect(shown).toMatch(/^condition +enters \{"fld_1":"completed"\}$/m);
    expect(shown).toMatch(/^ignores +ingest$/m);
    expect(shown).toMatch(/^payload +\{"format":"slack",/m);
  });

  it('leaves out what narrows nothing', () =>
    expect(describeWebhook(plain, WEBHOOK)).not.toMatch(/^(watches|condition|ignores)/m));

  it('says of a disabled one why else it would be held, and not that it is active', () => {
    const statusOf = (webhook: Partial<Webhook>) =>
      /^status +(.*)$/m.exec(describeWebhook(plain, { ...WEBHOOK, ...webhook }))?.[1];
    expect(statusOf({})).toBe('active');
    expect(statusOf({ enabled: false })).toBe('disabled');
    expect(statusOf({ enabled: false, status: 'gone' })).toBe('disabled, gone');
  });
});

describe('describeTest', () => {
  it('shows headers without the characters that control a terminal', () => {
    const request = {
      url: 'https://crm.example/',
      method: 'POST' as const,
      headers: { 'x-a': '\u009b2Ja' },
      body: '',
    };
    const shown = describeTest(plain, {
      request,
      response: null,
      outcome: 'timeout',
      errorCode: 'timeout',
      errorMessage: null,
      durationMs: 5,
    });
    expect(shown).toContain('  x-a: 2Ja\n');
  });
});
