import type { Finding } from '../../contracts/diagnosis.ts';
import { nextMove } from '../../domain/next-move.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toStatus } from '../../models/webhook.ts';
import { toWakeId } from '../changes/startable.ts';
import type { ServiceContext, WorkflowInspector } from '../context.ts';
import { findWaiting } from '../line/find-waiting.ts';
import { OVERDUE_AFTER_MS } from './measure.ts';

export type WebhookFindingsContext = Pick<ServiceContext, 'models' | 'clock'> & {
  inspector: WorkflowInspector;
};

/** Webhooks that are spoken of; those for which most waits go first. */
const LIMIT = 50;
const MAX_TIME_MS = 5_000;

/** What a person should know of webhooks that are not called as they come, and of lines that stand still. */
export async function findInWebhooks(
  context: WebhookFindingsContext,
  { temporal }: { temporal: boolean },
): Promise<Finding[]> {
  const waiting = await countWaiting(context);
  const troubled = await context.models.webhooks
    .find({
      $or: [
        { _id: { $in: [...waiting.keys()] } },
        { status: 'gone' },
        { attention: { $ne: null } },
        { paused: { $ne: null } },
        { 'health.circuit': 'open' },
      ],
    })
    .limit(4 * LIMIT)
    .lean();
  const byWaiting = troubled.toSorted((a, b) => (waiting.get(b._id) ?? 0) - (waiting.get(a._id) ?? 0));
  const findings: Finding[] = [];
  for (const webhook of byWaiting.slice(0, LIMIT)) {
    const count = waiting.get(webhook._id) ?? 0;
    const told = describeHeld(webhook, count);
    if (told) findings.push(told);
    else if (count > 0 && temporal && (await isStopped(context, webhook))) {
      findings.push(stopped(webhook, count));
    }
  }
  return findings;
}

async function countWaiting({ models }: WebhookFindingsContext): Promise<Map<string, number>> {
  const groups = await models.deliveries.aggregate<{ _id: string; count: number }>(
    [
      { $match: { state: 'waiting' } },
      { $group: { _id: '$webhookId', count: { $sum: 1 } } },
      { $sort: { count: -1 } },
      { $limit: LIMIT },
    ],
    { hint: { webhookId: 1, state: 1, waitReason: 1, changeId: 1 }, maxTimeMS: MAX_TIME_MS },
  );
  return new Map(groups.map(({ _id, count }) => [_id, count]));
}

/** Something waits that may go, has for long, and no workflow lets it go. */
async function isStopped(context: WebhookFindingsContext, webhook: WebhookDoc): Promise<boolean> {
  const now = context.clock();
  if (nextMove(webhook, now).kind !== 'drain') return false;
  const [oldest] = await findWaiting(context, webhook, 1);
  const since = oldest?.waitingSince ?? oldest?.createdAt;
  if (!since || now.getTime() - since.getTime() < OVERDUE_AFTER_MS) return false;
  return !(await context.inspector.isRunning(toWakeId(webhook._id)));
}

type Told = Pick<Finding, 'code' | 'severity' | 'advice'> & { what: string };

function describeHeld(webhook: WebhookDoc, waiting: number): Finding | null {
  const told = tellHeld(webhook, waiting);
  if (!told) return null;
  const { what, ...finding } = told;
  const { statusReason } = toStatus(webhook);
  const reason = statusReason === null || statusReason === '' ? '' : ` ${toReason(webhook, statusReason)}`;
  const summary = `${nameOf(webhook)} ${what}, and ${countOf(waiting)} for it.${reason}`;
  return { ...finding, summary, examples: [webhook._id] };
}

function tellHeld(webhook: WebhookDoc, waiting: number): Told | null {
  const { _id, enabled, paused } = webhook;
  const { status } = toStatus(webhook);
  if (status === 'gone') {
    return {
      code: 'webhook-gone',
      severity: 'problem',
      what: 'was disabled, since its endpoint answered 410 Gone',
      advice: `Give it the endpoint's new URL and enable it, or delete it: tablehook webhooks update ${_id} --help`,
    };
  }
  if (!enabled) {
    const advice = 'Enable it to let them go, or delete it to cancel them.';
    return waiting > 0 ? { code: 'webhook-disabled', severity: 'notice', what: 'is disabled', advice } : null;
  }
  if (status === 'needs-attention') {
    const advice = 'Edit what it asks for, or its table. What it missed is sent then.';
    return { code: 'webhook-needs-attention', severity: 'problem', what: 'hears nothing', advice };
  }
  if (paused && !paused.auto) {
    const advice = `Nothing is given up meanwhile. To let them go: tablehook webhooks resume ${_id}`;
    return { code: 'webhook-paused', severity: 'notice', what: 'is paused', advice };
  }
  if (paused || webhook.health.circuit === 'open') {
    const advice = `It is probed, and goes on by itself once its endpoint answers. What it says: tablehook webhooks health ${_id}`;
    return { code: 'webhook-failing', severity: 'problem', what: 'has an endpoint that fails', advice };
  }
  return null;
}

function stopped(webhook: WebhookDoc, waiting: number): Finding {
  return {
    code: 'line-stopped',
    severity: 'problem',
    summary: `${countOf(waiting)} for ${nameOf(webhook)} though nothing holds them back, and no workflow lets them go.`,
    advice: `A worker's reconciler starts ${toWakeId(webhook._id)} within a minute. If it does not, look for "reconciler failed" in the workers' logs.`,
    examples: [webhook._id],
  };
}

function nameOf({ name, host }: WebhookDoc): string {
  return `the webhook ${JSON.stringify(name)} (${host})`;
}

function countOf(waiting: number): string {
  if (waiting === 0) return 'nothing waits';
  return waiting === 1 ? '1 delivery waits' : `${waiting.toLocaleString('en')} deliveries wait`;
}

/** Of a person, in their words; our own are sentences. */
function toReason({ paused }: WebhookDoc, text: string): string {
  if (paused && !paused.auto) return `The reason given: ${JSON.stringify(text)}.`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
