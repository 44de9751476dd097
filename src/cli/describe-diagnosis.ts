import type { Diagnosis, Finding, Standing } from '../contracts/diagnosis.ts';
import { formatRows, formatSpan, printable } from './format.ts';
import type { Paint } from './paint.ts';

const MEANING: Record<Standing, string> = {
  'not-planned': 'changes that no worker has planned yet',
  overdue: 'deliveries that should be attempted, and are not',
  'under-way': 'deliveries being attempted',
  retrying: 'deliveries to be tried again later',
  waiting: 'deliveries held back, with a reason',
};

/** What is not settled, and below it what a person should know, with what to do. */
export function describeDiagnosis(paint: Paint, { unsettled, findings, healthy }: Diagnosis): string {
  const rows = unsettled
    .filter(({ count }) => count > 0)
    .map(({ standing, count, oldestSeconds, oldestChangeId }) => [
      standing === 'overdue' ? paint.bad(standing) : standing,
      count.toLocaleString('en'),
      oldestSeconds === null ? '-' : formatSpan(oldestSeconds * 1000),
      oldestChangeId ?? '-',
      MEANING[standing],
    ]);
  const table = formatRows(paint, {
    heading: ['NOT SETTLED', 'COUNT', 'OLDEST', 'OLDEST CHANGE', 'MEANING'],
    rows,
    none: 'Everything is settled.',
  });
  const verdict = healthy ? [paint.good('Nothing is wrong.')] : [];
  return [table, ...findings.map((finding) => describeFinding(paint, finding)), ...verdict].join('\n\n');
}

function describeFinding(paint: Paint, { severity, summary, advice, examples }: Finding): string {
  const mark = severity === 'problem' ? paint.bad('problem') : paint.busy('notice ');
  return [
    `${mark}  ${printable(summary)}`,
    `         ${printable(advice)}`,
    ...(examples.length > 0 ? [`         ${paint.dim('see')} ${examples.join(' ')}`] : []),
  ].join('\n');
}
