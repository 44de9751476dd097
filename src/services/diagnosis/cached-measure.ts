import type { Unsettled } from '../../contracts/diagnosis.ts';
import type { MeasureContext } from './measure.ts';
import { measureUnsettled } from './measure.ts';

/** Whoever asks more often gets the same answer again. */
const FRESH_MS = 10_000;

/** A measure that is taken when somebody asks, at most every 10 s, however many ask. */
export function openMeasure(context: MeasureContext): () => Promise<Unsettled[]> {
  let last: { at: number; measured: Promise<Unsettled[]> } | null = null;
  return async () => {
    const now = context.clock().getTime();
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, measured: measureUnsettled(context) };
    return last.measured;
  };
}
