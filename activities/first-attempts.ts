import type {
  FirstAttemptResult,
  FirstAttemptsResult,
  PlannedDelivery,
  RetryResult,
  SettledResult,
} from '../src/contracts/workflow.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { releaseClaims } from '../src/services/deliveries/lease.ts';
import type { DeliverySummary, PlannedChange } from '../src/services/deliveries/plan.ts';
import { planChanges } from '../src/services/deliveries/plan.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import type { ActivityDeps } from './deps.ts';
import { endAttempt } from './make-attempt.ts';

/** First attempts that take longer end by themselves; their workflows look after them from then on. */
const MAX_MS = 2_000;

type Attempted = Map<string, SettledResult | RetryResult>;

/**
 * Plans changes and makes the first attempts of what they are owed, for at most about 2 s. Idempotent by the changes'
 * state and the deliveries' claims: a repeat answers the stored plans and attempts nothing. Changes that do not exist
 * are left out.
 */
export async function makeFirstAttempts(
  deps: ActivityDeps,
  { changeIds, workflowId }: { changeIds: readonly string[]; workflowId: string },
): Promise<(FirstAttemptsResult & { changeId: string })[]> {
  const { services, endpointLoad, inHand } = deps;
  try {
    const planned = await planChanges(services, changeIds, {
      workflowId,
      inHand: (changeId) => inHand.get(changeId),
      takes: (webhookId) => endpointLoad.takes(webhookId),
    });
    const attempted = await attemptAll(
      deps,
      planned.flatMap(({ started }) => started),
    );
    return planned.map((plan) => toResult(plan, attempted));
  } finally {
    for (const changeId of changeIds) inHand.done(changeId);
  }
}

async function attemptAll(deps: ActivityDeps, started: StartedAttempt[]): Promise<Attempted> {
  const attempted: Attempted = new Map();
  const refused: StartedAttempt[] = [];
  const attempts = started.map(async (attempt) => {
    const call = await deps.endpointLoad.enter(attempt.webhook._id);
    if (!call) {
      refused.push(attempt);
      return;
    }
    try {
      attempted.set(attempt.delivery._id, await endAttempt(deps, attempt));
    } catch (error) {
      // Such as MongoDB away while recording: the claim ends, and the durable attempt finds out what became of it.
      deps.onError('first attempt', error);
    } finally {
      call.end();
    }
  });
  await withinBound(Promise.all(attempts));
  await releaseClaims(
    deps.services,
    refused.map(({ delivery, claim }) => ({ deliveryId: delivery._id, token: claim.token })),
  );
  return attempted;
}

async function withinBound(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise((resolve) => {
    timer = setTimeout(resolve, MAX_MS);
  });
  await Promise.race([work, bound]);
  clearTimeout(timer);
}

function toResult({ change, deliveries }: PlannedChange, attempted: Attempted) {
  const { tableName, recordId, recordVersion, type } = change;
  return {
    changeId: change._id,
    plan: {
      tableName,
      recordId,
      recordVersion,
      eventType: type,
      deliveries: deliveries.map((delivery) => toPlanned(delivery)),
    },
    results: deliveries.map((delivery) => toFirstResult(delivery, attempted)),
  };
}

function toFirstResult(delivery: DeliverySummary, attempted: Attempted): FirstAttemptResult {
  const result = attempted.get(delivery._id);
  if (result) return result;
  return delivery.open ? { kind: 'deferred' } : toSettled(delivery);
}

function toPlanned(delivery: DeliverySummary): PlannedDelivery {
  return {
    deliveryId: delivery._id,
    webhookId: delivery.webhookId,
    webhookName: delivery.webhookName,
    method: delivery.method,
    host: delivery.host,
    state: delivery.state,
  };
}
