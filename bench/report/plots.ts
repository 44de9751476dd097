import type { RunResult } from '../result.ts';
import type { SystemName } from '../systems/system.ts';
import type { Figure } from './figures.ts';
import * as figures from './figures.ts';
import type { Plot } from './plot.ts';
import type { Range } from './range.ts';
import { toRange } from './range.ts';

const STEADY = ['idle', 'rate-50', 'rate-100', 'rate-200'];
const COMPARED: SystemName[] = ['tablehook', 'textbook', 'bare'];
const BURST: SystemName[] = [
  'tablehook',
  'strict',
  'workers-1',
  'workers-2',
  'workers-4',
  'textbook',
  'bare',
  'plain',
];
const PARTS: [name: string, roles: string[]][] = [
  ['API + worker', ['standalone', 'standalone, restarted', 'api', 'worker']],
  ['mongod', ['mongod']],
  ['temporal', ['temporal']],
];
const ISOLATION = [
  'neighbour-50-healthy',
  'neighbour-50-hanging',
  'neighbour-100-healthy',
  'neighbour-100-hanging',
];

/** Every plot that the runs have figures for. */
export function toPlots(runs: readonly RunResult[]): Plot[] {
  const over = (scenario: string, system: SystemName, figure: Figure): Range | null =>
    toRange(runs.filter((run) => run.scenario === scenario && run.system === system).map(figure));
  const bySystem = (figure: Figure) =>
    COMPARED.map((system) => ({ name: system, ranges: STEADY.map((name) => over(name, system, figure)) }));
  const plots: Plot[] = [
    {
      file: 'arrival-p50.svg',
      title: 'From request to arrival, median',
      unit: 'ms',
      categories: STEADY,
      series: bySystem(figures.time('requestToLastMs', 'p50')),
      logarithmic: true,
    },
    {
      file: 'arrival-p99.svg',
      title: 'From request to arrival, 99th percentile',
      unit: 'ms',
      categories: STEADY,
      series: bySystem(figures.time('requestToLastMs', 'p99')),
      logarithmic: true,
    },
    {
      file: 'burst.svg',
      title: 'A burst of 5,000, from the first request to the last arrival',
      unit: 'changes/s',
      categories: BURST,
      series: [
        {
          name: 'changes/s',
          ranges: BURST.map((system) => over('burst', system, figures.rate('changesPerSecond'))),
        },
      ],
    },
    {
      file: 'cpu.svg',
      title: 'CPU per change at 50/s, by part',
      unit: 'CPU-ms',
      categories: COMPARED,
      series: PARTS.map(([name, roles]) => ({
        name,
        ranges: COMPARED.map((system) => over('rate-50', system, figures.cpuPer1000(...roles))),
      })),
      stacked: true,
    },
    {
      file: 'isolation.svg',
      title: 'The healthy endpoint beside one that hangs',
      unit: 'ms from request to arrival',
      categories: ISOLATION,
      series: (['p50', 'p95'] as const).map((percentile) => ({
        name: percentile,
        ranges: ISOLATION.map((name) => over(name, 'tablehook', figures.time('requestToLastMs', percentile))),
      })),
    },
  ];
  return plots.filter(({ series }) => series.some(({ ranges }) => ranges.some((range) => range !== null)));
}
