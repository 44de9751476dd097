import { selectChanges } from './select-changes.ts';
import { selectDeliveries } from './select-deliveries.ts';
import { selectRecords } from './select-records.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';

/** Opens the selection of a replay: settled deliveries, changes, or records. Reads only. */
export function openSelection(context: SelectionContext, input: SelectionInput): Selection {
  const { backfill } = input.replay;
  if (backfill === null) return selectDeliveries(context, input);
  return 'records' in backfill
    ? selectRecords(context, input)
    : selectChanges(context, {
        ...input,
        since: new Date(backfill.changesSince),
        silent: backfill.silent ?? true,
      });
}
