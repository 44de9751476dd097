/** Search attributes of both workflows. A shared workflow lists those of all its changes. */
export const TABLE_ATTRIBUTE = { name: 'TablehookTableId', type: 'KEYWORD_LIST' } as const;
export const RECORD_ATTRIBUTE = { name: 'TablehookRecordId', type: 'KEYWORD_LIST' } as const;
export const EVENT_ATTRIBUTE = { name: 'TablehookEventType', type: 'KEYWORD_LIST' } as const;

/** Set only on changes that were not settled at once: `open`, then `delivered`, `cancelled` or `failed`. */
export const OUTCOME_ATTRIBUTE = { name: 'TablehookOutcome', type: 'KEYWORD' } as const;

export const SEARCH_ATTRIBUTES = [
  TABLE_ATTRIBUTE,
  RECORD_ATTRIBUTE,
  EVENT_ATTRIBUTE,
  OUTCOME_ATTRIBUTE,
] as const;
