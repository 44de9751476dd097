import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  formatJson,
  formatPairs,
  formatRows,
  formatSpan,
  formatValues,
  formatWhen,
  printable,
  shorten,
} from '../../../src/cli/format.ts';
import { createPaint } from '../../../src/cli/paint.ts';

const plain = createPaint(false);

describe('formatRows', () => {
  const input = {
    heading: ['ID', 'NAME'],
    rows: [
      ['tbl_1', 'Tasks'],
      ['tbl_22', ''],
    ],
    none: 'None.',
  };

  it('aligns columns and leaves nothing behind the last', () => {
    expect(formatRows(plain, input)).toBe('ID      NAME\ntbl_1   Tasks\ntbl_22');
  });

  it('aligns the same in colour', () => {
    const coloured = createPaint(true);
    const rows = [
      [coloured.good('tbl_1'), 'Tasks'],
      ['tbl_22', ''],
    ];
    const shown = formatRows(coloured, { ...input, rows });
    expect(shown).not.toBe(formatRows(plain, input));
    expect(stripVTControlCharacters(shown)).toBe(formatRows(plain, input));
  });

  it('says so when there is nothing', () => expect(formatRows(plain, { ...input, rows: [] })).toBe('None.'));
});

describe('formatPairs', () => {
  it('aligns values and leaves out what is not known', () => {
    expect(
      formatPairs(plain, [
        ['id', 'x'],
        ['workflow', null],
        ['name', 'y'],
      ]),
    ).toBe('id    x\nname  y');
  });
});

describe('formatSpan', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [72 * 3_600_000, '3 d'],
  ])('says %i ms as %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('formatWhen', () => {
  const now = new Date('2026-01-31T09:30:00Z');
  it('says how far away a time is, either way', () => {
    expect(formatWhen('2026-01-31T09:30:05Z', now)).toMatch(/^2026-01-31 \d\d:30:05 \(in 5 s\)$/);
    expect(formatWhen('2026-01-31T09:28:00Z', now)).toMatch(/ \(2 min ago\)$/);
  });
});

describe('what others wrote', () => {
  it('cannot move the cursor or colour the terminal', () => {
    expect(printable('a\u001b[2Jb\u0007c\rd\n\te')).toBe('a[2Jbcd\n\te');
    expect(formatValues({ Title: '\u001b[31mred' })).not.toContain('\u001b');
    expect(formatValues({ '\u001b[31mTitle': 'red' })).toBe('[31mTitle: "red"');
  });

  it('cannot turn what stands behind it around', () => {
    expect(printable('\u202edelivered\u2066')).toBe('delivered');
  });

  it('is the same in JSON, where a terminal sees nothing but letters', () => {
    const value = { name: '\u009b31m\u007f\u202e', text: 'é\n' };
    expect(formatJson(value)).toBe(String.raw`{"name":"\u009b31m\u007f\u202e","text":"é\n"}`);
    expect(JSON.parse(formatJson(value, 2))).toEqual(value);
  });

  it('is cut to a line', () => {
    expect(shorten('x'.repeat(100), 10)).toBe('xxxxxxxxx…');
    expect(shorten('short', 10)).toBe('short');
  });
});
