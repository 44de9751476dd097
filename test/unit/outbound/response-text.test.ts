import { describe, expect, it } from 'vitest';
import { toResponseText, type ResponseBytes } from '../../../src/outbound/response-text.ts';

function textOf(bytes: Buffer | string, rest: Partial<ResponseBytes> = {}): string | null {
  const body = {
    bytes: Buffer.from(bytes),
    truncated: false,
    contentType: undefined,
    contentEncoding: undefined,
  };
  return toResponseText({ ...body, ...rest });
}

describe('response text', () => {
  it('is null when there was no body', () => {
    expect(textOf('')).toBe(null);
    expect(textOf('', { contentEncoding: 'gzip' })).toBe(null);
  });

  it('is the text of a UTF-8 body', () => {
    expect(textOf('{"name":"Zürich 🪝"}', { contentEncoding: ' Identity ' })).toBe('{"name":"Zürich 🪝"}');
  });

  it('drops a character the cut left incomplete', () => {
    const bytes = Buffer.from('abc🪝').subarray(0, 6);
    expect(textOf(bytes, { truncated: true })).toBe('abc');
    expect(textOf(`${'a'.repeat(40)}`)).toHaveLength(40);
  });

  it('marks the few characters of another charset', () => {
    expect(textOf(Buffer.from('le café est fermé aujourd’hui, revenez', 'latin1'))).toContain(
      'caf\ufffd est',
    );
  });

  it.each(['gzip', 'br', 'deflate, gzip', '<script>'])(
    'is a note for content-encoding %s',
    (contentEncoding) => {
      expect(textOf('abc', { contentEncoding })).toBe('[compressed body, not shown]');
    },
  );

  it.each(['image/png', 'video/mp4', 'application/octet-stream', 'application/pdf; x=1'])(
    'is a note for content-type %s',
    (contentType) => {
      expect(textOf('abc', { contentType })).toBe('[binary body, not shown]');
    },
  );

  it.each(['text/html', 'image/svg+xml', 'application/json'])(
    'is the text for content-type %s',
    (contentType) => {
      expect(textOf('abc', { contentType })).toBe('abc');
    },
  );

  it('is a note for bytes that are not text whatever the type says', () => {
    expect(textOf(Buffer.from([65, 0, 66]), { contentType: 'text/plain' })).toBe('[binary body, not shown]');
    expect(textOf(Buffer.from('8b9ffe01ccd9', 'hex'))).toBe('[binary body, not shown]');
  });
});
