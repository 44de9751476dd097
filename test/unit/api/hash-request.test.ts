import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRequest } from '../../../src/api/hash-request.ts';

const request = {
  method: 'POST',
  path: '/v1/tables',
  query: { keys: 'id', fire: 'true' },
  body: { a: 1, b: [1, 2] },
};

describe('hashRequest', () => {
  it('is a SHA-256 in hex', () => {
    expect(hashRequest(request)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on the order of query parameters and JSON keys', () => {
    const same = { ...request, query: { fire: 'true', keys: 'id' }, body: { b: [1, 2], a: 1 } };
    expect(hashRequest(same)).toBe(hashRequest(request));
  });

  it.each([
    ['method', { method: 'PATCH' }],
    ['path', { path: '/v1/tables2' }],
    ['query', { query: { keys: 'id' } }],
    ['body', { body: { a: 1, b: [2, 1] } }],
    ['type of a value', { body: { a: '1', b: [1, 2] } }],
    ['absence of a body', { body: undefined }],
  ])('differs by the %s', (_what, other) => {
    expect(hashRequest({ ...request, ...other })).not.toBe(hashRequest(request));
  });

  it('is the same exactly for bodies that are the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        // -0 is 0 once it is JSON.
        const [left, right] = [a, b].map((body) => JSON.parse(JSON.stringify(body)) as unknown);
        const equal = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        expect(hashRequest({ ...request, body: left }) === hashRequest({ ...request, body: right })).toBe(
          equal,
        );
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map((item) => sorted(item))];
  if (value === null || typeof value !== 'object') return [value];
  return Object.keys(value)
    .toSorted()
    .map((key) => ({ key, value: sorted(Object.getOwnPropertyDescriptor(value, key)?.value) }));
}
