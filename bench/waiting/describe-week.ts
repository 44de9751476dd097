import { range, whole } from './figures.ts';
import type { WaitingFigures } from './result.ts';

/** The rows of a week with an endpoint that was down. */
export function describeWeek({ plan, days, down }: WaitingFigures): string[][] {
  if (!down) return [];
  const { attempted, opening, steps, usage, wake, workflows, eventsOfLooking } = down;
  const { before, after } = workflows;
  const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
  const pausedAfter = steps.find(({ paused }) => paused === 'itself')?.hours;
  const stored = sum(Object.values(down.storage).map(({ dataBytes, indexBytes }) => dataBytes + indexBytes));
  const cpu = Object.entries(usage).map(([role, { cpuSeconds }]) => `${role} ${cpuSeconds.toFixed(1)} s`);
  return [
    ['written before the others', whole(plan.lead)],
    [
      'circuit open after; planned, failed by then',
      `${opening.seconds.toFixed(1)} s; ${whole(opening.planned)}, ${whole(attempted)}`,
    ],
    ['the week took', `${whole(days.seconds)} s in ${steps.length} steps`],
    ['paused itself', pausedAfter === undefined ? 'never' : `after ${pausedAfter} h`],
    ['probes', whole(steps.at(-1)?.probes ?? 0)],
    [
      'runs of the wake; events in all, of the largest; bytes',
      `${wake.runs}; ${whole(sum(wake.events))}, ${whole(Math.max(0, ...wake.events))}; ${whole(sum(wake.bytes))}`,
    ],
    ['events of a workflow that looked once a day', eventsOfLooking === null ? '–' : whole(eventsOfLooking)],
    ['workflows open before, after', `${whole(before.open)}, ${whole(after.open)}`],
    ['history before, after', range(before.bytes, after.bytes)],
    ['MongoDB after, data and indexes', range(stored)],
    ['Tablehook at most in the week', range(usage['standalone']?.peakRssBytes ?? 0)],
    ['CPU in the week', cpu.join(', ')],
  ];
}
