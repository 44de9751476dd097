import type { Retention } from '../domain/retention.ts';
import { expireChanges } from '../services/changes/expire.ts';
import type { ServiceContext } from '../services/context.ts';
import { Alarm } from './alarm.ts';

/** Changes looked at in one go, and the rest after it: writes and deliveries come first. */
const LIMIT = 500;
const REST_MS = 100;

/** What a pass over everything old enough took away. */
export interface Expired {
  changes: number;
  records: number;
}

export interface ExpirerOptions {
  context: Pick<ServiceContext, 'models' | 'clock'>;
  retention: Retention;
  firstAfterMs: number;
  everyMs: number;
  onExpired: (expired: Expired) => void;
  onError: (error: unknown) => void;
}

/** Takes away changes, and what is left of deleted records, when their time is over: pass after pass. Returns how to stop it. */
export function startExpirer(options: ExpirerOptions): { stop: () => Promise<void> } {
  const alarm = new Alarm();
  const run = (async () => {
    await alarm.wait(options.firstAfterMs);
    while (!alarm.stopped) {
      const expired = await pass(options, alarm);
      if (expired.changes > 0) options.onExpired(expired);
      await alarm.wait(options.everyMs);
    }
  })();
  return {
    stop: async () => {
      alarm.stop();
      await run;
    },
  };
}

/** What fails is tried again by the next pass, which begins with the oldest. */
async function pass({ context, retention, onError }: ExpirerOptions, alarm: Alarm): Promise<Expired> {
  const expired = { changes: 0, records: 0 };
  let after: string | null = null;
  do {
    try {
      const round = await expireChanges(context, { retention, after, limit: LIMIT });
      expired.changes += round.changes;
      expired.records += round.records;
      after = round.next;
    } catch (error) {
      onError(error);
      return expired;
    }
    if (after !== null) await alarm.wait(REST_MS);
  } while (after !== null && !alarm.stopped);
  return expired;
}
