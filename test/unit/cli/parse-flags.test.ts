import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/cli-error.ts';
import { parseCount, parseField, parseHeader, parseTime, parseValue } from '../../../src/cli/parse-flags.ts';
import type { Field } from '../../../src/contracts/table.ts';

const FIELDS: Field[] = [
  { id: 'fld_1', name: 'Title', type: 'text' },
  { id: 'fld_2', name: 'Count', type: 'number' },
  { id: 'fld_3', name: 'Done', type: 'boolean' },
  { id: 'fld_4', name: 'Due', type: 'datetime' },
  { id: 'fld_5', name: 'Status', type: 'select', options: ['pending', 'in work'] },
  { id: 'fld_6', name: 'Tags', type: 'multiSelect', options: ['a', 'b'] },
  { id: 'fld_7', name: 'Meta', type: 'json' },
];

describe('parseField', () => {
  it.each([
    ['Title:text', { name: 'Title', type: 'text' }],
    ['Ratio: a:number', { name: 'Ratio: a', type: 'number' }],
    ['Status:select=pending, in work', { name: 'Status', type: 'select', options: ['pending', 'in work'] }],
    ['Kind:select=a:b', { name: 'Kind', type: 'select', options: ['a:b'] }],
  ])('reads %s', (flag, field) => expect(parseField(flag)).toEqual(field));

  it.each(['Title', ':text', 'Title:words', 'Title:', ''])('refuses %j and says what a field is', (flag) => {
    expect(() => parseField(flag)).toThrow(UsageError);
    expect(() => parseField(flag)).toThrow('Types: text, number');
  });
});

describe('parseValue', () => {
  it.each([
    ['Title=Ship', 'Ship'],
    ['Title=', ''],
    ['Title=a=b', 'a=b'],
    ['Title=12', '12'],
    ['Count=12', 12],
    ['Count=-1.5e3', -1500],
    ['Done=true', true],
    ['Done=false', false],
    ['Due=2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'],
    ['Status=in work', 'in work'],
    ['Tags=a, b', ['a', 'b']],
    ['Tags=', []],
    ['Meta={"a":[1]}', { a: [1] }],
  ])('reads %s by the type of its field', (flag, value) => {
    expect(parseValue(flag, FIELDS)).toEqual([flag.split('=', 1)[0], value]);
  });

  it.each([
    ['Title', 'is not NAME=VALUE'],
    ['=x', 'is not NAME=VALUE'],
    ['Owner=ana', 'no field "Owner". Its fields: Title, Count'],
    ['Count=many', 'Count takes a number'],
    ['Count=', 'Count takes a number'],
    ['Count=Infinity', 'Count takes a number'],
    ['Done=yes', 'Done takes true or false'],
    ['Status=done', 'Status takes one of pending, in work'],
    ['Tags=a,c', 'Tags takes one of a, b'],
    ['Meta={', 'Meta takes JSON'],
  ])('refuses %s and says why', (flag, message) => {
    expect(() => parseValue(flag, FIELDS)).toThrow(UsageError);
    expect(() => parseValue(flag, FIELDS)).toThrow(message);
  });
});

describe('parseHeader', () => {
  it('reads name and value, and whether it is secret', () => {
    expect(parseHeader('Authorization: Bearer a:b', true)).toEqual({
      name: 'Authorization',
      value: 'Bearer a:b',
      secret: true,
    });
  });

  it('does not show a value that has no name', () => {
    expect(() => parseHeader('s3cret', true)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.not.stringContaining('s3cret') }),
    );
  });
});

describe('parseTime', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  it.each([
    ['30s', '2026-01-31T11:59:30.000Z'],
    ['90m', '2026-01-31T10:30:00.000Z'],
    ['2h', '2026-01-31T10:00:00.000Z'],
    ['7d', '2026-01-24T12:00:00.000Z'],
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00.000Z'],
  ])('reads %s', (text, iso) => expect(parseTime(text, now)).toBe(iso));

  it.each(['yesterday', '5', '2w', '', '2026-13-01'])('refuses %j', (text) => {
    expect(() => parseTime(text, now)).toThrow(UsageError);
  });
});

describe('parseCount', () => {
  const bounds = { option: '--limit', least: 1, most: 200 };
  it('reads a whole number within its bounds', () => expect(parseCount('200', bounds)).toBe(200));
  it.each(['0', '201', '1.5', 'x', '', '-1', '1e2'])('refuses %j', (text) => {
    expect(() => parseCount(text, bounds)).toThrow('--limit must be a whole number from 1 to 200');
  });
});
