import { describe, expect, it } from 'vitest';
import { toResponseHeaders } from '../../../src/outbound/response-headers.ts';

describe('response headers', () => {
  it.each([
    'set-cookie',
    'set-cookie2',
    'cookie',
    'authorization',
    'authentication-info',
    'www-authenticate',
    'proxy-authenticate',
    'proxy-anything',
  ])('redacts %s', (name) => {
    expect(toResponseHeaders({ [name]: ['a', 'b'] })).toEqual({ [name]: '[redacted]' });
  });

  it('keeps at most 50, each cut at 1,024 characters', () => {
    const many = Array.from({ length: 80 }, (_, index) => [`x-${index}`, 'a'.repeat(2000)]);
    const shown = toResponseHeaders(Object.fromEntries(many));
    expect(Object.keys(shown)).toHaveLength(50);
    expect(shown['x-0']).toBe('a'.repeat(1024));
  });

  it('leaves out names that would mean something to a store', () => {
    const headers = JSON.parse('{"__proto__":"a","$where":"b","a.b":"c","":"d","x-ok":"e"}');
    const shown = toResponseHeaders(headers);
    expect(Object.entries(shown)).toEqual([['x-ok', 'e']]);
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
  });
});
