import { describe, expect, it } from 'vitest';
import { checkCustomHeader } from '../../../src/outbound/custom-headers.ts';

describe('custom header', () => {
  it.each([
    ['Authorization', 'Bearer abc'],
    ['X-Api-Key', 'a1'],
    ['x-empty', ''],
    ['x-latin1', 'Zürich'],
    ['x-tab', 'a\tb'],
    ['hostess', 'not Host'],
    ['tablehook', 'no dash'],
    ['X'.repeat(128), 'y'.repeat(4096)],
  ])('accepts %s', (name, value) => {
    expect(checkCustomHeader({ name, value })).toEqual({ ok: true });
  });

  it.each([
    'Host',
    'HOST',
    'Content-Length',
    'Content-Type',
    'Content-Encoding',
    'Connection',
    'Transfer-Encoding',
    'Keep-Alive',
    'Upgrade',
    'TE',
    'Trailer',
    'Proxy-Authorization',
    'Proxy-Connection',
    'Expect',
    'Accept-Encoding',
    'User-Agent',
    'traceparent',
    'tracestate',
    'webhook-id',
    'Webhook-Signature',
    'webhook-anything',
    'Tablehook-Attempt',
    'tablehook-hops',
  ])('refuses the reserved name %s', (name) => {
    expect(checkCustomHeader({ name, value: 'x' })).toEqual({
      ok: false,
      reason: `The header ${name} is set by Tablehook.`,
    });
  });

  it.each(['', ' x', 'x ', 'x y', 'x:y', 'x\r\ny', 'x\0', 'ü', 'x"', '(x)', 'x'.repeat(129)])(
    'refuses the name %j',
    (name) => {
      expect(checkCustomHeader({ name, value: 'x' }).ok).toBe(false);
    },
  );

  it.each([
    ['CR', 'a\rb'],
    ['LF', 'a\nb'],
    ['CRLF and another header', 'a\r\nHost: b'],
    ['a final LF', 'a\n'],
    ['NUL', 'a\0b'],
    ['another control character', 'a\x1bb'],
    ['DEL', 'a\x7fb'],
    ['a character beyond latin1', 'a\u010db'],
    ['an emoji', '🪝'],
    ['more than 4,096 characters', 'a'.repeat(4097)],
  ])('refuses a value with %s', (_, value) => {
    const verdict = checkCustomHeader({ name: 'x-test', value });
    expect(verdict).toMatchObject({ ok: false, reason: expect.stringContaining('x-test') });
  });

  it('never shows the value in its reason', () => {
    expect(JSON.stringify(checkCustomHeader({ name: 'x-key', value: 's3cret\n' }))).not.toContain('s3cret');
  });
});
