import type { ChangeWithDeliveries } from '../contracts/change-with-deliveries.ts';
import type { Attempt, Delivery, DeliveryWithAttempts } from '../contracts/delivery.ts';
import { describeChanges } from './describe-event.ts';
import {
  formatPairs,
  formatRows,
  formatSpan,
  formatTime,
  formatWhen,
  oneLine,
  printable,
  shorten,
} from './format.ts';
import type { Paint } from './paint.ts';

/** What is waited for, and what ends it, by the `waitReason` of a delivery. */
const WAITS: Record<string, string> = {
  disabled: 'its webhook is disabled: until it is enabled (tablehook webhooks update … --enable)',
  paused: 'its webhook is paused: until it is resumed (tablehook webhooks resume …)',
  'circuit-open': 'its endpoint keeps failing and is only probed: until a probe succeeds',
  'rate-limited': "its webhook's ratePerSecond or maxInFlight: until its turn comes",
  'earlier-change': 'an earlier change of the same record is not settled yet, and this webhook keeps order',
  coalescing: 'more edits of its record may come and be merged into it',
  resuming: 'older deliveries of its webhook go first',
  'endpoint-busy': 'its endpoint gets no more calls at a time than it has shown to answer',
};

/** One line per delivery. */
export function describeDeliveries(paint: Paint, deliveries: Delivery[]): string {
  return formatRows(paint, {
    heading: ['ID', 'CREATED', 'EVENT', 'RECORD', 'VERSION', 'WEBHOOK', 'STATE', 'ATTEMPTS', 'LAST'],
    rows: deliveries.map((delivery) => [
      delivery.id,
      formatTime(delivery.createdAt),
      delivery.eventType,
      shorten(delivery.recordId, 32),
      String(delivery.recordVersion),
      shorten(delivery.webhookName, 24),
      paintState(paint, delivery),
      String(delivery.attemptCount),
      lastAnswer(delivery),
    ]),
    none: 'There are no such deliveries.',
  });
}

/** What became of a delivery so far: what it is, each attempt, and what comes next. */
export function describeDelivery(paint: Paint, delivery: DeliveryWithAttempts, now: Date): string {
  const { attempts, attemptCount } = delivery;
  const left = attemptCount - attempts.length;
  const story = [
    ...(left > 0 ? [paint.dim(`${left} earlier attempts are not kept.`)] : []),
    ...attempts.map((attempt) => describeAttempt(paint, attempt)),
    whatNow(paint, delivery, now),
  ];
  return `${describeFacts(paint, delivery)}\n\n${story.join('\n')}`;
}

/** A delivery on the line of a log that is followed. */
export function describeProgress(paint: Paint, delivery: Delivery, now: Date): string {
  const { id, eventType, recordId, recordVersion, webhookName, attemptCount } = delivery;
  const words = [
    paint.dim(formatTime(now.toISOString())),
    id,
    eventType,
    `${oneLine(recordId)} v${recordVersion}`,
    `→ ${printable(webhookName)}`,
    paintState(paint, delivery),
    ...(attemptCount > 0 ? [`attempt ${attemptCount}: ${lastAnswer(delivery)}`] : []),
    ...(delivery.state === 'retrying' && delivery.nextAttemptAt !== null
      ? [`next ${formatWhen(delivery.nextAttemptAt, now)}`]
      : []),
  ];
  return words.join('  ');
}

/** "Did the CRM get it?": a change, what differs, and its deliveries. */
export function describeChange(paint: Paint, change: ChangeWithDeliveries): string {
  const facts = formatPairs(paint, [
    ['change', change.id],
    ['event', paint.strong(change.type)],
    ['table', change.tableId],
    ['record', `${oneLine(change.recordId)} v${change.recordVersion}`],
    ['when', formatTime(change.timestamp)],
    ['operator', printable(change.operatorId)],
    ['source', change.source.kind],
    ['workflow', change.workflow?.url ?? change.workflow?.id ?? null],
  ]);
  const none =
    change.state === 'planned' ? 'No webhook heard of it.' : 'It is not planned yet: ask again in a moment.';
  const deliveries = change.deliveries.length > 0 ? describeDeliveries(paint, change.deliveries) : none;
  return [facts, '', ...describeChanges(change.changes), '', deliveries].join('\n');
}

