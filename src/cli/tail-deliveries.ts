import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../contracts/delivery.ts';
import { CliError, EXIT, RefusedError, UnreachableError } from './cli-error.ts';
import { describeProgress } from './describe-delivery.ts';
import { formatJson } from './format.ts';
import { untilInterrupted } from './interrupted.ts';
import type { Query, Rest } from './rest.ts';
import { collect } from './rest.ts';
import type { Session } from './session.ts';

export interface TailInput {
  filters: Query;
  /** With how many of the latest to begin. */
  lines: number;
  intervalMs: number;
}

/** How many of the newest deliveries are looked at each time. */
const WINDOW = 200;
/** How many older ones that are still open are looked at besides. */
const MAX_OLDER = 20;

/** What of a delivery is told again when it differs. */
type Known = Map<string, { told: string; open: boolean }>;

/**
 * Prints deliveries as they are made and whenever their state changes, oldest first, until a signal; JSON as one line
 * each. Looks at the newest 200, and at older ones it has seen open. Goes on when the server is away for a while.
 */
export async function tailDeliveries(session: Session, input: TailInput): Promise<never> {
  const stop = new AbortController();
  void untilInterrupted().then(() => stop.abort());
  const known: Known = new Map();
  await lookFirst(session, known, input);
  let away = false;
  while (!stop.signal.aborted) {
    await sleep(input.intervalMs, null, { signal: stop.signal }).catch(() => undefined);
    if (stop.signal.aborted) break;
    try {
      await look(session, known, input);
      if (away) session.note('Tablehook answers again.');
      away = false;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!away) session.note(error.message);
      away = true;
    }
  }
  throw new CliError(EXIT.interrupted, '');
}

async function lookFirst(session: Session, known: Known, { filters, lines }: TailInput): Promise<void> {
  const { data } = await session.rest.deliveries.list({ ...filters, limit: WINDOW });
  const begin = data.length - lines;
  for (const [index, delivery] of data.toReversed().entries()) {
    if (index >= begin) tell(session, delivery);
    remember(known, delivery);
  }
}

async function look(session: Session, known: Known, { filters }: TailInput): Promise<void> {
  const { data } = await readNew(session.rest, filters, known);
  const seen = new Set(data.map(({ id }) => id));
  const older = filters['state'] === undefined ? await readOlder(session.rest, known, seen) : [];
  const entries = [...older, ...data.toReversed()];
  for (const delivery of entries) {
    if (known.get(delivery.id)?.told === toldOf(delivery)) continue;
    tell(session, delivery);
    remember(known, delivery);
  }
  forget(known, seen);
}

/** The newest, and as far back as the page before ended: a burst may be more than one page. */
async function readNew(rest: Rest, filters: Query, known: Known): Promise<{ data: Delivery[] }> {
  return collect<Delivery>(
    async (query) => {
      const page = await rest.deliveries.list(query);
      const reached = page.data.some(({ id }) => known.has(id));
      return reached ? { ...page, nextCursor: null } : page;
    },
    { ...filters, limit: WINDOW * 50 },
  );
}

async function readOlder(rest: Rest, known: Known, seen: Set<string>): Promise<Delivery[]> {
  const open = [...known].filter(([id, { open: isOpen }]) => isOpen && !seen.has(id)).slice(-MAX_OLDER);
  const found = await Promise.all(
    open.map(async ([id]) =>
      rest.deliveries.get(id).catch((error: unknown) => {
        if (!(error instanceof RefusedError) || error.status !== 404) throw error;
        known.delete(id);
        return null;
      }),
    ),
  );
  return found.flatMap((delivery) => {
    if (delivery === null) return [];
    const { attempts: _, ...summary } = delivery;
    return [summary];
  });
}

function tell({ json, print, paint }: Session, delivery: Delivery): void {
  print(json ? formatJson(delivery) : describeProgress(paint, delivery, new Date()));
}

function remember(known: Known, delivery: Delivery): void {
  known.set(delivery.id, { told: toldOf(delivery), open: delivery.settledAt === null });
}

/** The window is as long as it is; what is settled and out of it is not looked at again. */
function forget(known: Known, seen: Set<string>): void {
  for (const [id, { open }] of known) if (!open && !seen.has(id)) known.delete(id);
}

function toldOf({ state, waitReason, attemptCount, nextAttemptAt }: Delivery): string {
  return JSON.stringify([state, waitReason, attemptCount, state === 'retrying' ? nextAttemptAt : null]);
}

function isPassing(error: unknown): error is CliError {
  if (error instanceof UnreachableError) return true;
  return error instanceof RefusedError && (error.status === 429 || error.status >= 500);
}
