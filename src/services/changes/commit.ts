import { OverloadedError, UnavailableError } from '../../errors.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { requireTable } from '../access.ts';
import { Batcher } from '../batcher.ts';
import { answerOnce } from '../idempotency.ts';
import { runTransaction } from '../transaction.ts';
import { WriteGroup, type Write } from './write-group.ts';

/** How long a process may keep a change in hand before the relay takes it. */
export const CLAIM_MS = 6_000;
/** Transactions of one process at a time: while these run, further writes gather for the next. */
const AT_ONCE = 2;
/** Changes that one transaction holds, at most, unless a single write has more. */
const MAX_CHANGES = 100;
/** A write that could not even begin within this time is answered with 503. */
const MAX_WAIT_MS = 5_000;

/** The writes of one process, on their way into MongoDB. */
export type Commits = Batcher<QueuedWrite, unknown>;

interface QueuedWrite {
  write: Write;
  queuedAt: number;
}

/** Opens the door that all writes of a process go through. Those that come at the same time share a transaction. */
export function openCommits(): Commits {
  return new Batcher({
    run: commitGroup,
    atOnce: AT_ONCE,
    maxWeight: MAX_CHANGES,
    weigh: ({ write }) => write.changeCount,
  });
}

/**
 * Commits a write together with its record changes in one transaction, then starts their workflows: the first ones by
 * this process, as many as its fast path has places for, the rest by the relay. A 2xx means both are durable.
 */
export async function commitWrite<T>(write: Write<T>): Promise<T> {
  const { context, tableId } = write;
  requireTable(context.actor, tableId);
  return answerOnce(context, async () => {
    // The batcher answers each write with what its own `apply` returned.
    return (await context.commits.add({ write, queuedAt: context.clock().getTime() })) as T;
  });
}

async function commitGroup(queued: QueuedWrite[]): Promise<PromiseSettledResult<unknown>[]> {
  const outcomes = new Map<Write, PromiseSettledResult<unknown>>();
  const writes: Write[] = [];
  for (const { write, queuedAt } of queued) {
    if (write.context.clock().getTime() - queuedAt <= MAX_WAIT_MS) writes.push(write);
    else outcomes.set(write, { status: 'rejected', reason: new OverloadedError(TOO_BUSY) });
  }
  for (const group of splitByKey(writes)) {
    const settled = await commitOrSplit(group);
    for (const [index, write] of group.entries()) {
      const outcome = settled[index];
      if (outcome) outcomes.set(write, outcome);
    }
  }
  return queued.map(
    ({ write }) => outcomes.get(write) ?? { status: 'rejected', reason: new Error(NO_OUTCOME) },
  );
}

const TOO_BUSY = 'The writes before this one take too long. Nothing was written; try again.';
const NO_OUTCOME = 'a write was neither committed nor refused';

/** Requests with the same Idempotency-Key go one after the other, so that the later one finds the earlier one's answer. */
function splitByKey(writes: Write[]): Write[][] {
  const groups: { keys: Set<string>; writes: Write[] }[] = [];
  for (const write of writes) {
    const { actor, idempotency } = write.context;
    const key = idempotency && `${actor.apiKeyId}:${idempotency.key}`;
    const group = groups.find(({ keys }) => key === null || !keys.has(key));
    const chosen = group ?? { keys: new Set<string>(), writes: [] };
    if (!group) groups.push(chosen);
    if (key !== null) chosen.keys.add(key);
    chosen.writes.push(write);
  }
  return groups.map((group) => group.writes);
}

/** One that spoils the transaction for all is found by committing each alone. */
async function commitOrSplit(writes: Write[]): Promise<PromiseSettledResult<unknown>[]> {
  try {
    return await commitTogether(writes);
  } catch (error) {
    if (writes.length === 1 || error instanceof UnavailableError) {
      return writes.map(() => ({ status: 'rejected', reason: error }));
    }
    const outcomes: PromiseSettledResult<unknown>[] = [];
    for (const write of writes) outcomes.push(...(await commitOrSplit([write])));
    return outcomes;
  }
}

async function commitTogether(writes: Write[]): Promise<PromiseSettledResult<unknown>[]> {
  const [first] = writes;
  if (!first) return [];
  const { models, starter, clock } = first.context;
  const wanted = writes.reduce((sum, { fire, changeCount }) => sum + (fire ? changeCount : 0), 0);
  const reserved = starter.reserve(wanted);
  let claimed: ChangeDoc[] = [];
  try {
    const outcomes = await runTransaction(models, async (session) => {
      const group = await WriteGroup.open(models, session, writes);
      const applied: PromiseSettledResult<unknown>[] = [];
      for (const write of writes) applied.push(await group.apply(write));
      claimed = group.changes.filter(({ state }) => state === 'pending').slice(0, reserved);
      for (const change of claimed) change.claimedUntil = new Date(clock().getTime() + CLAIM_MS);
      await group.write();
      return applied;
    });
    starter.start(claimed);
    return outcomes;
  } catch (error) {
    claimed = [];
    throw error;
  } finally {
    starter.release(reserved - claimed.length);
  }
}
