import { stripVTControlCharacters } from 'node:util';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { Paint } from './paint.ts';

const SHOWN_LENGTH = 60;
const CONTROLS = /[^\P{Cc}\n\t]/gu;
/** Embeddings, overrides and isolates of right-to-left text (UAX #9): left open, they reach what stands behind them. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Rows under a heading, each column as wide as its widest cell. `none` when there are no rows. */
export function formatRows(
  paint: Paint,
  { heading, rows, none }: { heading: string[]; rows: string[][]; none: string },
): string {
  if (rows.length === 0) return none;
  const lines = [heading.map((name) => paint.dim(name)), ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and what they are, one a line, aligned; pairs with null are left out. */
export function formatPairs(paint: Paint, pairs: readonly (readonly [string, string | null])[]): string {
  const shown = pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${value}`).join('\n');
}

/** A value on one line, not longer than a line is; strings in quotes. */
export function formatValue(value: JsonValue | undefined): string {
  return shorten(formatJson(value ?? null));
}

/** Values on one line: `Title: "Ship", Status: "pending"`. */
export function formatValues(values: JsonObject): string {
  const shown = Object.entries(values).map(([name, value]) => `${oneLine(name)}: ${formatValue(value)}`);
  return shown.length > 0 ? shown.join(', ') : 'no values';
}

/** Local date and time to the second, as in 2026-01-31 09:30:00. */
export function formatTime(iso: string | null): string {
  if (iso === null) return '-';
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** Date and time with the distance from now: `2026-01-31 09:30:00 (in 5 s)`. */
export function formatWhen(iso: string, now: Date): string {
  const distanceMs = new Date(iso).getTime() - now.getTime();
  const span = formatSpan(Math.abs(distanceMs));
  return `${formatTime(iso)} (${distanceMs >= 0 ? `in ${span}` : `${span} ago`})`;
}

/** A duration in its largest fitting unit: 900 ms, 5 s, 3 min, 7 h, 2 d. */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const units = [
    ['s', 1_000, 60],
    ['min', 60_000, 60],
    ['h', 3_600_000, 48],
  ] as const;
  const unit = units.find(([, size, most]) => Math.round(ms / size) < most);
  return unit ? `${Math.round(ms / unit[1])} ${unit[0]}` : `${Math.round(ms / 86_400_000)} d`;
}

/** Cuts a text to what fits on a line, with `…` for the rest. */
export function shorten(text: string, length = SHOWN_LENGTH): string {
  const plain = oneLine(text);
  return plain.length <= length ? plain : `${plain.slice(0, length - 1)}…`;
}

/** A text of somebody else's on one line, so that it cannot be taken for lines of ours. */
export function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '));
}

/** A text of somebody else's, without the characters that control a terminal or turn text around; lines and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, '').replaceAll(TURNS, '');
}

/** JSON of anything, with those characters escaped: it stays the same value. */
export function formatJson(value: unknown, indent?: number): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replaceAll(CONTROLS, escape).replaceAll(TURNS, escape);
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, width: number): string {
  return `${text}${' '.repeat(Math.max(0, width - widthOf(text)))}`;
}
