import type { RunResult } from '../result.ts';
import { formatNumber } from './format-number.ts';

/** One line on a run that just ended. */
export function describeLine(result: RunResult): string {
  const figures = result.streams[result.measured];
  const at = (ms: number | undefined) => (ms === undefined ? '–' : `${formatNumber(ms)} ms`);
  return [
    `${result.scenario} · ${result.system} · run ${result.run}:`,
    `accepted ${figures?.acceptedChanges} of ${figures?.offeredChanges},`,
    `accept p50 ${at(figures?.acceptMs?.p50)},`,
    `arrival p50 ${at(figures?.requestToLastMs?.p50)} p99 ${at(figures?.requestToLastMs?.p99)},`,
    `${formatNumber(figures?.changesPerSecond ?? null)}/s,`,
    `lost ${figures?.lost}, duplicated ${figures?.duplicated}`,
    result.recovery ? `, all there after ${at(result.recovery.allArrivedAfterMs ?? undefined)}` : '',
  ].join(' ');
}
