import type { Load } from '../load/load-plan.ts';
import type { Stream } from '../scenario.ts';

/**
 * How many webhooks of a stream must hear each change of a load while it lasts: those that asked for it, answer at all, and
 * have no rate far below it.
 */
export function owedPerChange({ webhooks }: Stream, load: Load): number {
  const type = load.kind === 'batch' ? 'record.created' : 'record.updated';
  return webhooks
    .filter(
      ({ behaviour, delivery }) => behaviour.kind !== 'hang' && delivery?.['ratePerSecond'] === undefined,
    )
    .filter(({ events = ['record.*'] }) => events.includes('record.*') || events.includes(type))
    .reduce((sum, { count }) => sum + count, 0);
}
