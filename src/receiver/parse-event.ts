import type { EventType, PayloadShape, RecordValues, WebhookEvent } from './event.ts';
import { ReceiverError } from './receiver-error.ts';

type Parsed = Record<string, unknown>;

const TYPES: readonly EventType[] = ['record.created', 'record.updated', 'record.deleted'];

/**
 * Parses a body of the `standard` format. Throws a ReceiverError `bad-body` that says what is amiss: it is no such event,
 * or its payload holds less than `shape` promises. Fields it does not know are kept.
 */
export function parseEvent<Values = RecordValues, Shape extends PayloadShape = 'full'>(
  body: string | Uint8Array,
  shape: PayloadShape,
): WebhookEvent<Values, Shape> {
  const event = parseJson(body);
  if (!isObject(event)) throw bad('it is not a JSON object');
  if (event['version'] !== 1) throw bad('version is not 1');
  const type = TYPES.find((known) => known === event['type']);
  if (type === undefined) throw bad(`type is not one of ${TYPES.join(', ')}`);
  for (const name of ['id', 'timestamp', 'operatorId']) {
    if (typeof event[name] !== 'string') throw bad(`${name} is not a string`);
  }
  for (const name of ['source', 'table', 'webhook']) {
    if (!isObject(event[name])) throw bad(`${name} is not an object`);
  }
  const items = event['items'];
  if (!Array.isArray(items) || items.length === 0) throw bad('items is not a list of one or more');
  for (const [index, item] of items.entries()) checkItem(item, { at: `items.${index}`, type, shape });
  // What the types promise beyond this is Tablehook's to keep: the body is signed.
  return event as unknown as WebhookEvent<Values, Shape>;
}

interface ItemExpectation {
  at: string;
  type: EventType;
  shape: PayloadShape;
}

function checkItem(item: unknown, { at, type, shape }: ItemExpectation): void {
  if (!isObject(item)) throw bad(`${at} is not an object`);
  if (typeof item['recordId'] !== 'string') throw bad(`${at}.recordId is not a string`);
  if (!Number.isInteger(item['recordVersion'])) throw bad(`${at}.recordVersion is not a whole number`);
  if (shape === 'ids-only') return;
  checkState(item, { name: 'record', at, absent: type === 'record.deleted' });
  if (shape === 'full') checkState(item, { name: 'previous', at, absent: type === 'record.created' });
  if (!Array.isArray(item['changes'])) throw bad(`${at}.changes is not a list`);
}

function checkState(
  item: Parsed,
  { name, at, absent }: { name: 'record' | 'previous'; at: string; absent: boolean },
): void {
  if (item[name] === undefined) {
    throw bad(`${at}.${name} is missing: the webhook's payload options ask for less than is expected here`);
  }
  if (absent ? item[name] !== null : !isObject(item[name])) {
    throw bad(`${at}.${name} is not ${absent ? 'null' : 'an object'}`);
  }
}

function parseJson(body: string | Uint8Array): unknown {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    return JSON.parse(text);
  } catch (cause) {
    throw new ReceiverError('bad-body', 'The body is no event: it is not JSON.', { cause });
  }
}

function isObject(value: unknown): value is Parsed {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(what: string): ReceiverError {
  return new ReceiverError('bad-body', `The body is no event of the standard format: ${what}.`);
}
