import type { RunResult } from '../result.ts';
import type { SystemName } from '../systems/system.ts';
import { SYSTEMS } from '../systems/system.ts';
import type { Figure } from './figures.ts';
import * as figures from './figures.ts';
import type { Group } from './groups.ts';
import { rangeOf, toGroups } from './groups.ts';
import { markdownTable } from './markdown-table.ts';
import type { Range } from './range.ts';
import { formatRange, toRange } from './range.ts';

type Column = [head: string, figure: Figure];

const LATENCY: Column[] = [
  ['accept p50, ms', figures.time('acceptMs', 'p50')],
  ['p95', figures.time('acceptMs', 'p95')],
  ['p99', figures.time('acceptMs', 'p99')],
  ['accept→arrival p50, ms', figures.time('acceptToLastMs', 'p50')],
  ['p95', figures.time('acceptToLastMs', 'p95')],
  ['p99', figures.time('acceptToLastMs', 'p99')],
  ['request→arrival p50, ms', figures.time('requestToLastMs', 'p50')],
  ['changes/s', figures.rate('changesPerSecond')],
];

const COST: Column[] = [
  ['CPU-s per 1,000 changes', figures.cpuPer1000()],
  ['API + worker', figures.cpuPer1000('standalone', 'standalone, restarted', 'api', 'worker')],
  ['mongod', figures.cpuPer1000('mongod')],
  ['temporal', figures.cpuPer1000('temporal')],
  ['MongoDB commands per change', figures.mongoPerChange],
  ['Temporal calls', figures.callsPerChange],
  ['workflows', figures.workflowsPerChange],
  ['history events', figures.eventsPerChange],
  ['history bytes', figures.historyBytesPerChange],
];

const MEMORY: Column[] = [
  ['API + worker in one, MB', figures.peakMb('standalone')],
  ['API', figures.peakMb('api')],
  ['workers together', figures.peakMb('worker')],
  ['mongod', figures.peakMb('mongod')],
  ['temporal', figures.peakMb('temporal')],
];

/** Latency and throughput of every scenario on every system. */
export function latencyTable(runs: readonly RunResult[]): string {
  const rows = toGroups(runs).map((group) => [...cells(group, LATENCY), ...losses(group)]);
  return table([...LATENCY.map(([head]) => head), 'accepted', 'lost', 'duplicated'], rows);
}

/** What a change costs, by part. */
export function costTable(runs: readonly RunResult[]): string {
  return table(
    COST.map(([head]) => head),
    toGroups(runs).map((group) => cells(group, COST)),
  );
}

/** The most memory that each part held. */
export function memoryTable(runs: readonly RunResult[]): string {
  return table(
    MEMORY.map(([head]) => head),
    toGroups(runs).map((group) => cells(group, MEMORY)),
  );
}

const BASELINES: SystemName[] = ['textbook', 'bare'];

/** Tablehook's figures as multiples of the baselines', run by run. Null where no baseline was run. */
export function ratioTable(runs: readonly RunResult[]): string | null {
  const columns: Column[] = [
    ['request→arrival p50', figures.time('requestToLastMs', 'p50')],
    ['p99', figures.time('requestToLastMs', 'p99')],
    ['changes/s', figures.rate('changesPerSecond')],
    ['CPU per change', figures.cpuPer1000()],
  ];
  const rows = toGroups(runs)
    .filter(({ system }) => system === 'tablehook')
    .flatMap((group) =>
      BASELINES.flatMap((baseline) => {
        const others = runs.filter((run) => run.scenario === group.scenario && run.system === baseline);
        if (others.length === 0) return [];
        const ratios = columns.map(([, figure]) => formatRange(ratioRange(group.runs, others, figure)));
        return [[group.scenario, SYSTEMS[baseline], ...ratios]];
      }),
    );
  const head = ['scenario', 'as a multiple of', ...columns.map(([name]) => name)];
  return rows.length === 0 ? null : markdownTable(head, rows, { textColumns: 2 });
}

/** The ratio of a figure between two systems, within each run. */
export function ratioRange(
  runs: readonly RunResult[],
  others: readonly RunResult[],
  figure: Figure,
): Range | null {
  return toRange(
    runs.map((run) => {
      const other = others.find((candidate) => candidate.run === run.run);
      const [above, below] = [figure(run), other === undefined ? null : figure(other)];
      return above === null || below === null || below === 0 ? null : above / below;
    }),
  );
}

function table(head: string[], rows: string[][]): string {
  return markdownTable(['scenario', 'system', 'runs', ...head], rows, { textColumns: 2 });
}

function cells(group: Group, columns: readonly Column[]): string[] {
  const { scenario, system, runs } = group;
  const figuresOf = columns.map(([, figure]) => formatRange(rangeOf(group, figure)));
  return [scenario, system, String(runs.length), ...figuresOf];
}

function losses({ runs }: Group): string[] {
  const sum = (name: 'acceptedChanges' | 'offeredChanges' | 'lost' | 'duplicated') =>
    runs.reduce((all, { streams }) => all + Object.values(streams).reduce((n, s) => n + s[name], 0), 0);
  const [accepted, offered] = [sum('acceptedChanges'), sum('offeredChanges')];
  return [
    accepted === offered ? 'all' : `${accepted} of ${offered}`,
    `${sum('lost')}`,
    `${sum('duplicated')}`,
  ];
}
