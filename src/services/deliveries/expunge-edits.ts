import { toCancelEdits } from './cancel.ts';

/** The edits, as stages of an update, that take from a delivery what it would send and what it was answered. */
export function toExpungeEdits(now: Date) {
  const answer = { responseHeaders: { $literal: {} }, responseBody: null };
  const withoutAnswer = { $mergeObjects: ['$$attempt', answer] };
  const attempts = { $map: { input: '$attempts', as: 'attempt', in: withoutAnswer } };
  return [{ $set: { body: '', attempts, expungedAt: now } }];
}

/** As `toExpungeEdits`, for a delivery that is open: nobody may send it any more. */
export function toCancelAndExpungeEdits(now: Date) {
  return [{ $set: toCancelEdits('expunged', now) }, ...toExpungeEdits(now)];
}
