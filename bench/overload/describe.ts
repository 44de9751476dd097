import { markdownTable } from '../report/markdown-table.ts';
import type { Percentiles } from '../measure/percentiles.ts';
import type { OverloadFile } from './result.ts';

/** The figures as a table, and what had to hold. */
export function describeOverload(file: OverloadFile): string {
  const checks = file.checks.map(
    ({ what, holds, detail }) => `${holds ? 'ok  ' : 'FAIL'} ${what}: ${detail}`,
  );
  return [markdownTable(['what', 'figure'], rowsOf(file), { textColumns: 2 }), '', ...checks].join('\n');
}

function rowsOf(file: OverloadFile): string[][] {
  const { tried, args, answers, timeline } = file;
  const kept = tried.filter(({ sustained }) => sustained).at(-1);
  const most = Math.max(0, ...timeline.map(({ accepted, arrived }) => accepted - arrived));
  const arrivedAtEnd = file.accepted - file.backlogAtEnd;
  return [
    ['kept up with', kept ? `${kept.perSecond}/s` : '–'],
    ['offered', `${file.offeredPerSecond}/s for ${args.minutes} min`],
    ...Object.entries(answers).map(([status, count]) => [
      status === '0' ? 'no answer' : `answered ${status}`,
      whole(count),
    ]),
    ['accepted', `${whole(file.accepted)}, ${whole(file.accepted / (args.minutes * 60))}/s`],
    ['answered after (p50, p99, most)', spread(file.answerMs)],
    ['delivered meanwhile', `${whole(arrivedAtEnd)}, ${whole(arrivedAtEnd / (args.minutes * 60))}/s`],
    ['backlog at most; at the end', `${whole(most)}; ${whole(file.backlogAtEnd)}`],
    [
      'the rest delivered',
      `after ${file.recoverySeconds.toFixed(1)} s, ${whole(file.backlogAtEnd / Math.max(1, file.recoverySeconds))}/s`,
    ],
    ['lost, repeated', `${file.lost}, ${file.duplicated}`],
    ['light load before: answered; arrived (p50, p99, most)', light(file.before)],
    ['light load after', light(file.after)],
    ...Object.entries(file.peakRssBytes).map(([role, peak]) => [
      `memory of ${role}: before; at most`,
      `${megabytes(file.rssBytesBefore[role] ?? 0)}; ${megabytes(peak)}`,
    ]),
  ];
}

function light({ answerMs, arrivalMs }: OverloadFile['before']): string {
  return `${spread(answerMs)}; ${spread(arrivalMs)}`;
}

function spread(times: Percentiles | null): string {
  return times === null ? '–' : `${whole(times.p50)}, ${whole(times.p99)}, ${whole(times.max)} ms`;
}

function megabytes(bytes: number): string {
  return `${whole(bytes / 1e6)} MB`;
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
