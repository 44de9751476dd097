import { randomBytes } from 'node:crypto';
import type { HeldResult, RetryResult, SettledResult } from '../src/contracts/workflow.ts';
import type { AttemptResult } from '../src/outbound/post-webhook.ts';
import { postWebhook } from '../src/outbound/post-webhook.ts';
import { signWebhook } from '../src/outbound/signature.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { beginAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { traceIdOf } from '../src/services/id.ts';
import { openWebhook } from '../src/services/webhooks/secrets.ts';
import type { ActivityDeps, AttemptInput } from './deps.ts';
import type { Turn } from './endpoint-load.ts';

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
  const { endpointLoad, waitingLine } = deps;
  const turns: Turn[] = [];
  const takeTurn = () => {
    const turn = endpointLoad.begin(webhookId, deliveryId);
    if (turn) turns.push(turn);
    else waitingLine.join(webhookId);
    return turn !== null;
  };
  try {
    const begun = await beginAttempt(deps.services, { deliveryId, webhookId, takeTurn });
    if (begun.kind === 'go') return await endAttempt(deps, begun.attempt, turns[0]);
    if (begun.kind === 'held') waitingLine.call(webhookId);
    return begun;
  } finally {
    for (const turn of turns) turn.end();
  }
}

/** The rest of an attempt whose delivery is claimed: calls the endpoint on its turn, records the outcome and reports it. */
export async function endAttempt(
  deps: ActivityDeps,
  attempt: StartedAttempt,
  turn: Turn | undefined,
): Promise<SettledResult | RetryResult> {
  const { delivery, claim } = attempt;
  return deps.inFlight.run({ deliveryId: delivery._id, token: claim.token }, async () => {
    const call = await send(deps, attempt);
    turn?.end(call.outcome);
    const result = await deps.recorder.add({ attempt, call });
    report(deps, { attempt, call, result });
    return result;
  });
}

async function send(
  deps: ActivityDeps,
  { delivery, webhook, claim }: StartedAttempt,
): Promise<AttemptResult> {
  const { services, client, version, shutdownSignal } = deps;
  const { url, secrets, headers } = openWebhook(services.secretBox, webhook);
  const timestampSeconds = Math.floor(services.clock().getTime() / 1000);
  const signature = signWebhook({ secrets, id: delivery._id, timestampSeconds, body: delivery.body });
  return postWebhook(client, {
    url,
    method: webhook.method,
    headers: {
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      'content-type': 'application/json',
      'user-agent': `Tablehook/${version}`,
      'webhook-id': delivery._id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': signature,
      'tablehook-event': delivery.eventType,
      'tablehook-attempt': String(claim.number),
      'tablehook-hops': String(delivery.hops),
      ...(delivery.replay && { 'tablehook-replay': 'true' }),
      // W3C Trace Context: every attempt of every delivery of a change shares the change's trace.
      traceparent: `00-${traceIdOf(delivery.changeId)}-${randomBytes(8).toString('hex')}-01`,
    },
    body: delivery.body,
    timeoutMs: webhook.retry.timeoutMs,
    signal: shutdownSignal,
  });
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
