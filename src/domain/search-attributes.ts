/** Search attributes of the workflows. A shared workflow lists those of all its changes; lines and replays have their table. */
export const TABLE_ATTRIBUTE = { name: 'TablehookTableId', type: 'KEYWORD_LIST' } as const;
export const RECORD_ATTRIBUTE = { name: 'TablehookRecordId', type: 'KEYWORD_LIST' } as const;
export const EVENT_ATTRIBUTE = { name: 'TablehookEventType', type: 'KEYWORD_LIST' } as const;

/** What became of a change: an `Outcome`. */
export const OUTCOME_ATTRIBUTE = { name: 'TablehookOutcome', type: 'KEYWORD' } as const;

/**
 * `first-attempt`: nothing but first attempts so far; with the status Completed, nothing else was needed. `open`: something
 * is being retried or waits, until it is `delivered`, `cancelled` or `failed`. `handed-on`, of a shared workflow: some of
 * its changes wait in line or have workflows of their own.
 */
export type Outcome = 'first-attempt' | 'open' | 'delivered' | 'cancelled' | 'failed' | 'handed-on';

export const SEARCH_ATTRIBUTES = [
  TABLE_ATTRIBUTE,
  RECORD_ATTRIBUTE,
  EVENT_ATTRIBUTE,
  OUTCOME_ATTRIBUTE,
] as const;