/** The state of a delivery with its reason, such as `failed (permanent-status)`. */
export function paintState(paint: Paint, delivery: Delivery): string {
  const { state, waitReason, failureReason, cancelReason } = delivery;
  const reason = waitReason ?? failureReason ?? cancelReason;
  const text = reason === null ? state : `${state} (${reason})`;
  if (state === 'delivered') return paint.good(text);
  return state === 'failed' ? paint.bad(text) : state === 'cancelled' ? paint.dim(text) : paint.busy(text);
}

function describeFacts(paint: Paint, delivery: DeliveryWithAttempts): string {
  return formatPairs(paint, [
    ['delivery', delivery.id],
    ['state', paintState(paint, delivery)],
    ['event', delivery.eventType],
    ['record', `${oneLine(delivery.recordId)} v${delivery.recordVersion}`],
    ['table', delivery.tableId],
    ['webhook', `${printable(delivery.webhookName)} (${delivery.webhookId}) at ${delivery.host}`],
    ['change', delivery.changeId],
    ['merged', delivery.mergedChangeIds.length > 0 ? delivery.mergedChangeIds.join(', ') : null],
    ['created', formatTime(delivery.createdAt)],
    ['sent again', delivery.replay ? 'yes, or for a backfill' : null],
    ['workflow', delivery.workflow.url ?? delivery.workflow.id],
  ]);
}

function describeAttempt(paint: Paint, attempt: Attempt): string {
  const { number, startedAt, durationMs, outcome, status, errorMessage, errorCode, responseBody } = attempt;
  const took = durationMs === null ? '' : ` after ${formatSpan(durationMs)}`;
  const what =
    status === null
      ? `${outcome}${took}: ${printable(errorMessage ?? errorCode ?? 'no answer')}`
      : `answered ${status}${took}`;
  const said = responseBody === null || responseBody.trim() === '' ? [] : [quoteAnswer(responseBody)];
  const painted = outcome === 'delivered' ? paint.good(what) : paint.bad(what);
  const line = `${paint.dim(formatTime(startedAt))}  attempt ${number}: ${painted}`;
  return [line, ...said.map((text) => `                     ${paint.dim(text)}`)].join('\n');
}

function quoteAnswer(body: string): string {
  return `it said: ${shorten(body.trim().replaceAll(/\s+/g, ' '), 200)}`;
}

function whatNow(paint: Paint, delivery: Delivery, now: Date): string {
  const { state, waitReason, failureReason, cancelReason, nextAttemptAt, settledAt } = delivery;
  const at = paint.dim(formatTime(settledAt ?? now.toISOString()));
  const next = nextAttemptAt === null ? '' : ` The next attempt is due at ${formatWhen(nextAttemptAt, now)}.`;
  switch (state) {
    case 'pending':
      return `${at}  about to be attempted.${next}`;
    case 'delivering':
      return `${at}  an attempt is under way.`;
    case 'retrying':
      return `${at}  ${paint.busy('will be tried again.')}${next}`;
    case 'waiting':
      return `${at}  ${paint.busy(`waits: ${WAITS[waitReason ?? ''] ?? waitReason}.`)}${next}`;
    case 'delivered':
      return `${at}  ${paint.good('delivered.')}`;
    case 'failed':
      return `${at}  ${paint.bad(`failed for good (${failureReason}).`)} To send it again: tablehook deliveries redeliver ${delivery.id}`;
    case 'cancelled':
      return `${at}  cancelled (${cancelReason}).`;
  }
}

function lastAnswer({ attemptCount, lastStatus, lastErrorCode }: Delivery): string {
  return attemptCount === 0 ? '-' : String(lastStatus ?? lastErrorCode ?? '-');
}
