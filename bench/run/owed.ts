import type { Load } from '../load/load-plan.ts';
import type { Stream } from '../scenario.ts';

/** How many webhooks of a stream must hear each change of a load: those that asked for it and answer at all. */
export function owedPerChange({ webhooks }: Stream, load: Load): number {
  const type = load.kind === 'batch' ? 'record.created' : 'record.updated';
  return webhooks
    .filter(({ behaviour }) => behaviour.kind !== 'hang')
    .filter(({ events = ['record.*'] }) => events.includes('record.*') || events.includes(type))
    .reduce((sum, { count }) => sum + count, 0);
}
