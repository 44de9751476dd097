import type { JsonObject } from '../contracts/json.ts';
import type { EventBody } from '../contracts/event-body.ts';
import { formatTime, formatValue, formatValues, oneLine, printable } from './format.ts';
import type { Heard } from './listen-server.ts';
import type { Paint } from './paint.ts';

interface Differing {
  fieldName: string;
  /** Missing where a payload leaves it out. */
  from?: EventBody['items'][number]['changes'][number]['from'];
  to: EventBody['items'][number]['changes'][number]['to'];
}

/** One line per field that differs: `Status: "pending" → "completed"`. */
export function describeChanges(changes: readonly Differing[]): string[] {
  return changes.map(({ fieldName, from, to }) => {
    const before = from === undefined ? '' : `${formatValue(from)} → `;
    return `${oneLine(fieldName)}: ${before}${formatValue(to)}`;
  });
}

/** A webhook that was heard: who changed what, and which delivery brought it. */
export function describeHeard(paint: Paint, heard: Heard): string {
  const { event, body } = heard;
  const lines = isEvent(event)
    ? describeEvent(paint, event)
    : (printable(body.slice(0, 2_000)) || '(empty)').split('\n');
  const [first = '', ...others] = lines;
  const at = paint.dim(formatTime(heard.receivedAt).slice(11));
  const rest = [...others, describeCall(paint, heard)];
  return [`${at}  ${first}`, ...rest.map((line) => `          ${line}`)].join('\n');
}

/** As much of a body of the standard format as any payload option leaves. */
type SomeEvent = Pick<EventBody, 'type' | 'operatorId' | 'table'> & { items: SomeItem[] };

interface SomeItem {
  recordId: string;
  recordVersion: number;
  previous?: JsonObject | null;
  record?: JsonObject | null;
  changes?: Differing[];
}

function describeEvent(paint: Paint, { type, operatorId, table, items }: SomeEvent): string[] {
  return items.flatMap((item) => [
    `${paint.strong(oneLine(type))}  ${oneLine(table.name)}  ${oneLine(item.recordId)} v${oneLine(String(item.recordVersion))}  by ${oneLine(operatorId)}`,
    ...describeItem(type, item),
  ]);
}

function describeItem(type: EventBody['type'], { record, previous, changes }: SomeItem): string[] {
  if (type === 'record.created') return record ? [formatValues(record)] : [];
  if (type === 'record.deleted') return previous ? [`was ${formatValues(previous)}`] : [];
  return describeChanges(changes ?? []);
}

function describeCall(paint: Paint, { deliveryId, attempt, replay, answered, ...judged }: Heard): string {
  const { verified, reason } = judged;
  const words = [
    ...(deliveryId === null ? [] : [oneLine(deliveryId)]),
    ...(attempt === null ? [] : [`attempt ${attempt}`]),
    ...(replay ? ['sent again'] : []),
    verified === null
      ? paint.busy('not verified (no --secret)')
      : verified
        ? paint.good('verified')
        : paint.bad(`NOT genuine: ${reason}`),
    `answered ${answered}`,
  ];
  return words.join('  ');
}

function isEvent(event: unknown): event is SomeEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { type, operatorId, table, items } = event as Partial<SomeEvent>;
  return (
    typeof type === 'string' && typeof operatorId === 'string' && Boolean(table?.name) && Array.isArray(items)
  );
}
