import type { WebhookHealth } from '../contracts/webhook-health.ts';
import type { WebhookPreview } from '../contracts/webhook-preview.ts';
import type { WebhookTest } from '../contracts/webhook-test.ts';
import type { CreatedWebhook, Webhook } from '../contracts/webhook.ts';
import { formatPairs, formatRows, formatTime, formatWhen, printable, shorten } from './format.ts';
import type { Paint } from './paint.ts';

/** One line per webhook. */
export function describeWebhooks(paint: Paint, webhooks: Webhook[]): string {
  return formatRows(paint, {
    heading: ['ID', 'NAME', 'TABLE', 'EVENTS', 'ENDPOINT', 'STATUS'],
    rows: webhooks.map((webhook) => [
      webhook.id,
      shorten(webhook.name, 32),
      webhook.tableId,
      webhook.events.join(', '),
      shorten(webhook.url, 50),
      paintStatus(paint, webhook),
    ]),
    none: 'There is no webhook. `tablehook webhooks create --help` says how to register one.',
  });
}

/** A registration; of a secret header only the name is known. */
export function describeWebhook(paint: Paint, webhook: Webhook): string {
  const headers = webhook.headers.map(({ name, value }) => printable(`${name}: ${value ?? '(secret)'}`));
  const { condition } = webhook;
  return formatPairs(paint, [
    ['id', webhook.id],
    ['name', paint.strong(printable(webhook.name))],
    ['description', webhook.description === '' ? null : printable(webhook.description)],
    ['table', webhook.tableId],
    ['events', webhook.events.join(', ')],
    ['watches', listOf(webhook.watchFields)],
    ['condition', condition && `${condition.when} ${printable(JSON.stringify(condition.filter))}`],
    ['ignores', listOf(webhook.ignoreSources)],
    ['payload', printable(JSON.stringify(webhook.payload))],
    ['endpoint', `${webhook.method} ${printable(webhook.url)}`],
    ['headers', listOf(headers)],
    ['status', paintStatus(paint, webhook)],
    ['retry', JSON.stringify(webhook.retry)],
    ['delivery', JSON.stringify(webhook.delivery)],
    ['auto-pause', webhook.autoPause === null ? 'never' : JSON.stringify(webhook.autoPause)],
    ['created', formatTime(webhook.createdAt)],
    ['updated', webhook.updatedAt === webhook.createdAt ? null : formatTime(webhook.updatedAt)],
  ]);
}

function listOf(items: readonly string[]): string | null {
  return items.length > 0 ? items.join(', ') : null;
}

/** A webhook that was just made, with its secret. */
export function describeSecret(paint: Paint, webhook: CreatedWebhook): string {
  const note = 'Keep it where your endpoint finds it: it verifies what comes, and is shown only now.';
  return `${describeWebhook(paint, webhook)}\n\nThe signing secret: ${paint.strong(webhook.secret)}\n${note}`;
}

/** How an endpoint fares. */
export function describeHealth(paint: Paint, health: WebhookHealth, now: Date): string {
  const { resuming } = health;
  const when = (iso: string | null) => (iso === null ? null : formatWhen(iso, now));
  return formatPairs(paint, [
    ['status', paintStatus(paint, { ...health, enabled: true })],
    ['open', `${health.open} deliveries, of which ${health.waiting} wait`],
    ['circuit', health.circuit],
    ['next probe', when(health.nextProbeAt)],
    ['last success', when(health.lastSuccessAt) ?? 'none'],
    ['last failure', when(health.lastFailureAt) ?? 'none'],
    ['last status', health.lastFailureAt === null ? null : String(health.lastStatus ?? 'no answer')],
    ['failing since', when(health.failingSince)],
    ['resuming', resuming === null ? null : `${resuming.released} of ${resuming.total} let go`],
  ]);
}

/** What a test call sent and got. */
export function describeTest(
  paint: Paint,
  { request, response, errorMessage, errorCode, durationMs }: WebhookTest,
): string {
  const sent = Object.entries(request.headers).map(
    ([name, value]) => `  ${name}: ${printable(value ?? '(secret)')}`,
  );
  const got =
    response === null
      ? paint.bad(`no answer: ${errorMessage ?? errorCode}`)
      : [`${response.status}`, '', printable(response.body ?? '')].join('\n');
  return [
    `${paint.dim('sent')} ${request.method} ${printable(request.url)}`,
    ...sent,
    '',
    printable(request.body),
    '',
    `${paint.dim(`answered after ${durationMs} ms with`)} ${got}`,
  ].join('\n');
}

/** Which changes would have been heard, one a line. */
export function describePreview(paint: Paint, { data }: WebhookPreview): string {
  return formatRows(paint, {
    heading: ['CHANGE', 'EVENT', 'HEARD', 'WHY'],
    rows: data.map(({ changeId, eventType, wouldFire, reasons }) => [
      changeId,
      eventType,
      wouldFire ? paint.good('yes') : 'no',
      printable(reasons.join(' ')),
    ]),
    none: 'Its table has no changes yet.',
  });
}

function paintStatus(
  paint: Paint,
  { enabled, status, statusReason }: Pick<Webhook, 'enabled' | 'status' | 'statusReason'>,
): string {
  const held = status === 'active' ? 'disabled' : `disabled, ${status}`;
  const words = enabled ? status : held;
  const text = statusReason === null ? words : `${words} (${printable(statusReason)})`;
  return status === 'active' && enabled ? paint.good(text) : paint.busy(text);
}
