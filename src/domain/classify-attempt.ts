import { parseRetryAfter } from './parse-retry-after.ts';

/** Why a delivery failed for good, shown in the API and in Temporal. */
export type FailureReason =
  | 'redirect'
  | 'permanent-status'
  | 'gone'
  | 'address-refused'
  | 'url-refused'
  | 'gave-up'
  | `template-failed: ${string}`;

/** What an attempt's answer means for its delivery. */
export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'retry'; retryAfterMs: number | null }
  | { kind: 'failed'; reason: FailureReason };

export interface AttemptAnswer {
  outcome: 'response' | 'timeout' | 'network-error' | 'refused';
  status: number | null;
  errorCode: string | null;
  responseHeaders: Record<string, string>;
}

const RETRIED_4XX = new Set([408, 409, 425, 429]);

/** Judges an attempt: 2xx delivered, 410 gone, 3xx and permanent statuses and refusals failed, all else retried. */
export function classifyAttempt(
  answer: AttemptAnswer,
  policy: { permanentStatuses?: readonly number[] | undefined },
  now: Date,
): Verdict {
  if (answer.outcome === 'refused') {
    return { kind: 'failed', reason: answer.errorCode === 'url_refused' ? 'url-refused' : 'address-refused' };
  }
  // Cut off by our own shutdown: no fault of the endpoint's, so at once.
  if (answer.errorCode === 'aborted') return { kind: 'retry', retryAfterMs: 0 };
  const { status } = answer;
  if (answer.outcome !== 'response' || status === null) return { kind: 'retry', retryAfterMs: null };
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'failed', reason: 'gone' };
  if (status >= 300 && status < 400) return { kind: 'failed', reason: 'redirect' };
  if (isPermanent(status, policy.permanentStatuses)) return { kind: 'failed', reason: 'permanent-status' };
  return { kind: 'retry', retryAfterMs: parseRetryAfter(answer.responseHeaders['retry-after'], now) };
}

function isPermanent(status: number, permanentStatuses: readonly number[] | undefined): boolean {
  if (permanentStatuses) return permanentStatuses.includes(status);
  return status >= 400 && status < 500 && !RETRIED_4XX.has(status);
}
