import { describe, expect, it } from 'vitest';
import { findUnserved, tabulate } from '../../api-fuzz/answers.ts';

const operations = [
  { operationId: 'getTable' },
  { operationId: 'listTables' },
  { operationId: 'removeTable' },
];
const answers = { getTable: { '200': 3, '404': 1 }, listTables: { '400': 2 } };

describe('the answers of an API fuzz', () => {
  it('show operations that were never served, or never called', () => {
    expect(findUnserved(operations, answers)).toEqual(['listTables', 'removeTable']);
  });

  it('are one line per operation, with the share that was served', () => {
    const [first, second, third] = tabulate(operations, answers).split('\n');
    expect(first).toMatch(/^getTable +4 calls +75 % served +200: 3, 404: 1$/);
    expect(second).toMatch(/^listTables +2 calls +0 % served/);
    expect(third).toMatch(/^removeTable +0 calls +– served/);
  });
});
