/** Why a request is not taken, and the status that says so. None of them is 410, which would disable the webhook. */
export const RECEIVER_STATUSES = {
  'wrong-method': 405,
  'missing-header': 401,
  'bad-header': 400,
  'bad-signature': 401,
  // Tried again, with the time of that attempt: a clock that is wrong here costs time, not deliveries.
  'too-old': 425,
  'too-new': 425,
  'bad-body': 400,
  'too-large': 413,
  'body-consumed': 500,
  rejected: 422,
} as const;
export type ReceiverErrorCode = keyof typeof RECEIVER_STATUSES;

/**
 * A request that is not taken. `status` is what to answer: Tablehook tries again after 425 and 5xx, and never after the
 * others. A handler may throw one with the code `rejected`: what it got is never to come again.
 */
export class ReceiverError extends Error {
  readonly code: ReceiverErrorCode;
  readonly status: number;

  constructor(code: ReceiverErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ReceiverError';
    this.code = code;
    this.status = RECEIVER_STATUSES[code];
  }
}
