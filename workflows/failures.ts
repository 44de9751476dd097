import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { RecordChangeResult, SettledResult } from '../src/contracts/workflow.ts';
import { FailureType } from '../src/domain/failure-type.ts';
import { shorten } from '../src/domain/shorten.ts';

/** How a delivery ended, when an activity failed by saying so; null for any other failure. */
export function settledResultOf(error: unknown): SettledResult | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  const { type, details } = error.cause;
  // The details of this type are written by the activities alone, as a SettledResult.
  return type === FailureType.deliveryFailed ? ((details?.[0] ?? null) as SettledResult | null) : null;
}

/** Temporal's limit for the text of a failure is about 1 KB. */
const MAX_TEXT = 1_000;
/** Failed deliveries that the text names. */
const MAX_NAMED = 5;

/** The failure of a change's workflow: names webhooks and answers, and says how to send again. */
export function deliveriesFailed(result: RecordChangeResult): ApplicationFailure {
  const failed = result.outcomes.filter(({ state }) => state === 'failed');
  const named = failed.slice(0, MAX_NAMED).map(({ webhook, summary }) => `${webhook} (${summary})`);
  const more = failed.length > named.length ? ` and ${failed.length - named.length} more` : '';
  const [first] = failed;
  const again = failed.length === 1 && first ? first.deliveryId : '{deliveryId}';
  const advice = `. To send again: POST /v1/deliveries/${again}/redeliver`;
  const text = `${failed.length} of ${result.outcomes.length} deliveries failed: ${named.join(', ')}${more}`;
  const failure = ApplicationFailure.create({
    type: FailureType.deliveriesFailed,
    message: `${shorten(text, MAX_TEXT - advice.length)}${advice}`,
    nonRetryable: true,
    details: [result],
    category: 'BENIGN',
  });
  // It would tell nothing of the endpoints' answers, yet fill the UI.
  failure.stack = '';
  return failure;
}
