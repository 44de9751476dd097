import type { Percentiles } from '../measure/percentiles.ts';
import { describeMeasured } from '../report/describe-measured.ts';
import { markdownTable } from '../report/markdown-table.ts';
import type { OverloadFile, OverloadRun } from './result.ts';

/** The measured systems side by side, and what had to hold, in markdown. */
export function describeOverload(file: OverloadFile): string {
  const { runs } = file;
  const columns = runs.map((run) => new Map(rowsOf(run)));
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const rows = names.map((name) => [name, ...columns.map((column) => column.get(name) ?? '–')]);
  const checks = runs.flatMap(({ system, checks: judged }) =>
    judged.map(({ what, holds, detail }) => [what, system, detail, holds ? 'yes' : '**no**']),
  );
  return [
    describeMeasured(file),
    markdownTable(['', ...runs.map(({ system }) => system)], rows, { textColumns: 1 }),
    markdownTable(['what has to hold', 'system', 'measured', 'holds'], checks, { textColumns: 4 }),
  ].join('\n\n');
}

function rowsOf(run: OverloadRun): [string, string][] {
  const { tried, answers, timeline, minutes, accepted, backlogAtEnd, recoverySeconds } = run;
  const kept = tried.findLast(({ sustained }) => sustained);
  const most = Math.max(0, ...timeline.map((moment) => moment.accepted - moment.arrived));
  const seconds = minutes * 60;
  const delivered = accepted - backlogAtEnd;
  return [
    ['keeps up with', kept ? `${kept.perSecond}/s` : '–'],
    ['offered', `${run.offeredPerSecond}/s for ${minutes} min`],
    ...Object.entries(answers).map(([status, count]): [string, string] => [
      status === '0' ? 'no answer' : `answered ${status}`,
      whole(count),
    ]),
    ['accepted', `${whole(accepted / seconds)}/s`],
    ['accepted, answered after: p50, p99, most', spread(run.answerMs)],
    ['delivered meanwhile', `${whole(delivered / seconds)}/s`],
    ['backlog: at most, at the end', `${whole(most)}, ${whole(backlogAtEnd)}`],
    [
      'backlog delivered after',
      `${recoverySeconds.toFixed(1)} s: ${whole(backlogAtEnd / Math.max(1, recoverySeconds))}/s`,
    ],
    ['lost, repeated', `${run.lost}, ${run.duplicated}`],
    ['light load before, answered after: p50, p99, most', spread(run.before.answerMs)],
    ['light load after', spread(run.after.answerMs)],
    ['light load before, arrived after: p50, p99, most', spread(run.before.arrivalMs)],
    ['light load after, arrived', spread(run.after.arrivalMs)],
    ...Object.entries(run.peakRssBytes).map(([role, peak]): [string, string] => [
      `memory of ${role}: before, at most`,
      `${megabytes(run.rssBytesBefore[role] ?? 0)}, ${megabytes(peak)} MB`,
    ]),
    ['load average of the machine before', run.loadAverageBefore.toFixed(1)],
  ];
}

function spread(times: Percentiles | null): string {
  return times === null ? '–' : `${whole(times.p50)}, ${whole(times.p99)}, ${whole(times.max)} ms`;
}

function megabytes(bytes: number): string {
  return whole(bytes / 1e6);
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
