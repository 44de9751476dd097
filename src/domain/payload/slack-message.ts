import type { EventType } from '../../contracts/change.ts';
import type { JsonObject, JsonValue } from '../../contracts/json.ts';
import type { RenderableChange, ShapeOptions } from '../render-body.ts';
import { toBody } from '../render-body.ts';
import { shorten } from '../shorten.ts';
import { toLink, toMrkdwn, toPlainText, toTarget } from './slack-text.ts';
import { toReadable, toReadableTime } from './slack-value.ts';

/** Of Block Kit: fields of a section. Its other limits (50 blocks, texts of 2,000 and 3,000) cannot be met by these. */
export const MAX_SECTION_FIELDS = 10;
export const MAX_SECTIONS = 2;
/** UTF-16 units before escaping, which makes at most five of one, in mrkdwn six. */
const MAX_NAME = 80;
const MAX_VALUE = 150;
const MAX_TITLE = 150;
/** Escaped; a longer one is left out. */
const MAX_URL = 1_500;

interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

interface Mrkdwn {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

type Block =
  | { type: 'section'; text: Mrkdwn }
  | { type: 'section'; fields: PlainText[] }
  | { type: 'context'; elements: PlainText[] };

/** What a Slack incoming webhook takes; `text` is for notifications, which show no blocks. */
export interface SlackMessage {
  text: string;
  blocks: Block[];
}

export interface ToSlackMessageInput {
  change: RenderableChange;
  /** What of the change may be shown. */
  options: ShapeOptions;
  /** Where the record can be followed up, if anywhere. */
  recordUrl: string | null;
}

const DID: Record<EventType, string> = {
  'record.created': 'was created',
  'record.updated': 'was updated',
  'record.deleted': 'was deleted',
};

/**
 * A change as a message for people: what happened, to which record, the changed fields of an update, else the values, who
 * and when. Names and values are texts, whatever they hold: they format nothing and mention nobody.
 */
export function toSlackMessage({ change, options, recordUrl }: ToSlackMessageInput): SlackMessage {
  const table = shorten(change.table.name, MAX_NAME);
  const title = shorten(toTitle(change, options), MAX_TITLE);
  const operator = shorten(change.operatorId, MAX_NAME);
  const did = DID[change.type];
  const link = recordUrl === null ? '' : toTarget(recordUrl);
  const isLinked = link !== '' && link.length <= MAX_URL;
  const shown = isLinked ? toLink(link, toMrkdwn(title)) : toMrkdwn(title);
  const headline = `*${toMrkdwn(table)}* · ${shown} ${did}`;
  const lines = toLines(change, options);
  const most = MAX_SECTION_FIELDS * MAX_SECTIONS;
  const more = lines.length > most ? [`and ${lines.length - most} more`] : [];
  const blocks: Block[] = [{ type: 'section', text: { type: 'mrkdwn', text: headline, verbatim: true } }];
  for (let start = 0; start < Math.min(lines.length, most); start += MAX_SECTION_FIELDS) {
    const fields = lines.slice(start, Math.min(start + MAX_SECTION_FIELDS, most));
    blocks.push({ type: 'section', fields: fields.map((line) => plain(line)) });
  }
  const facts = [...more, `by ${operator}`, toReadableTime(change.timestamp)];
  blocks.push({ type: 'context', elements: facts.map((fact) => plain(fact)) });
  return { text: toMrkdwn(`${table} · ${title} ${did} by ${operator}`), blocks };
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text: toPlainText(text), emoji: false };
}

/** The value of the table's first text field, where it may be shown; else the id of the record. */
function toTitle({ titleField, recordId, ...change }: RenderableChange, options: ShapeOptions): string {
  const { fields, includePrevious = true, idsOnly = false } = options;
  if (idsOnly || !titleField || (fields && !fields.includes(titleField))) return recordId;
  const title = change.record?.[titleField] ?? (includePrevious ? change.previous?.[titleField] : null);
  return typeof title === 'string' && title.trim() !== '' ? title : recordId;
}

function toLines(change: RenderableChange, options: ShapeOptions): string[] {
  const [{ previous, record, changes = [] }] = toBody(change, NOBODY, { ...options, keys: 'name' }).items;
  if (change.type !== 'record.updated') return toValueLines(record ?? previous ?? {});
  return changes.map(({ fieldName, from, to }) =>
    from === undefined ? toLine(fieldName, to) : `${toLine(fieldName, from)} → ${toShort(to)}`,
  );
}

function toValueLines(values: JsonObject): string[] {
  return Object.entries(values).map(([name, value]) => toLine(name, value));
}

function toLine(name: string, value: JsonValue): string {
  return `${shorten(name, MAX_NAME)}: ${toShort(value)}`;
}

function toShort(value: JsonValue): string {
  return shorten(toReadable(value), MAX_VALUE);
}

const NOBODY = { id: '', name: '' };
