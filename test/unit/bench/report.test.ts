import { describe, expect, it } from 'vitest';
import { drawPlot } from '../../../bench/report/plot.ts';
import { toPlots } from '../../../bench/report/plots.ts';
import { formatNumber } from '../../../bench/report/format-number.ts';
import { formatRange, toRange } from '../../../bench/report/range.ts';
import { splice } from '../../../bench/report/splice.ts';
import { costTable, latencyTable, ratioTable } from '../../../bench/report/tables.ts';
import { judge, targets } from '../../../bench/report/targets.ts';
import { writeUp } from '../../../bench/report/write-up.ts';
import { findDocument } from '../../support/documents.ts';
import { runResult } from './run-result.ts';

describe('formatNumber', () => {
  it('keeps the digits that are worth reading', () => {
    expect([0, 0.123, 9.5, 12.34, 120.6, 12_345, null].map(formatNumber)).toEqual([
      ...['0', '0.12', '9.5', '12.3', '121', '12,345', '–'],
    ]);
  });

  it('does not take zeros off whole numbers', () => {
    expect(formatNumber(100)).toBe('100');
    expect(formatNumber(20)).toBe('20');
  });
});

describe('toRange', () => {
  it('leaves out runs without the figure, and is null when none has it', () => {
    expect(toRange([3, null, 1])).toEqual({ median: 2, min: 1, max: 3, count: 2 });
    expect(toRange([null])).toBeNull();
  });

  it('reads as the median with its extremes, and as one figure when they agree', () => {
    expect(formatRange(toRange([1, 2, 4]))).toBe('2 (1–4)');
    expect(formatRange(toRange([5, 5]))).toBe('5');
    expect(formatRange(null)).toBe('–');
  });
});

describe('splice', () => {
  const begin = '<!-- bench:begin, written by npm run bench:report -->';

  it('replaces what is between the markers and keeps the prose around them, however often', () => {
    const document = `# Fast\n\nBefore.\n\n${begin}\nold\n<!-- bench:end -->\n\nAfter.\n`;
    const once = splice(document, 'new\n');
    expect(once).toBe(`# Fast\n\nBefore.\n\n${begin}\n\nnew\n\n<!-- bench:end -->\n\nAfter.\n`);
    expect(splice(once, 'new')).toBe(once);
  });

  it('throws when a marker is missing', () => {
    expect(() => splice('# Fast', 'new')).toThrow('lacks the markers');
  });

  it.each(['bench', 'overload'] as const)(
    'finds the place for figures of %s in docs/performance.md, and leaves the rest',
    async (part) => {
      const { text } = await findDocument('docs/performance.md');
      const [from, to] = [`<!-- ${part}:begin, written by npm run bench:report -->`, `<!-- ${part}:end -->`];
      const [before = '', after] = text.split(from);
      expect(splice(text, 'new', part)).toBe(`${before}${from}\n\nnew\n\n${to}${after?.split(to)[1]}`);
    },
  );
});

describe('tables', () => {
  it('give the median and the extremes over the runs of a scenario', () => {
    const runs = [20, 30, 70].map((arrivalMs, index) => runResult({ run: index + 1, arrivalMs }));
    const [, , row] = latencyTable(runs).split('\n');
    expect(row).toContain('| idle | tablehook | 3 | 10 | 10 | 10 |');
    expect(row).toContain('| 30 (20–70) |');
    expect(row).toContain('| all | 0 | 0 |');
  });

  it('count what a change costs without what the servers do anyway', () => {
    const [, , row] = costTable([runResult({})]).split('\n');
    // 120 commands in 10 s, 2 a second of them without load, for 10 changes.
    expect(row?.split(' | ').at(7)).toBe('10');
  });

  it('take ratios within a round of runs, not between medians', () => {
    const runs = [
      runResult({ run: 1, arrivalMs: 20 }),
      runResult({ run: 1, arrivalMs: 10, system: 'bare' }),
      runResult({ run: 2, arrivalMs: 80 }),
      runResult({ run: 2, arrivalMs: 20, system: 'bare' }),
    ];
    expect(ratioTable(runs)).toContain('| 3 (2–4) |');
  });
});

describe('judge', () => {
  const verdictOf = (runs: ReturnType<typeof runResult>[], says: string) =>
    judge(runs).find(({ target }) => target.says === says);

  it('meets a target at its very bound and misses it beyond', () => {
    const says = '10/s: arrival p50 ÷ accept p50';
    expect(verdictOf([runResult({ arrivalMs: 40, acceptMs: 10 })], says)?.met).toBe(true);
    expect(verdictOf([runResult({ arrivalMs: 41, acceptMs: 10 })], says)?.met).toBe(false);
  });

  it('says of what was not measured that it was not, rather than that it is met', () => {
    expect(judge([]).every(({ met }) => met === null)).toBe(true);
    expect(judge([])).toHaveLength(targets.length);
  });

  it('misses the target of a kill after which something never arrived', () => {
    const recovery = { readyAfterMs: 1_000, allArrivedAfterMs: null, acceptedBefore: 5 };
    const says = 'kill -9 in a burst: everything arrived, s after the restart';
    expect(verdictOf([runResult({ scenario: 'kill', recovery })], says)?.met).toBe(false);
    const back = { ...recovery, allArrivedAfterMs: 9_000 };
    expect(verdictOf([runResult({ scenario: 'kill', recovery: back })], says)?.met).toBe(true);
  });
});

describe('writeUp', () => {
  it('names the machine, warns of a quick run, and shows the plots that have figures', () => {
    const runs = [runResult({}), runResult({ system: 'textbook', arrivalMs: 90 })];
    const machine = {
      ...{ cpu: 'Some CPU', cores: 2, memoryBytes: 2 ** 33, kernel: 'linux 6' },
      ...{ node: 'v20', mongod: '6.0.5', temporal: '1.8.2', temporalSdk: '1.24.0' },
    };
    const head = { version: 1 as const, startedAt: '2026-01-02T00:00:00.000Z', finishedAt: '' };
    const file = { ...head, commit: 'abcdef0123456789', dirty: true, quick: true, machine, runs };
    const plots = toPlots(runs);
    const text = writeUp(
      file,
      plots.map(({ title, file: name }) => ({ title, path: name })),
    );
    expect(text).toContain(
      'commit `abcdef012345` with local changes: Some CPU, 2 cores for everything, 8 GiB',
    );
    expect(text).toContain('> Of a `--quick` run');
    expect(plots.map((plot) => plot.file)).toEqual(['arrival-p50.svg', 'arrival-p99.svg']);
  });
});

describe('drawPlot', () => {
  const plot = {
    file: 'a.svg',
    title: 'A plot',
    unit: 'ms',
    categories: ['one', 'two'],
    series: [{ name: 'some', ranges: [{ median: 2, min: 1, max: 3, count: 3 }, null] }],
  };

  it('draws a stand-alone SVG, the same one every time', () => {
    const svg = drawPlot(plot);
    expect(svg).toMatch(/^<svg .*<\/svg>$/s);
    expect(svg).toContain('A plot');
    expect(drawPlot(plot)).toBe(svg);
  });

  it('gives a bar its whisker', () => {
    const bare = drawPlot({ ...plot, series: [{ name: 'some', ranges: [null, null] }] });
    const lines = (svg: string) => svg.match(/#222222/g)?.length ?? 0;
    expect(lines(drawPlot(plot)) - lines(bare)).toBe(3);
  });
});
