import type { WaitReason } from '../src/contracts/delivery.ts';
import type {
  FirstAttemptResult,
  FirstAttemptsResult,
  HeldResult,
  PlannedDelivery,
  RetryResult,
  SettledResult,
} from '../src/contracts/workflow.ts';
import { weighChange } from '../src/domain/weigh-change.ts';
import type { ChangeDoc } from '../src/models/change.ts';
import { takeFromShared } from '../src/services/changes/take-from-shared.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import type { HeldClaim } from '../src/services/deliveries/lease.ts';
import { queueClaims } from '../src/services/deliveries/lease.ts';
import type { DeliverySummary } from '../src/models/delivery.ts';
import type { HeldDelivery, PlannedChange } from '../src/services/deliveries/plan.ts';
import { planChanges, readToPlan } from '../src/services/deliveries/plan.ts';
import { toSettled } from '../src/services/deliveries/settled.ts';
import type { ActivityDeps } from './deps.ts';
import type { CalledUpHeld } from './call-up-held.ts';
import { callUpHeld } from './call-up-held.ts';
import { firstOf } from './first-of.ts';
import { endAttempt } from './make-attempt.ts';
import type { Place } from './places.ts';
import { tellUnsendable } from './tell-unsendable.ts';

/** First attempts that take longer end by themselves; their workflows look after them from then on. */
const MAX_MS = 2_000;
/** First attempts that take longer give up their changes' place on the fast path: waiting for an answer costs nothing. */
const MAX_HOLD_MS = 50;

type Attempted = Map<string, SettledResult | RetryResult | HeldResult>;

export interface FirstAttempts {
  changeIds: readonly string[];
  workflowId: string;
  /** Nobody waits for them any more: what is not planned yet is the next try's. */
  signal: AbortSignal;
}

/**
 * Plans changes and makes the first attempts of what they are owed, for at most about 2 s. Idempotent by the changes'
 * state and the deliveries' claims: a repeat answers the stored plans and attempts nothing. Changes that do not exist
 * are left out.
 */
export async function makeFirstAttempts(
  deps: ActivityDeps,
  { changeIds, workflowId, signal }: FirstAttempts,
): Promise<(FirstAttemptsResult & { changeId: string })[]> {
  const { services, planning, inHand } = deps;
  const giveUpPlace = () => {
    for (const changeId of changeIds) inHand.done(changeId);
  };
  try {
    const changes = await readToPlan(services, changeIds, (changeId) => inHand.get(changeId));
    const weight = changes.reduce((sum, change) => sum + weighChange(change), 0);
    const onPlanned = () => setTimeout(giveUpPlace, MAX_HOLD_MS);
    const work = async () => planAndAttempt(deps, { changes, workflowId, signal, onPlanned });
    return await planning.run(weight, work, { signal });
  } finally {
    giveUpPlace();
  }
}

interface PlanAndAttempt extends Omit<FirstAttempts, 'changeIds'> {
  changes: ChangeDoc[];
  onPlanned: () => NodeJS.Timeout;
}

async function planAndAttempt(
  deps: ActivityDeps,
  { changes, workflowId, signal, onPlanned }: PlanAndAttempt,
): Promise<(FirstAttemptsResult & { changeId: string })[]> {
  const { services, endpointLoad, waitingLine } = deps;
  const planned = await planChanges(services, changes, {
    workflowId,
    signal,
    takes: (webhookId, bodyBytes) => !waitingLine.has(webhookId) && endpointLoad.takes(webhookId, bodyBytes),
    takeTurn: (webhookId, deliveryId) => takeTurn(deps, webhookId, deliveryId),
  });
  await takeFromShared(services, { changes: planned.map(({ change }) => change), workflowId });
  const timer = onPlanned();
  try {
    const calling = callUpHeld(deps, planned);
    const started = planned.flatMap((plan) => plan.started);
    const attempted = await attemptAll(deps, { started, calling });
    const calledUp = await calling;
    await tellUnsendable(deps, planned);
    const still = planned.map((plan) => asHeldNow(plan, calledUp));
    learn(deps, still, attempted);
    return still.map((plan) => toResult(plan, attempted));
  } finally {
    clearTimeout(timer);
  }
}

