import type { RunResult } from '../result.ts';
import type { SystemName } from '../systems/system.ts';
import type { Figure } from './figures.ts';
import * as figures from './figures.ts';
import { formatNumber } from './format-number.ts';
import { markdownTable } from './markdown-table.ts';
import type { Range } from './range.ts';
import { formatRange, toRange } from './range.ts';

/** Reads a figure of one scenario on one system, of one round of runs. */
type Look = (scenario: string, figure: Figure, system?: SystemName) => number | null;

/** What is aimed at: a bound for a figure that one round of runs gives. */
export interface Target {
  says: string;
  bound: { atMost: number } | { atLeast: number };
  measure: (look: Look) => number | null;
}

/** A target and what the rounds gave. `met` is null where nothing was measured. */
export interface Verdict {
  target: Target;
  range: Range | null;
  met: boolean | null;
}

const arrival = (percentile: 'p50' | 'p95' | 'p99') => figures.time('requestToLastMs', percentile);
const accept50 = figures.time('acceptMs', 'p50');
const perSecond = figures.rate('changesPerSecond');
const lost: Figure = (run) => sumStreams(run, 'lost');
const duplicated: Figure = (run) => sumStreams(run, 'duplicated');

/** The targets, in words and as what is computed from one round. "Arrival" is from the request to the endpoint. */
export const targets: Target[] = [
  atMost(4, '10/s: arrival p50 ÷ accept p50', (look) =>
    ratio(look('idle', arrival('p50')), look('idle', accept50)),
  ),
  atLeast(1, '10/s: workflows per change', (look) => look('idle', figures.workflowsPerChange)),
  ...[50, 100].flatMap((perSec) => steadyTargets(`rate-${perSec}`, `${perSec}/s`)),
  atLeast(196, '200/s: changes/s sustained for 60 s', (look) => look('rate-200', perSecond)),
  atMost(1_000, '200/s: arrival p95, ms', (look) => look('rate-200', arrival('p95'))),
  atMost(1.5, '200/s: backlog, last quarter ÷ second', (look) => look('rate-200', figures.backlogGrowth)),
  atLeast(0.9, 'burst: changes/s ÷ (b)', (look) =>
    ratio(look('burst', perSecond), look('burst', perSecond, 'bare')),
  ),
  atLeast(1.48, 'burst: (b) ÷ the loop as first written (400 ÷ 270)', (look) =>
    ratio(look('burst', perSecond, 'bare'), look('burst', perSecond, 'plain')),
  ),
  atLeast(1.6, 'burst, a workflow per change: changes/s ÷ (a)', (look) =>
    ratio(look('burst', perSecond, 'strict'), look('burst', perSecond, 'textbook')),
  ),
  ...[50, 100].flatMap((perSec) => neighbourTargets(perSec)),
  atMost(3, 'fan-out 1→10: arrival p95 of the slowest ÷ of one', (look) =>
    ratio(look('fan-out', arrival('p95')), look('idle', arrival('p95'))),
  ),
  atMost(8, 'one change, one webhook: history events', (look) => look('idle', figures.eventsPerChange)),
  atMost(2, 'server calls', (look) => look('idle', figures.callsPerChange)),
  atMost(3, 'server calls from a separate API', (look) => look('idle', figures.callsPerChange, 'workers-1')),
  atMost(10, "MongoDB commands, the key's lookup once a second not counted", (look) =>
    look('idle', figures.mongoPerChangeWithoutKey),
  ),
  atLeast(1, 'backlog of 10,000: drain rate ÷ burst rate', (look) =>
    ratio(look('outage', figures.rate('drainPerSecond'), 'workers-1'), look('burst', perSecond)),
  ),
  atMost(10, 'kill -9 in a burst: everything arrived, s after the restart', (look) =>
    look('kill', recoveredAfterS),
  ),
  atMost(0, 'kill -9 in a burst: lost', (look) => look('kill', lost)),
  atMost(1.15, '1,000,000 stored: CPU per change ÷ empty', (look) =>
    ratio(look('rate-50-million', figures.cpuPer1000()), look('rate-50', figures.cpuPer1000())),
  ),
  atLeast(0.87, '1,000,000 stored: burst ÷ empty', (look) =>
    ratio(look('burst-million', perSecond), look('burst', perSecond)),
  ),
  atMost(1.15, '1,000 webhooks on other tables: CPU per change ÷ none', (look) =>
    ratio(look('other-webhooks', figures.cpuPer1000()), look('rate-50', figures.cpuPer1000())),
  ),
  atMost(0, 'two workers: duplicated', (look) => look('burst', duplicated, 'workers-2')),
  atMost(0, 'four workers: duplicated', (look) => look('burst', duplicated, 'workers-4')),
];

/** Judges every target by the median over rounds: runs with the same number, which were made one after the other. */
export function judge(runs: readonly RunResult[]): Verdict[] {
  const rounds = [...new Set(runs.map(({ run }) => run))];
  return targets.map((target) => {
    const range = toRange(
      rounds.map((round) => target.measure(lookIn(runs.filter(({ run }) => run === round)))),
    );
    return { target, range, met: range && isMet(target, range.median) };
  });
}

/** The verdicts as a table. */
export function targetTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ target: { says, bound }, range, met }) => [
    says,
    'atMost' in bound ? `≤ ${formatNumber(bound.atMost)}` : `≥ ${formatNumber(bound.atLeast)}`,
    formatRange(range),
    met === null ? 'not measured' : met ? 'yes' : '**no**',
  ]);
  return markdownTable(['what', 'target', 'measured', 'met?'], rows, { textColumns: 1 });
}

function lookIn(round: readonly RunResult[]): Look {
  return (scenario, figure, system = 'tablehook') => {
    const run = round.find((candidate) => candidate.scenario === scenario && candidate.system === system);
    return run === undefined ? null : figure(run);
  };
}

function isMet({ bound }: Target, value: number): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

function steadyTargets(scenario: string, says: string): Target[] {
  return [
    atMost(5, `${says}: arrival p50 ÷ accept p50`, (look) =>
      ratio(look(scenario, arrival('p50')), look(scenario, accept50)),
    ),
    atMost(3, `${says}: arrival p99 ÷ p50`, (look) =>
      ratio(look(scenario, arrival('p99')), look(scenario, arrival('p50'))),
    ),
  ];
}

function neighbourTargets(perSec: number): Target[] {
  return (['p50', 'p95'] as const).map((percentile) =>
    atMost(1.25, `${perSec}/s, hanging neighbour ÷ healthy one: arrival ${percentile}`, (look) =>
      ratio(
        look(`neighbour-${perSec}-hanging`, arrival(percentile)),
        look(`neighbour-${perSec}-healthy`, arrival(percentile)),
      ),
    ),
  );
}

function atMost(bound: number, says: string, measure: Target['measure']): Target {
  return { says, bound: { atMost: bound }, measure };
}

function atLeast(bound: number, says: string, measure: Target['measure']): Target {
  return { says, bound: { atLeast: bound }, measure };
}

function ratio(above: number | null, below: number | null): number | null {
  return above === null || below === null || below === 0 ? null : above / below;
}

function recoveredAfterS({ recovery }: RunResult): number | null {
  // What never arrived is no missing figure: it is a target missed.
  return recovery && (recovery.allArrivedAfterMs ?? Number.POSITIVE_INFINITY) / 1000;
}

function sumStreams({ streams }: RunResult, name: 'lost' | 'duplicated'): number {
  return Object.values(streams).reduce((sum, figuresOf) => sum + figuresOf[name], 0);
}
