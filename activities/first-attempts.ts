import type {
  FirstAttemptResult,
  FirstAttemptsResult,
  HeldResult,
  PlannedDelivery,
  RetryResult,
  SettledResult,
} from '../src/contracts/workflow.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import type { HeldClaim } from '../src/services/deliveries/lease.ts';
import { queueClaims, releaseClaims } from '../src/services/deliveries/lease.ts';
import type { DeliverySummary, PlannedChange } from '../src/services/deliveries/plan.ts';
import { planChanges } from '../src/services/deliveries/plan.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import type { ActivityDeps } from './deps.ts';
import { endAttempt } from './make-attempt.ts';

/** First attempts that take longer end by themselves; their workflows look after them from then on. */
const MAX_MS = 2_000;
/** First attempts that take longer give up their changes' place on the fast path: waiting for an answer costs nothing. */
const MAX_HOLD_MS = 50;

type Attempted = Map<string, SettledResult | RetryResult | HeldResult>;

/**
 * Plans changes and makes the first attempts of what they are owed, for at most about 2 s. Idempotent by the changes'
 * state and the deliveries' claims: a repeat answers the stored plans and attempts nothing. Changes that do not exist
 * are left out.
 */
export async function makeFirstAttempts(
  deps: ActivityDeps,
  { changeIds, workflowId }: { changeIds: readonly string[]; workflowId: string },
): Promise<(FirstAttemptsResult & { changeId: string })[]> {
  const { services, endpointLoad, waitingLine, inHand } = deps;
  const giveUpPlace = () => {
    for (const changeId of changeIds) inHand.done(changeId);
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    const planned = await planChanges(services, changeIds, {
      workflowId,
      inHand: (changeId) => inHand.get(changeId),
      takes: (webhookId) => !waitingLine.has(webhookId) && endpointLoad.takes(webhookId),
      takeTurn: (webhookId, deliveryId) => takeTurn(deps, webhookId, deliveryId),
    });
    for (const { change, deliveries, inLine } of planned) {
      inHand.learn(change.tableId, inLine.length > 0 && inLine.length === deliveries.length);
      for (const { webhookId } of inLine) waitingLine.call(webhookId);
    }
    timer = setTimeout(giveUpPlace, MAX_HOLD_MS);
    const attempted = await attemptAll(
      deps,
      planned.flatMap(({ started }) => started),
    );
    return planned.map((plan) => toResult(plan, attempted));
  } finally {
    clearTimeout(timer);
    giveUpPlace();
  }
}

async function attemptAll(deps: ActivityDeps, started: StartedAttempt[]): Promise<Attempted> {
  const attempted: Attempted = new Map();
  const refused: StartedAttempt[] = [];
  const attempts = started.map(async (attempt) => {
    const turn = await deps.endpointLoad.enter(attempt.webhook._id);
    if (!turn) {
      refused.push(attempt);
      return;
    }
    try {
      attempted.set(attempt.delivery._id, await endAttempt(deps, attempt, turn));
    } catch (error) {
      // Such as MongoDB away while recording: the claim ends, and the durable attempt finds out what became of it.
      deps.onError('first attempt', error);
    } finally {
      turn.end();
    }
  });
  await withinBound(Promise.all(attempts));
  await giveBack(deps, refused, attempted);
  return attempted;
}

/** First attempts whose turn did not come: their deliveries go in line while their endpoint has no turn for them. */
async function giveBack(deps: ActivityDeps, refused: StartedAttempt[], attempted: Attempted): Promise<void> {
  const inLine = refused.filter(({ webhook, delivery }) => !takeTurn(deps, webhook._id, delivery._id));
  await queueClaims(
    deps.services,
    inLine.map((attempt) => toHeldClaim(attempt)),
  );
  await releaseClaims(
    deps.services,
    refused.filter((attempt) => !inLine.includes(attempt)).map((attempt) => toHeldClaim(attempt)),
  );
  for (const { webhook, delivery } of inLine) {
    attempted.set(delivery._id, IN_LINE);
    deps.waitingLine.call(webhook._id);
  }
}

function toHeldClaim({ delivery, claim }: StartedAttempt): HeldClaim {
  return { deliveryId: delivery._id, token: claim.token };
}

/** Keeps a turn at the endpoint for a durable attempt; false when the delivery has to wait in line for one. */
function takeTurn(
  { endpointLoad, waitingLine }: ActivityDeps,
  webhookId: string,
  deliveryId: string,
): boolean {
  const isFree = !waitingLine.has(webhookId) && endpointLoad.free(webhookId) > 0;
  if (isFree) endpointLoad.keep(webhookId, deliveryId);
  else waitingLine.join(webhookId);
  return isFree;
}

async function withinBound(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise((resolve) => {
    timer = setTimeout(resolve, MAX_MS);
  });
  await Promise.race([work, bound]);
  clearTimeout(timer);
}

const IN_LINE: HeldResult = { kind: 'held', reason: 'endpoint-busy' };

function toResult({ change, deliveries, inLine }: PlannedChange, attempted: Attempted) {
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
    results: deliveries.map((delivery) =>
      inLine.includes(delivery) ? IN_LINE : toFirstResult(delivery, attempted),
    ),
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
