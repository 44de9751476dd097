import type {
  AttemptActivityResult,
  FirstAttemptResult,
  PlannedDelivery,
} from '../src/contracts/workflow.ts';
import { toReadableTime } from '../src/domain/readable-time.ts';
import { adviseOnWait, explainWait } from './explain-wait.ts';

/** Where a delivery stands, for a person who looks at the workflow. */
export interface Standing {
  state: string;
  /** The last answer, and what is waited for. */
  note: string;
  /** What a person can do about it, in markdown of our own; empty when nothing. */
  advice: string;
}

const ATTEMPTS_SINCE =
  'the attempts made since, the last answer and the next time are under **Pending Activities**; sooner: `POST /v1/deliveries/{deliveryId}/retry`; never: `POST …/cancel`';
const SEND_AGAIN = 'to send it again: `POST /v1/deliveries/{deliveryId}/redeliver`';

/** Where a delivery stands after its first attempt, or after a durable one that ended the trying for now. */
export function toStanding(
  { webhookId }: PlannedDelivery,
  result: FirstAttemptResult | AttemptActivityResult,
): Standing {
  switch (result.kind) {
    case 'settled': {
      const advice = result.state === 'delivered' ? '' : SEND_AGAIN;
      return { state: result.state, note: result.summary, advice };
    }
    case 'held': {
      const last = result.summary === undefined ? '' : `; last answer: ${result.summary}`;
      const note = `${explainWait(result.reason)}${last}`;
      return { state: 'waiting', note, advice: adviseOnWait(result.reason, webhookId) };
    }
    case 'retry': {
      const note = `${result.summary}, next attempt at ${toReadableTime(result.nextAttemptAt)}`;
      return { state: 'retrying', note, advice: ATTEMPTS_SINCE };
    }
    case 'deferred':
      return { state: 'delivering', note: 'an attempt is on its way', advice: ATTEMPTS_SINCE };
  }
}

/** Where a delivery stands that was held, and may be attempted again. */
export function afterHold(last: string | undefined): Standing {
  return { state: 'retrying', note: last ?? 'not held back any more', advice: ATTEMPTS_SINCE };
}
