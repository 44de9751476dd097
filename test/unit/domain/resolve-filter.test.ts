import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/contracts/condition.ts';
import type { Field } from '../../../src/contracts/table.ts';
import { resolveFilter } from '../../../src/domain/resolve-filter.ts';

const fields: Field[] = [
  { id: 'f_title', name: 'Title', type: 'text' },
  { id: 'f_count', name: 'Count', type: 'number' },
  { id: 'f_done', name: 'Done', type: 'boolean' },
  { id: 'f_due', name: 'Due', type: 'datetime' },
  { id: 'f_stage', name: 'Stage', type: 'select', options: ['open', 'won'] },
  { id: 'f_tags', name: 'Tags', type: 'multiSelect', options: ['red', 'blue'] },
  { id: 'f_data', name: 'Data', type: 'json' },
  { id: 'f_dotted', name: 'Data.sheet', type: 'text' },
];

describe('resolveFilter', () => {
  it.each<[Filter, Filter]>([
    [{ Stage: 'won' }, { f_stage: 'won' }],
    [{ f_stage: 'won' }, { f_stage: 'won' }],
    [{ Tags: { $in: ['red', null] } }, { f_tags: { $in: ['red', null] } }],
    [{ Due: { $gt: '2026-01-01T02:00:00+02:00' } }, { f_due: { $gt: '2026-01-01T00:00:00.000Z' } }],
    [{ $or: [{ Count: 1 }, { Done: true }] }, { $or: [{ f_count: 1 }, { f_done: true }] }],
    [{ 'Data.city.name': 'Bern' }, { 'f_data.city.name': 'Bern' }],
    [{ 'Data.sheet': 'A' }, { f_dotted: 'A' }],
    [{ Title: { $not: { $contains: 'x' } } }, { f_title: { $not: { $contains: 'x' } } }],
  ])('turns %j into %j', (filter, value) => {
    expect(resolveFilter(fields, filter)).toEqual({ ok: true, value });
  });

  it.each<[Filter, string, string]>([
    [{ Staeg: 'won' }, 'Staeg', 'the table has no field with this id or name'],
    [{ Stage: 'lost' }, 'Stage', 'must be one of "open", "won"'],
    [{ Stage: { $in: ['won', 'lost'] } }, 'Stage.$in.1', 'must be one of "open", "won"'],
    [{ Stage: { $gt: 'a' } }, 'Stage.$gt', 'does not go with a select field'],
    [{ Tags: 'green' }, 'Tags', 'must be one of "red", "blue"'],
    [{ Count: '3' }, 'Count', 'must be a number'],
    [{ Count: { $contains: '3' } }, 'Count.$contains', 'does not go with a number field'],
    [{ Done: 'yes' }, 'Done', 'must be true or false'],
    [
      { Due: { $lt: 'tomorrow' } },
      'Due.$lt',
      'must be an RFC 3339 date and time, such as 2026-01-31T09:30:00Z',
    ],
    [{ $and: [{ Count: 1 }, { Title: 2 }] }, '$and.1.Title', 'must be a string'],
    [{ 'Title.length': 2 }, 'Title.length', 'the table has no field with this id or name'],
    [{ 'Data.__proto__.x': 1 }, 'Data.__proto__.x', 'the table has no field with this id or name'],
    [{ 'Data.': 1 }, 'Data.', 'the table has no field with this id or name'],
    [{ Title: { $not: { $gt: 3 } } }, 'Title.$not.$gt', 'must be a string'],
    [{ Stage: 'won', f_stage: 'open' }, '', 'asks twice for the field f_stage; join the two with $and'],
  ])('refuses %j at %s', (filter, path, message) => {
    expect(resolveFilter(fields, filter)).toEqual({ ok: false, errors: [{ path, message }] });
  });
});
