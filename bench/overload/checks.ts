import type { OverloadFigures } from './result.ts';

/** Of each of Tablehook's processes: what the Kubernetes manifests give a process, and it must fit. */
const MOST_BYTES = 1_000_000_000;
/** Light load after it all may be slower than before by this, and by as many milliseconds besides. */
const SLOWER = { times: 2, ms: 50 };
const PROCESSES = ['standalone', 'api', 'worker'];

/** Judges a measurement: what has to hold, however fast the machine is. */
export function checkOverload(figures: OverloadFigures): { what: string; holds: boolean; detail: string }[] {
  const { answers, peakRssBytes, before, after } = figures;
  const others = Object.entries(answers).filter(([status]) => !['200', '429', '503'].includes(status));
  const peaks = Object.entries(peakRssBytes).filter(([role]) => PROCESSES.includes(role));
  const [was, is] = [before.arrivalMs?.p50 ?? 0, after.arrivalMs?.p50 ?? Number.POSITIVE_INFINITY];
  return [
    {
      what: 'every answer is 2xx, 429 or 503',
      holds: others.length === 0,
      detail: JSON.stringify(answers),
    },
    {
      what: 'every refusal says when to try again',
      holds: figures.refusedWithoutRetryAfter === 0,
      detail: `${figures.refusedWithoutRetryAfter} do not`,
    },
    { what: 'nothing accepted is lost', holds: figures.lost === 0, detail: `${figures.lost} lost` },
    {
      what: `each process stays below ${MOST_BYTES / 1e6} MB`,
      holds: peaks.every(([, peak]) => peak <= MOST_BYTES),
      detail: peaks.map(([role, peak]) => `${role} ${Math.round(peak / 1e6)} MB`).join(', '),
    },
    {
      what: 'it recovers by itself',
      holds: figures.lost === 0 && is <= was * SLOWER.times + SLOWER.ms,
      detail: `a light load arrives after ${Math.round(is)} ms, before it was ${Math.round(was)} ms (p50)`,
    },
  ];
}
