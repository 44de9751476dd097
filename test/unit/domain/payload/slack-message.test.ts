import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../../src/contracts/json.ts';
import { toSlackMessage } from '../../../../src/domain/payload/slack-message.ts';
import type { RenderableChange, ShapeOptions } from '../../../../src/domain/render-body.ts';
import { asCreated } from '../../../../src/domain/as-created.ts';
import { CHANGE } from './changes.ts';

const message = (
  change: RenderableChange = CHANGE,
  options: ShapeOptions = {},
  recordUrl: string | null = null,
) => toSlackMessage({ change, options, recordUrl });
/** What stands in the blocks, one by one. */
const textsOf = (change?: RenderableChange, options?: ShapeOptions) =>
  message(change, options).blocks.map((block) => {
    if ('text' in block) return block.text.text;
    return ('fields' in block ? block.fields : block.elements).map(({ text }) => text);
  });
const titled = (title: JsonValue): RenderableChange => ({
  ...CHANGE,
  record: { ...CHANGE.record, fld_1: title },
});
const BY_ANA = ['by ana', '2026-01-31 09:30 UTC'];

describe('toSlackMessage', () => {
  it('says what happened, what changed in which way, who did it and when', () => {
    expect(message().text).toBe('Tasks · Ship was updated by ana');
    expect(textsOf()).toEqual([
      '*Tasks* · Ship was updated',
      [
        'Stage: pending → completed',
        'Due: (none) → 2026-02-01 08:05 UTC',
        'Tags: a → a, b',
        'Done: (none) → yes',
        'Extra: {"a":1} → (none)',
      ],
      BY_ANA,
    ]);
  });

  it('shows the values of what was created or deleted', () => {
    const created = asCreated(CHANGE);
    const values = [
      'Title: Ship',
      'Stage: completed',
      'Due: 2026-02-01 08:05 UTC',
      'Tags: a, b',
      'Done: yes',
    ];
    expect(textsOf(created)).toEqual(['*Tasks* · Ship was created', values, BY_ANA]);
    const deleted: RenderableChange = { ...CHANGE, type: 'record.deleted', record: null };
    expect(textsOf(deleted)[1]).toEqual(['Title: Ship', 'Stage: pending', 'Tags: a', 'Extra: {"a":1}']);
  });

  it('links the record where there is a link that fits', () => {
    const linked = (url: string) => message(CHANGE, {}, url).blocks[0];
    const text = '*Tasks* · <http://temporal.test/a?b=1&amp;c=%7C2|Ship> was updated';
    expect(linked('http://temporal.test/a?b=1&c=|2')).toMatchObject({ text: { text } });
    expect(linked(`http://temporal.test/${'x'.repeat(1_500)}`)).toMatchObject({
      text: { text: '*Tasks* · Ship was updated' },
    });
  });

  it('calls a record by its id when it has no title that may be shown', () => {
    const byId = 'Tasks · rec_1 was updated by ana';
    for (const change of [titled(''), titled(' '), { ...CHANGE, titleField: null }]) {
      expect(message(change).text).toBe(byId);
    }
    const { titleField: _, ...old } = CHANGE;
    expect(message(old).text).toBe(byId);
    expect(message(CHANGE, { fields: ['fld_2'] }).text).toBe(byId);
    expect(message(CHANGE, { idsOnly: true }).text).toBe(byId);
    const deleted: RenderableChange = { ...CHANGE, type: 'record.deleted', record: null };
    expect(message(deleted, { includePrevious: false }).text).toBe('Tasks · rec_1 was deleted by ana');
  });

  it('shows no more than was asked for', () => {
    expect(textsOf(CHANGE, { fields: ['fld_2'] })[1]).toEqual(['Stage: pending → completed']);
    expect(textsOf(CHANGE, { includePrevious: false })[1]).toContain('Stage: completed');
    expect(JSON.stringify(message(CHANGE, { includePrevious: false }))).not.toContain('pending');
    expect(textsOf(CHANGE, { idsOnly: true })).toEqual(['*Tasks* · rec_1 was updated', BY_ANA]);
    expect(textsOf(CHANGE, { fields: ['fld_1'] })).toEqual(['*Tasks* · Ship was updated', BY_ANA]);
  });

  it('sums up what is more than twenty fields', () => {
    const changes = Array.from({ length: 27 }, (_, index) => ({
      fieldId: `fld_${index}`,
      fieldName: `F${index}`,
      from: null,
      to: index,
    }));
    const texts = textsOf({ ...CHANGE, changes });
    expect(texts.map((text) => text.length)).toEqual([expect.any(Number), 10, 10, 3]);
    expect(texts.at(-1)).toEqual(['and 7 more', ...BY_ANA]);
  });

  it('lets no value format, link or mention', () => {
    const nasty = '*bold* _it_ ~no~ `code` <!channel> <@U1> <http://x|y> @here & > quote\nline';
    const { text, blocks } = message({ ...titled(nasty), operatorId: '<!here> @channel' });
    const all = JSON.stringify({ text, blocks });
    expect(all).not.toMatch(/<!|<@|<http|@here|@channel(?!")/);
    expect(text).not.toMatch(/[\n<>]/);
    expect(text).toContain('&lt;!channel&gt;'.replace('&gt;', '\u2060&gt;\u2060'));
    expect(blocks[0]).toMatchObject({ text: { verbatim: true } });
    // Without what cannot be seen, it reads as it was written.
    const seen = text
      .replaceAll('\u2060', '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    expect(seen).toContain(nasty.replace('\n', ' '));
    // Between a mark and any word beside it stands a joiner.
    expect(text).not.toMatch(/[*_~`][^\u2060]|[^\u2060][*_~`]/);
  });
});

describe('toSlackMessage, of any change', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('<', '&', '*', '@here', '>').map((one) => one.repeat(100)),
  );
  const named = fc.oneof(fc.string({ minLength: 1, maxLength: 100 }), fc.constant('&'.repeat(100)));
  const value = fc.oneof(text, fc.jsonValue() as fc.Arbitrary<JsonValue>, fc.constant('&'.repeat(5_000)));
  const any = fc
    .record({
      type: fc.constantFrom('record.created' as const, 'record.updated' as const, 'record.deleted' as const),
      values: fc.array(fc.tuple(named, value), { maxLength: 60 }),
      title: value,
      operatorId: fc.oneof(fc.string({ minLength: 1, maxLength: 200 }), fc.constant('<'.repeat(200))),
      name: named,
    })
    .map(({ type, values, title, operatorId, name }): RenderableChange => {
      const state = Object.fromEntries([
        ['fld_1', title],
        ...values.map(([, one], i) => [`f${i}`, one] as const),
      ]);
      return {
        ...CHANGE,
        type,
        operatorId,
        table: { ...CHANGE.table, name },
        fieldNames: Object.fromEntries([
          ['fld_1', 'Title'],
          ...values.map(([key], i) => [`f${i}`, `${key}${i}`] as const),
        ]),
        record: type === 'record.deleted' ? null : state,
        previous: type === 'record.created' ? null : state,
        changes: values.map(([key, to], i) => ({ fieldId: `f${i}`, fieldName: key, from: to, to })),
      };
    });

  it('stays within the limits of Block Kit, and mentions nobody', () => {
    const url = fc.oneof(fc.constant(null), fc.webUrl(), fc.constant(`http://x/${'&'.repeat(900)}`));
    fc.assert(
      fc.property(any, url, (change, recordUrl) => {
        const { text: fallback, blocks } = message(change, {}, recordUrl);
        expect(fallback.length).toBeLessThanOrEqual(3_000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          if ('text' in block) expect(block.text.text.length).toBeLessThanOrEqual(3_000);
          const parts = 'fields' in block ? block.fields : 'elements' in block ? block.elements : [];
          expect(parts.length).toBeLessThanOrEqual(10);
          for (const part of parts) {
            expect(part.text.length).toBeGreaterThan(0);
            expect(part.text.length).toBeLessThanOrEqual(2_000);
          }
          if (recordUrl === null) expect(JSON.stringify(block)).not.toMatch(/[<>]/);
        }
        expect(fallback).not.toMatch(/[<>\n]/);
      }),
    );
  });
});
