import { describe, expect, it } from 'vitest';
import { parseHops } from '../../../src/api/parse-hops.ts';
import { parseIdempotencyKey } from '../../../src/api/parse-idempotency-key.ts';
import { parseIfMatch } from '../../../src/api/parse-if-match.ts';

const invalid = (path: string) =>
  expect.objectContaining({ code: 'invalid_request', errors: [{ path, message: expect.any(String) }] });

describe('parseIfMatch', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"1"', 1],
    ['"42"', 42],
  ])('reads %s as %s', (header, version) => {
    expect(parseIfMatch(header)).toBe(version);
  });

  it.each(['', '1', 'W/"1"', '"a"', '"1", "2"', '"-1"', '"1.5"', '""', '"1', "'1'", `"${'9'.repeat(16)}"`])(
    'refuses %s',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(invalid('header.if-match'));
    },
  );
});

describe('parseHops', () => {
  it('is 0 without the header', () => {
    expect(parseHops(undefined, { writes: true })).toBe(0);
  });

  it.each([
    ['0', 0],
    ['3', 3],
    ['8', 8],
  ])('reads %s', (header, hops) => {
    expect(parseHops(header, { writes: true })).toBe(hops);
  });

  it.each(['9', '1000000000000'])('refuses a write after %s deliveries', (header) => {
    expect(() => parseHops(header, { writes: true })).toThrow(
      expect.objectContaining({ code: 'too_many_hops' }),
    );
  });

  it('lets a read pass, however many hops it comes after', () => {
    expect(parseHops('9', { writes: false })).toBe(9);
  });

  it.each(['', '-1', '1.5', 'x', '1, 2', ' 1', '0x1', '9'.repeat(20)])(
    'refuses the malformed %j',
    (header) => {
      expect(() => parseHops(header, { writes: false })).toThrow(invalid('header.tablehook-hops'));
    },
  );
});

describe('parseIdempotencyKey', () => {
  it.each([undefined, 'a', '"8e03978e-40d5"', '!~', 'x'.repeat(255)])('takes %s', (header) => {
    expect(parseIdempotencyKey(header)).toBe(header ?? null);
  });

  it.each(['', 'a b', 'x'.repeat(256), 'é', 'a\tb', '\u007f'])('refuses %j', (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(invalid('header.idempotency-key'));
  });
});
