import type { BenchFile } from '../result.ts';
import { scenarios } from '../scenarios.ts';
import { SYSTEMS } from '../systems/system.ts';
import { describeMeasured } from './describe-measured.ts';
import { formatNumber } from './format-number.ts';
import { markdownTable } from './markdown-table.ts';
import { costTable, latencyTable, memoryTable, ratioTable } from './tables.ts';
import { judge, targetTable } from './targets.ts';

/** The whole report in markdown, with its plots by their file names. */
export function writeUp(file: BenchFile, plots: readonly { title: string; path: string }[]): string {
  const { runs, quick } = file;
  const names = new Set(runs.map(({ scenario }) => scenario));
  const ratios = ratioTable(runs);
  const systems = new Set(runs.map(({ system }) => system));
  return [
    quick ? '> Of a `--quick` run: these figures show that the harness works and mean nothing else.' : '',
    describe(file),
    'Every cell is the median over the runs with their least and most in parentheses.',
    '### Targets',
    'Each is computed within a round of runs; the median over rounds decides.',
    targetTable(judge(runs)),
    '### Latency and throughput',
    latencyTable(runs),
    ...plots.map(({ title, path }) => `![${title}](${path})`),
    '### What a change costs',
    costTable(runs),
    ...(ratios === null ? [] : ['### Against the baselines', ratios]),
    '### Memory',
    memoryTable(runs),
    '### Scenarios and systems',
    markdownTable(
      ['scenario', 'what'],
      scenarios.filter(({ name }) => names.has(name)).map(({ name, title }) => [name, title]),
      { textColumns: 2 },
    ),
    markdownTable(
      ['system', 'what'],
      Object.entries(SYSTEMS).filter(([name]) => systems.has(name as keyof typeof SYSTEMS)),
      { textColumns: 2 },
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function describe(file: BenchFile): string {
  const loads = file.runs.map(({ loadAverageBefore }) => loadAverageBefore);
  return `${describeMeasured(file)} Load average before a run: at most ${formatNumber(Math.max(...loads))}.`;
}
