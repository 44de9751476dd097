import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnabledSpan } from '../../../src/domain/match-webhook.ts';
import { matchWebhook } from '../../../src/domain/match-webhook.ts';
import { switchSpans } from '../../../src/services/webhooks/revision.ts';

const always: EnabledSpan[] = [{ from: 0, until: null }];
const change = (type: 'record.created' | 'record.updated' | 'record.deleted', webhookRevision = 5) => ({
  type,
  webhookRevision,
});

describe('matchWebhook', () => {
  it.each([
    [['record.created'], [true, false, false]],
    [['record.updated'], [false, true, false]],
    [['record.deleted'], [false, false, true]],
    [
      ['record.created', 'record.deleted'],
      [true, false, true],
    ],
    [['record.*'], [true, true, true]],
    [[], [false, false, false]],
  ])('lets a webhook of %j hear create, update, delete: %j', (events, heard) => {
    const types = ['record.created', 'record.updated', 'record.deleted'] as const;
    expect(types.map((type) => matchWebhook({ events, enabledSpans: always }, change(type)))).toEqual(heard);
  });

  it.each([
    ['before the first span', 2, false],
    ['at the start of a span', 3, true],
    ['inside a span', 4, true],
    ['at the end of a span', 5, false],
    ['between two spans', 6, false],
    ['at the start of the span still running', 8, true],
    ['long after', 1_000, true],
  ])('judges a change written %s by its revision alone', (_, webhookRevision, heard) => {
    const enabledSpans = [
      { from: 3, until: 5 },
      { from: 8, until: null },
    ];
    const found = matchWebhook(
      { events: ['record.*'], enabledSpans },
      change('record.updated', webhookRevision),
    );
    expect(found).toBe(heard);
  });

  it('owes nothing to a webhook that was never enabled', () => {
    expect(matchWebhook({ events: ['record.*'], enabledSpans: [] }, change('record.created'))).toBe(false);
  });

  it('owes a change exactly when the webhook was enabled when it was written, whatever was switched after', () => {
    // Every table revision is one switch of this webhook or of another one.
    const switches = fc.array(fc.constantFrom('on', 'off', 'other'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(switches, (history) => {
        let spans: EnabledSpan[] = [];
        let enabled = false;
        const enabledAt: boolean[] = [enabled];
        for (const [index, step] of history.entries()) {
          const wanted: boolean = step === 'other' ? enabled : step === 'on';
          if (wanted !== enabled) spans = switchSpans(spans, wanted, index + 1);
          enabled = wanted;
          enabledAt.push(enabled);
        }
        for (const [revision, heard] of enabledAt.entries()) {
          const webhook = { events: ['record.*'], enabledSpans: spans };
          expect(matchWebhook(webhook, change('record.created', revision))).toBe(heard);
        }
      }),
    );
  });
});
