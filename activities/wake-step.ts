import { heartbeat } from '@temporalio/activity';
import type { LineOwner, WakeInput, WakeStepResult } from '../src/contracts/workflow.ts';
import { nextMove } from '../src/domain/next-move.ts';
import { toReadableTime } from '../src/domain/readable-time.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import { holdForOrder } from '../src/services/deliveries/hold.ts';
import { lookAfter } from '../src/services/deliveries/look-after.ts';
import { cancelAfterDeletion } from '../src/services/line/after-deletion.ts';
import { countWaiting, nextDueAt } from '../src/services/line/find-waiting.ts';
import { giveUpOverdue } from '../src/services/line/give-up.ts';
import { noteProbe } from '../src/services/line/progress.ts';
import { restLine } from '../src/services/line/rest.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import type { ActivityDeps } from './deps.ts';
import { drain } from './drain.ts';
import { toFailure } from './failure.ts';
import { followUp } from './follow-up.ts';
import { takeWaiting } from './take-waiting.ts';
import { LineStep } from './line-step.ts';

const HEARTBEAT_EVERY_MS = 5_000;
/** Rounds of giving up overdue deliveries in one step: 4,000 of them. */
const MAX_ROUNDS = 20;
/** A probe is the oldest of so many that may be attempted. */
const PROBE_AMONG = 100;
/** Where the endpoint has no place for a probe, how soon to look again. */
const NO_PLACE_MS = 1_000;
/** Recording what came of a probe takes no longer. */
const RECORD_MS = 5_000;

/**
 * One step of looking after a webhook's line, as a regular activity of up to about 10 s: lets deliveries go, tries one as
 * a probe, or puts them to rest, as the webhook now asks for. Idempotent: all that it knows is in MongoDB.
 */
export function createWakeStep(deps: ActivityDeps) {
  return async function wakeStep(input: WakeInput): Promise<WakeStepResult> {
    const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      const webhook = await deps.services.models.webhooks.findOne({ _id: input.webhookId }).lean();
      if (!webhook) return await endDeleted(deps, input);
      const result = await move(deps, webhook);
      return {
        ...result,
        webhook: toOwner(webhook),
        waiting: await countWaiting(deps.services, webhook._id),
      };
    } catch (error) {
      throw toFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}

function toOwner({ name, method, host, tableId }: WebhookDoc): LineOwner {
  return { name, method, host, tableId };
}

async function move(deps: ActivityDeps, webhook: WebhookDoc): Promise<WakeStepResult> {
  const now = deps.services.clock();
  const next = nextMove(webhook, now);
  if (next.kind === 'drain') return drain(deps, webhook);
  if (next.kind === 'rest') {
    await restLine(deps.services, webhook, next.reason);
    return done(`its deliveries wait: the webhook is ${next.reason}`);
  }
  await restLine(deps.services, webhook, webhook.paused ? 'paused' : 'circuit-open');
  await endOverdue(deps, webhook);
  return next.at <= now ? probe(deps, webhook) : untilProbe(webhook, next.at);
}

/** While an endpoint fails, the workflow of its line goes on: whatever comes to wait finds that it will be probed. */
function untilProbe({ host }: WebhookDoc, probeAt: Date): WakeStepResult {
  const at = probeAt.toISOString();
  return {
    summary: `the endpoint ${host} fails; next probe at ${toReadableTime(at)}`,
    outcomes: {},
    next: { kind: 'wait', at },
  };
}

/** Tries the oldest delivery. What comes of it decides, by the webhook's health, what the next step does. */
async function probe(deps: ActivityDeps, webhook: WebhookDoc): Promise<WakeStepResult> {
  const { services } = deps;
  const step = new LineStep(deps, webhook._id);
  const waiting = await takeWaiting(deps, webhook, PROBE_AMONG);
  if (waiting.length === 0) return untilProbe(webhook, await nextToProbeWith(services, webhook));
  await noteProbe(services, webhook, services.clock());
  const begun = await step.attempt(webhook, {
    deliveries: waiting,
    calledBy: 'probe',
    limit: 1,
    withinMs: 0,
  });
  await step.end(webhook.retry.timeoutMs + RECORD_MS);
  if (begun > 0)
    return { summary: `probed ${webhook.host}`, outcomes: step.outcomes, next: { kind: 'again' } };
  // What waits for an earlier change must not keep those behind it from being tried.
  const isOrdered = webhook.delivery.order === 'record';
  if (isOrdered && (await holdForOrder(services, waiting)) > 0) {
    return { summary: 'the oldest wait for earlier changes', outcomes: {}, next: { kind: 'again' } };
  }
  return untilProbe(webhook, timeIn(services, NO_PLACE_MS));
}

function timeIn({ clock }: ActivityDeps['services'], ms: number): Date {
  return new Date(clock().getTime() + ms);
}

/** When there may be something to probe with, though nothing waits now. */
async function nextToProbeWith(services: ActivityDeps['services'], webhook: WebhookDoc): Promise<Date> {
  const dueAt = await nextDueAt(services, webhook);
  const latest = timeIn(services, services.circuit.maxProbeAfterMs);
  return dueAt && dueAt < latest ? dueAt : latest;
}

async function endOverdue(deps: ActivityDeps, webhook: WebhookDoc): Promise<void> {
  const { services, workflows } = deps;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const overdue = await giveUpOverdue(services, webhook);
    if (overdue.length === 0) return;
    await lookAfter({ models: services.models, workflows }, overdue);
    for (const delivery of overdue) await followUp(deps, delivery, toSettled(delivery));
  }
}

async function endDeleted(
  { services, workflows }: ActivityDeps,
  { webhookId, after }: WakeInput,
): Promise<WakeStepResult> {
  const cancelled = await cancelAfterDeletion(services, {
    webhookId,
    ...(after !== undefined && { after }),
  });
  await lookAfter({ models: services.models, workflows }, cancelled);
  const last = cancelled.at(-1);
  if (!last) return done('the webhook was deleted, and what it was owed cancelled');
  return {
    summary: `${cancelled.length} cancelled`,
    outcomes: {},
    next: { kind: 'again', after: last._id },
  };
}

function done(summary: string): WakeStepResult {
  return { summary, outcomes: {}, next: { kind: 'done' } };
}