/** The plan with those that still wait, for the reasons they do now. */
function asHeldNow(plan: PlannedChange, { called, moved }: CalledUpHeld): PlannedChange {
  const ids = new Set(called.map(({ attempt }) => attempt.delivery._id));
  const toNow = (delivery: HeldDelivery): HeldDelivery => {
    const waitReason = moved.get(delivery._id);
    return waitReason ? { ...delivery, waitReason } : delivery;
  };
  const held = plan.held.filter(({ _id }) => !ids.has(_id)).map((delivery) => toNow(delivery));
  return { ...plan, held };
}

/** A change whose deliveries can all only wait, and for long, need not hurry, nor need those of its table that follow. */
function learn({ inHand }: ActivityDeps, planned: PlannedChange[], attempted: Attempted): void {
  for (const { change, deliveries, held } of planned) {
    const waiting = held.filter(({ _id, waitReason }) => isPatient(waitReason) && !attempted.has(_id));
    inHand.learn(change.tableId, waiting.length > 0 && waiting.length === deliveries.length);
  }
}

/** An earlier change may be settled, and more edits may come, at any moment. */
function isPatient(reason: WaitReason | null): boolean {
  return reason !== 'earlier-change' && reason !== 'coalescing';
}

interface ToAttempt {
  /** Claimed with the plan: they still need a turn. */
  started: StartedAttempt[];
  /** Which of those that the plan held are let go after all: nobody else waits for the answer. */
  calling: Promise<CalledUpHeld>;
}

async function attemptAll(deps: ActivityDeps, { started, calling }: ToAttempt): Promise<Attempted> {
  const attempted: Attempted = new Map();
  const refused: StartedAttempt[] = [];
  const attempt = async (one: StartedAttempt, place: Pick<Place, 'end'>) => {
    try {
      attempted.set(one.delivery._id, await endAttempt(deps, one, [place]));
    } catch (error) {
      // Such as MongoDB away while recording: the claim ends, and the durable attempt finds out what became of it.
      deps.onError('first attempt', error);
    } finally {
      place.end();
    }
  };
  const attempts = started.map(async (one) => {
    const turn = await deps.endpointLoad.enter(one.webhook._id, Buffer.byteLength(one.delivery.body));
    if (turn) await attempt(one, turn);
    else refused.push(one);
  });
  const others = calling.then(async ({ called }) =>
    Promise.all(called.map(async (one) => attempt(one.attempt, one.place))),
  );
  await firstOf([Promise.all([...attempts, others])], MAX_MS);
  await giveBack(deps, refused, attempted);
  return attempted;
}

/** First attempts whose turn did not come: their deliveries go in line. A durable attempt for each would need a workflow each. */
async function giveBack(deps: ActivityDeps, refused: StartedAttempt[], attempted: Attempted): Promise<void> {
  // Said before it is stored, so that no turn that becomes free meanwhile is missed.
  for (const { webhook } of refused) deps.waitingLine.join(webhook._id);
  await queueClaims(
    deps.services,
    refused.map((attempt) => toHeldClaim(attempt)),
  );
  for (const { webhook, delivery } of refused) {
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

const IN_LINE: HeldResult = { kind: 'held', reason: 'endpoint-busy' };

function toResult({ change, deliveries, held, merged }: PlannedChange, attempted: Attempted) {
  const { tableName, recordId, recordVersion, type } = change;
  return {
    changeId: change._id,
    plan: {
      tableName,
      recordId,
      recordVersion,
      eventType: type,
      deliveries: deliveries.map((delivery) => toPlanned(delivery)),
      ...(merged.length > 0 && { merged }),
    },
    results: deliveries.map((delivery) => toFirstResult(delivery, { held, attempted })),
  };
}

function toFirstResult(
  delivery: DeliverySummary,
  { held, attempted }: { held: DeliverySummary[]; attempted: Attempted },
): FirstAttemptResult {
  const result = attempted.get(delivery._id);
  if (result) return result;
  const reason = held.find(({ _id }) => _id === delivery._id)?.waitReason;
  if (reason) return { kind: 'held', reason };
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
