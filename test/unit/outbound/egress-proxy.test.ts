import { describe, expect, it } from 'vitest';
import { parseEgressProxy } from '../../../src/outbound/egress-proxy.ts';

describe('parseEgressProxy', () => {
  it.each([
    ['http://proxy.internal:3128', { host: 'proxy.internal', port: 3128, secure: false }],
    ['http://10.0.0.7/', { host: '10.0.0.7', port: 80, secure: false }],
    ['https://proxy.internal', { host: 'proxy.internal', port: 443, secure: true }],
    ['http://[fd00::7]:8080', { host: 'fd00::7', port: 8080, secure: false }],
  ])('reads %s', (text, proxy) => {
    expect(parseEgressProxy(text)).toEqual({ ...proxy, authorization: null });
  });

  it.each([
    ['http://user:pass@proxy.internal:3128', 'user:pass'],
    ['http://us%65r:p%40ss%3A%2F%25@proxy.internal', 'user:p@ss:/%'],
    ['http://user@proxy.internal', 'user:'],
    ['http://z%C3%BCrich:geheim@proxy.internal', 'zürich:geheim'],
  ])('takes the credentials of %s', (text, credentials) => {
    const basic = `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(parseEgressProxy(text).authorization).toBe(basic);
  });

  it.each([
    'proxy.internal:3128',
    'socks5://s3cret@proxy.internal:1080',
    'http://',
    'http://user:s3cret@proxy.internal/path',
    'http://proxy.internal?s3cret',
    'http://proxy.internal#s3cret',
    'http://user:s3cret%@proxy.internal',
    'http://us%3Aer:s3cret@proxy.internal',
    'http://user:s3cret@proxy.internal:70000',
  ])('refuses %s without quoting it', (text) => {
    expect(() => parseEgressProxy(text)).toThrow(/^must (?!.*s3cret)/);
  });
});
