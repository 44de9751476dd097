import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/domain/condition.ts';
import type { EnabledSpan, FiringRule, MatchedChange } from '../../../src/domain/match-webhook.ts';
import { asksFor, explainMismatch, wasListening } from '../../../src/domain/match-webhook.ts';
import { switchSpans } from '../../../src/services/webhooks/revision.ts';

const anything: FiringRule = { events: ['record.*'], watchFields: [], ignoreSources: [], condition: null };
const stage = { fieldId: 'stage', fieldName: 'Stage' };
const change = (type: MatchedChange['type'], edits: Partial<MatchedChange> = {}): MatchedChange => ({
  type,
  source: { kind: 'api' },
  apiKeyId: 'key_1',
  previous: type === 'record.created' ? null : { stage: 'pending' },
  record: type === 'record.deleted' ? null : { stage: 'completed' },
  changes: [stage],
  ...edits,
});

describe('asksFor', () => {
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
    expect(types.map((type) => asksFor({ ...anything, events }, change(type)))).toEqual(heard);
  });

  it('lets an update that differs in no watched field pass, creates and deletes always', () => {
    const rule = { ...anything, watchFields: ['owner'] };
    expect(asksFor(rule, change('record.updated'))).toBe(false);
    expect(
      asksFor(rule, change('record.updated', { changes: [stage, { fieldId: 'owner', fieldName: 'Owner' }] })),
    ).toBe(true);
    expect(asksFor(rule, change('record.created'))).toBe(true);
    expect(asksFor(rule, change('record.deleted'))).toBe(true);
  });

  it('ignores a kind of source, or one API key', () => {
    expect(asksFor({ ...anything, ignoreSources: ['ingest'] }, change('record.updated'))).toBe(true);
    expect(asksFor({ ...anything, ignoreSources: ['api'] }, change('record.updated'))).toBe(false);
    expect(asksFor({ ...anything, ignoreSources: ['key_1'] }, change('record.updated'))).toBe(false);
    expect(asksFor({ ...anything, ignoreSources: ['key_2'] }, change('record.updated'))).toBe(true);
    expect(
      asksFor({ ...anything, ignoreSources: ['key_2'] }, change('record.updated', { apiKeyId: null })),
    ).toBe(true);
  });

  it('asks its condition', () => {
    const condition = { when: 'enters' as const, fits: compileFilter({ stage: 'completed' }) };
    expect(asksFor({ ...anything, condition }, change('record.updated'))).toBe(true);
    expect(
      asksFor({ ...anything, condition }, change('record.updated', { previous: { stage: 'completed' } })),
    ).toBe(false);
  });
});

describe('explainMismatch', () => {
  it('gives every reason, in words', () => {
    const rule: FiringRule = {
      events: ['record.created'],
      watchFields: ['owner'],
      ignoreSources: ['api'],
      condition: { when: 'leaves', fits: compileFilter({ stage: 'lost' }) },
    };
    expect(explainMismatch(rule, change('record.updated'))).toEqual([
      'It asks for record.created, not for record.updated.',
      'It ignores changes from the source api.',
      'None of the fields it watches differs; changed: Stage.',
      'The record did not cease to fit the filter of its condition with this change (when: leaves).',
    ]);
    expect(explainMismatch(anything, change('record.updated'))).toEqual([]);
  });
});

describe('wasListening', () => {
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
    const found = wasListening(enabledSpans, webhookRevision);
    expect(found).toBe(heard);
  });

  it('owes nothing to a webhook that was never enabled', () => {
    expect(wasListening([], 5)).toBe(false);
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
          expect(wasListening(spans, revision)).toBe(heard);
        }
      }),
    );
  });
});
