import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/domain/parse-retry-after.ts';

const NOW = new Date('2026-01-31T09:30:00.000Z');

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The three forms of an HTTP-date (RFC 9110 §5.6.7) of one instant. */
function formsOf(date: Date) {
  const imf = date.toUTCString();
  const [weekday = '', day = '', month = '', year = '', time = ''] = imf.replace(',', '').split(' ');
  return {
    imf,
    rfc850: `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    asctime: `${weekday} ${month} ${String(date.getUTCDate()).padStart(2, ' ')} ${time} ${year}`,
  };
}

describe('parseRetryAfter', () => {
  it('reads the three forms of the example of RFC 9110 as one instant', () => {
    const before = new Date('1994-11-06T08:49:00Z');
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', before)).toBe(37_000);
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', before)).toBe(37_000);
    expect(parseRetryAfter('Sun Nov  6 08:49:37 1994', before)).toBe(37_000);
  });

  it('reads every date to come in all three forms, to the second', () => {
    const dates = fc.date({
      min: NOW,
      max: new Date('2049-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const seconds = new Date(Math.ceil(date.getTime() / 1000) * 1000);
        const waitMs = seconds.getTime() - NOW.getTime();
        for (const form of Object.values(formsOf(seconds))) {
          expect(parseRetryAfter(form, NOW), form).toBe(waitMs);
        }
      }),
    );
  });

  it('reads a two-digit year as one at most 50 years ahead (RFC 9110 §5.6.7)', () => {
    const in2060 = Date.parse('2060-11-06T08:49:37Z') - NOW.getTime();
    expect(parseRetryAfter('Saturday, 06-Nov-60 08:49:37 GMT', NOW)).toBe(in2060);
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', NOW)).toBe(0);
  });

  it('reads whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (seconds) => {
        expect(parseRetryAfter(String(seconds), NOW)).toBe(seconds * 1000);
      }),
    );
    expect(parseRetryAfter(' 120 ', NOW)).toBe(120_000);
  });

  it('takes a past date as "at once"', () => {
    for (const form of Object.values(formsOf(new Date('1999-12-31T23:59:59Z')))) {
      expect(parseRetryAfter(form, NOW), form).toBe(0);
    }
  });

  it.each([
    undefined,
    '',
    ' ',
    '-5',
    '1.5',
    '+5',
    '0x10',
    '12345678901',
    '120 seconds',
    'soon',
    'Monday',
    'Mon 1',
    'Money 5',
    'Sun, 06 Nov 1994',
    'Sun, 32 Nov 2094 08:49:37 GMT',
    'Sun, 30 Feb 2094 08:49:37 GMT',
    'Sun, 06 Nov 2094 08:49:37 PST',
    '2094-11-06T08:49:37Z',
  ])('says nothing of %j', (header) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  });
});
