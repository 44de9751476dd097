import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Outcome } from '../src/domain/search-attributes.ts';
import { OUTCOME_ATTRIBUTE, TABLE_ATTRIBUTE } from '../src/domain/search-attributes.ts';

/** Makes the workflow findable by what became of its change. Costs an event. */
export function noteOutcome(outcome: Outcome): void {
  upsertSearchAttributes([{ key: OUTCOME_ATTRIBUTE, value: outcome }]);
}

/** Makes the workflow of a line or a replay findable by its table. Costs an event. */
export function noteTable(tableId: string): void {
  upsertSearchAttributes([{ key: TABLE_ATTRIBUTE, value: [tableId] }]);
}
