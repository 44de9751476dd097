import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/contracts/condition.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { compileFilter, fulfils } from '../../../src/domain/condition.ts';

describe('compileFilter', () => {
  it.each<[string, Filter, JsonObject, boolean]>([
    ['a value that is there', { stage: 'won' }, { stage: 'won' }, true],
    ['another value', { stage: 'won' }, { stage: 'lost' }, false],
    ['no value, asked for as null', { stage: null }, {}, true],
    ['any value, asked for as not null', { stage: { $ne: null } }, {}, false],
    ['a value by $exists', { stage: { $exists: true } }, { stage: 'won' }, true],
    ['no value by $exists', { stage: { $exists: false } }, {}, true],
    ['not equal to a value that is missing', { stage: { $ne: 'won' } }, {}, true],
    ['one of a list', { stage: { $in: ['won', 'lost'] } }, { stage: 'lost' }, true],
    ['none of a list', { stage: { $nin: ['won', 'lost'] } }, { stage: 'lost' }, false],
    ['none of a list, when missing', { stage: { $nin: ['won'] } }, {}, true],
    ['an option of several', { tags: 'red' }, { tags: ['red', 'blue'] }, true],
    ['an option that is not among several', { tags: { $ne: 'red' } }, { tags: ['red', 'blue'] }, false],
    ['a greater number', { count: { $gt: 3 } }, { count: 4 }, true],
    ['the same number', { count: { $gt: 3 } }, { count: 3 }, false],
    ['a range', { count: { $gte: 3, $lt: 5 } }, { count: 3 }, true],
    ['a text where a number is asked for', { count: { $gt: 3 } }, { count: '4' }, false],
    ['nothing where less is asked for', { count: { $lt: 3 } }, {}, false],
    ['a later time', { due: { $gt: '2026-01-01T00:00:00.000Z' } }, { due: '2026-01-01T00:00:00.001Z' }, true],
    ['a text within', { title: { $contains: 'hip' } }, { title: 'Ship it' }, true],
    ['a text at the start', { title: { $startsWith: 'hip' } }, { title: 'Ship it' }, false],
    [
      'what is special in a pattern as plain text',
      { title: { $contains: '.*' } },
      { title: 'Ship it' },
      false,
    ],
    ['a negation, when missing', { title: { $not: { $startsWith: 'S' } } }, {}, true],
    ['a place within json', { 'data.city.name': 'Bern' }, { data: { city: { name: 'Bern' } } }, true],
    ['all of several', { $and: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 3 }, false],
    ['one of several', { $or: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 3 }, true],
    ['none of several', { $nor: [{ a: 1 }, { b: 2 }] }, { a: 1 }, false],
  ])('finds %s: %j in %j is %s', (_, filter, values, fits) => {
    expect(compileFilter(filter)(values)).toBe(fits);
  });

  it.each(['$where', '$regex', '$expr', '$function', '$size', '$type', '$mod', '$elemMatch', '$all'])(
    'does not know %s, neither at the top nor below a field',
    (operator) => {
      expect(() => compileFilter({ [operator]: 'true' })({ a: 1 })).toThrow('Unsupported operation');
      expect(() => compileFilter({ a: { [operator]: 'true' } })({ a: 1 })).toThrow('Unsupported operation');
    },
  );
});

describe('fulfils', () => {
  const won = { stage: 'won' };
  const open = { stage: 'open' };
  const fits = compileFilter(won);
  it.each([
    ['created so', null, won, { matches: true, enters: true, leaves: false }],
    ['created otherwise', null, open, { matches: false, enters: false, leaves: false }],
    ['became so', open, won, { matches: true, enters: true, leaves: false }],
    ['stays so', won, won, { matches: true, enters: false, leaves: false }],
    ['is so no more', won, open, { matches: false, enters: false, leaves: true }],
    ['stays otherwise', open, open, { matches: false, enters: false, leaves: false }],
    ['deleted when it was so', won, null, { matches: true, enters: false, leaves: true }],
    ['deleted when it was otherwise', open, null, { matches: false, enters: false, leaves: false }],
  ])('tells a record that was %s', (_, previous, record, expected) => {
    const whens = ['matches', 'enters', 'leaves'] as const;
    expect(
      Object.fromEntries(whens.map((when) => [when, fulfils(when, fits, { previous, record })])),
    ).toEqual(expected);
  });
});
