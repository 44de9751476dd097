import type { JsonValue } from '../contracts/json.ts';
import type { Field, FieldInput } from '../contracts/table.ts';
import { FieldType } from '../contracts/table.ts';
import { UsageError } from './cli-error.ts';

/** For options that may be given several times. */
export function append(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A field as in `Title:text` or `Status:select=pending,completed`. Throws UsageError. */
export function parseField(flag: string): FieldInput {
  const [, name, type, options] = /^(.+?):([A-Za-z]+)(?:=(.*))?$/s.exec(flag) ?? [];
  const known = FieldType.safeParse(type);
  if (name === undefined || !known.success) {
    const types = FieldType.options.join(', ');
    throw new UsageError(
      `--field ${quote(flag)} is not NAME:TYPE, such as Title:text or "Status:select=pending,completed". Types: ${types}.`,
    );
  }
  return {
    name,
    type: known.data,
    ...(options !== undefined && { options: options.split(',').map((option) => option.trim()) }),
  };
}

/** A value as in `Title=Ship`, of the type that its field has. Throws UsageError that says what the field takes. */
export function parseValue(flag: string, fields: readonly Field[]): [name: string, value: JsonValue] {
  const split = flag.indexOf('=');
  if (split < 1) throw new UsageError(`--value ${quote(flag)} is not NAME=VALUE, such as Title=Ship.`);
  const field = requireField(flag.slice(0, split), fields);
  return [field.name, toValue(field, flag.slice(split + 1))];
}

/** The field of that name. Throws UsageError that lists those there are. */
export function requireField(name: string, fields: readonly Field[]): Field {
  const field = fields.find((one) => one.name === name);
  if (field) return field;
  const names = fields.map((one) => one.name).join(', ') || 'none';
  throw new UsageError(`The table has no field ${quote(name)}. Its fields: ${names}.`);
}

/** A header as in `Authorization: Bearer x`. Throws UsageError, which does not show the value. */
export function parseHeader(flag: string, secret: boolean): { name: string; value: string; secret: boolean } {
  const split = flag.indexOf(':');
  if (split < 1) {
    throw new UsageError(
      'A header is NAME: VALUE, such as "Authorization: Bearer x". One given has no name.',
    );
  }
  return { name: flag.slice(0, split).trim(), value: flag.slice(split + 1).trim(), secret };
}

/** A time as RFC 3339, or how long ago: `30m`, `2h`, `7d`. Answers RFC 3339. Throws UsageError. */
export function parseTime(text: string, now: Date): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''];
  if (unitMs !== undefined) return new Date(now.getTime() - Number(count) * unitMs).toISOString();
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(at.getTime())) {
    throw new UsageError(
      `${quote(text)} is not a time. Give 2026-01-31T09:30:00Z, a date, or how long ago: 30m, 2h, 7d.`,
    );
  }
  return at.toISOString();
}

/** A whole number from `least` to `most`. Throws UsageError that names the option. */
export function parseCount(
  text: string,
  { option, least, most }: { option: string; least: number; most: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} must be a whole number from ${least} to ${most}, not ${quote(text)}.`);
}

function toValue(field: Field, text: string): JsonValue {
  switch (field.type) {
    case 'number':
      return toNumber(field, text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new UsageError(`${field.name} takes true or false, not ${quote(text)}.`);
    case 'multiSelect':
      return text === '' ? [] : text.split(',').map((option) => toOption(field, option.trim()));
    case 'select':
      return toOption(field, text);
    case 'json':
      return toJson(field, text);
    case 'text':
    case 'datetime':
      return text;
  }
}

function toNumber({ name }: Field, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`${name} takes a number, not ${quote(text)}.`);
}

function toOption({ name, options = [] }: Field, text: string): string {
  if (options.includes(text)) return text;
  throw new UsageError(`${name} takes one of ${options.join(', ')}, not ${quote(text)}.`);
}

function toJson({ name }: Field, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new UsageError(`${name} takes JSON: ${(cause as Error).message}.`, { cause });
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
