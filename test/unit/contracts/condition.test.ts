import { describe, expect, it } from 'vitest';
import { Condition } from '../../../src/contracts/condition.ts';

const issuesOf = (filter: unknown) =>
  (Condition.safeParse({ filter }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const nested = (depth: number): object => (depth === 0 ? { a: 1 } : { $and: [nested(depth - 1)] });

describe('Condition', () => {
  it.each([
    { Stage: 'won' },
    { Stage: null },
    { Stage: { $in: ['won', null] } },
    { Count: { $gte: 1, $lt: 5, $not: { $eq: 3 } } },
    { $or: [{ Stage: 'won' }, { $nor: [{ Title: { $contains: 'x' } }] }] },
    { 'Data.city': { $exists: true } },
  ])('takes %j', (filter) => {
    expect(issuesOf(filter)).toEqual([]);
    expect(Condition.parse({ filter }).when).toBe('matches');
  });

  it.each<[unknown, string]>([
    [{}, 'filter: must not be empty'],
    [{ Stage: {} }, 'filter.Stage: must not be empty'],
    [{ Stage: ['won'] }, 'filter.Stage: must be an object'],
    [{ $where: 'sleep(1)' }, 'filter.$where: is not an operator here; $and, $or, $nor are'],
    [{ Stage: { $regex: 'x' } }, 'filter.Stage.$regex: is not an operator; $eq'],
    [{ Stage: { nested: 1 } }, 'filter.Stage.nested: is not an operator; $eq'],
    [{ $and: { Stage: 'won' } }, 'filter.$and: must be a list of filters'],
    [{ $and: [] }, 'filter.$and: must be a list of filters'],
    [{ $and: ['won'] }, 'filter.$and.0: must be an object'],
    [{ Stage: { $in: 'won' } }, 'filter.Stage.$in: must be a list'],
    [{ Stage: { $in: [{}] } }, 'filter.Stage.$in: must be a list'],
    [{ Stage: { $exists: 'yes' } }, 'filter.Stage.$exists: must be true or false'],
    [{ Stage: { $contains: '' } }, 'filter.Stage.$contains: must be a text'],
    [{ Stage: { $eq: { a: 1 } } }, 'filter.Stage.$eq: must be a text of at most'],
    [{ Stage: { $not: 'won' } }, 'filter.Stage.$not: must be an object'],
    [nested(8), 'must not nest deeper than 8'],
    [{ $or: Array.from({ length: 201 }, () => ({ a: 1 })) }, 'must not hold more than 200 parts'],
  ])('refuses %j and says where', (filter, message) => {
    expect(issuesOf(filter).some((issue) => issue.includes(message))).toBe(true);
  });

  it('refuses a when it does not know', () => {
    expect(Condition.safeParse({ filter: { a: 1 }, when: 'became' }).success).toBe(false);
  });
});
