import type { WaitReason } from '../src/contracts/delivery.ts';
import type { HeldResult, RetryResult, SettledResult } from '../src/contracts/workflow.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { AttemptResult } from '../src/outbound/post-webhook.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { beginAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { ActivityDeps, AttemptInput } from './deps.ts';
import { followUp } from './follow-up.ts';
import type { Place } from './places.ts';
import { toWebhookRequest } from './to-webhook-request.ts';

/**
 * Makes one attempt: claims the delivery, calls the endpoint, records the outcome. Idempotent by the claim and by the
 * delivery's state; between call and record a crash means the endpoint hears of it again, with the same id and bytes.
 */
export async function makeAttempt(
  deps: ActivityDeps,
  { deliveryId, webhookId }: AttemptInput,
): Promise<SettledResult | HeldResult | RetryResult> {
  const onItsWay = deps.inFlight.of(deliveryId);
  if (onItsWay) return onItsWay;
  const places: Pick<Place, 'end'>[] = [];
  try {
    const begun = await beginAttempt(deps.services, {
      deliveryId,
      webhookId,
      takePlace: async (webhook) => takePlace(deps, { webhook, deliveryId, places }),
    });
    if (begun.kind === 'go') return await endAttempt(deps, begun.attempt, places);
    if (begun.kind === 'held') callLine(deps, webhookId, begun.reason);
    if (begun.kind !== 'ended') return begun;
    await followUp(deps, begun.delivery, begun.result);
    return begun.result;
  } finally {
    for (const place of places) place.end();
  }
}

/** However large its body: a worker runs only so many activities at a time. */
const ONE_OF_FEW = 0;

interface TakePlaceInput {
  webhook: WebhookDoc;
  deliveryId: string;
  /** Where what was taken is put. */
  places: Pick<Place, 'end'>[];
}

async function takePlace(
  { endpointLoad, waitingLine, places: limits }: ActivityDeps,
  { webhook, deliveryId, places }: TakePlaceInput,
): Promise<WaitReason | null> {
  // Asked once more, it has its turn already.
  if (places.length === 0) {
    const turn = endpointLoad.begin(webhook._id, deliveryId, ONE_OF_FEW);
    if (!turn) {
      waitingLine.join(webhook._id);
      return 'endpoint-busy';
    }
    places.push(turn);
  }
  const place = await limits.takeWithTurn(webhook);
  if (place) places.push(place);
  return place ? null : 'rate-limited';
}

const WITHOUT_LINE = new Set<WaitReason>(['disabled', 'paused', 'earlier-change']);

/** Whoever goes on hold says so, lest the line has just come to its end. One that rests has nothing to do. */
export function callLine(
  { waitingLine, waker }: Pick<ActivityDeps, 'waitingLine' | 'waker'>,
  webhookId: string,
  reason: WaitReason,
): void {
  if (reason === 'endpoint-busy') waitingLine.call(webhookId);
  else if (!WITHOUT_LINE.has(reason)) waker.wake(webhookId);
}

/** The rest of an attempt whose delivery is claimed: calls the endpoint, records the outcome and what follows from it. */
export async function endAttempt(
  deps: ActivityDeps,
  attempt: StartedAttempt,
  places: readonly Pick<Place, 'end'>[],
): Promise<SettledResult | RetryResult> {
  const { delivery, claim } = attempt;
  return deps.inFlight.run({ deliveryId: delivery._id, token: claim.token }, async () => {
    const call = await send(deps, attempt);
    for (const place of places) place.end(call.outcome);
    const { result, ordered } = await deps.recorder.add({ attempt, call });
    report(deps, { attempt, call, result });
    if (result.kind === 'settled') await followUp(deps, { ...delivery, ordered }, result);
    return result;
  });
}

async function send(
  deps: ActivityDeps,
  { delivery, webhook, claim }: StartedAttempt,
): Promise<AttemptResult> {
  const request = toWebhookRequest(deps, {
    webhook,
    id: delivery._id,
    body: delivery.body,
    eventType: delivery.eventType,
    attempt: claim.number,
    hops: delivery.hops,
    tracedBy: delivery.changeId,
    marks: delivery.replay ? { 'tablehook-replay': 'true' } : {},
  });
  return callEndpoint(deps, { webhook, request });
}

interface ReportInput {
  attempt: StartedAttempt;
  call: AttemptResult;
  result: SettledResult | RetryResult;
}

function report({ report: emit }: ActivityDeps, { attempt, call, result }: ReportInput): void {
  const { delivery, claim } = attempt;
  emit({
    deliveryId: delivery._id,
    changeId: delivery.changeId,
    webhookId: delivery.webhookId,
    tableId: delivery.tableId,
    recordId: delivery.recordId,
    eventType: delivery.eventType,
    host: attempt.webhook.host,
    attempt: claim.number,
    outcome: call.outcome,
    status: call.status,
    errorCode: call.errorCode,
    stage: call.stage,
    durationMs: Math.round(call.durationMs),
    state: result.kind === 'settled' ? result.state : 'retrying',
    nextAttemptAt: result.kind === 'retry' ? result.nextAttemptAt : null,
  });
}
