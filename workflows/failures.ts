import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { SettledResult } from '../src/contracts/workflow.ts';
import { FailureType } from '../src/domain/failure-type.ts';

/** How a delivery ended, when an activity failed by saying so; null for any other failure. */
export function settledResultOf(error: unknown): SettledResult | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  const { type, details } = error.cause;
  // The details of this type are written by the activities alone, as a SettledResult.
  return type === FailureType.deliveryFailed ? ((details?.[0] ?? null) as SettledResult | null) : null;
}
