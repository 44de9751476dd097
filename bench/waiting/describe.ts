import { markdownTable } from '../report/markdown-table.ts';
import { describeWeek } from './describe-week.ts';
import { range, whole } from './figures.ts';
import type { WaitingFile } from './result.ts';

const MB = 1_000_000;
const LET_GO = {
  resume: 'resume, answered; with nothing waiting',
  probe: 'endpoint opened, and probed at once: noticed after; a resume with nothing waiting',
  itself: 'endpoint opened, and left alone: noticed after; a resume with nothing waiting',
} as const;

/** The figures as a table, and what had to hold. */
export function describeWaiting(file: WaitingFile): string {
  const held = [...heldRows(file), ...describeWeek(file)];
  const rows = [...parkedRows(file), ...held, ...resumedRows(file)];
  const checks = file.checks.map(
    ({ what, holds, detail }) => `${holds ? 'ok  ' : 'FAIL'} ${what}: ${detail}`,
  );
  return [markdownTable(['what', 'figure'], rows, { textColumns: 2 }), '', ...checks].join('\n');
}

function parkedRows({ plan, idle, parked, singles }: WaitingFile): string[][] {
  const { workflows, storage, rssBytes, acceptedPerSecond } = parked;
  const perDelivery = (name: string) => {
    const [before, after] = [storage.before[name], storage.after[name]];
    const grown = (of: 'dataBytes' | 'indexBytes') => (after?.[of] ?? 0) - (before?.[of] ?? 0);
    const [data, index] = [grown('dataBytes'), grown('indexBytes')];
    return `${whole(data / plan.count)} + ${whole(index / plan.count)} B`;
  };
  return [
    ['parked in batches', whole(plan.count)],
    ['accepted', `${whole(acceptedPerSecond)}/s; all waiting after ${parked.waitingSeconds.toFixed(1)} s`],
    ['Tablehook before, after, at most', range(rssBytes.before, rssBytes.after, rssBytes.peak)],
    ['delivery: data + indexes', perDelivery('deliveries')],
    ['change: data + indexes', perDelivery('changes')],
    ['record: data + indexes', perDelivery('records')],
    ['workflows started, still open', `${whole(workflows.started)}, ${whole(workflows.open)}`],
    ['their history events, the largest', `${whole(workflows.events)}, ${workflows.largest?.events ?? 0}`],
    ['their history bytes', `${(workflows.bytes / MB).toFixed(1)} MB`],
    ['parked singly, with a workflow of their own', `${plan.singles}, ${singles.own}`],
    ['events of one of these; of a look', `${singles.events?.most ?? 0}; ${singles.eventsOfALook ?? 0}`],
    ['MongoDB commands while nothing waits', `${idle.mongoCommandsPerSecond.toFixed(1)}/s`],
  ];
}

function heldRows({ held, days, switched, idle }: WaitingFile): string[][] {
  const cpu = Object.entries(held.cpuSeconds).map(
    ([role, seconds]) => `${role} ${((seconds / held.seconds) * 100).toFixed(1)} %`,
  );
  return [
    ['held', `${held.seconds.toFixed(0)} s`],
    ['MongoDB commands', `${held.mongoCommandsPerSecond.toFixed(1)}/s`],
    ['Temporal calls but polls', held.temporalCalls === null ? '–' : whole(held.temporalCalls)],
    ['history events added', whole(held.eventsAdded)],
    ['CPU', cpu.join(', ')],
    [`${days.days} days later`, JSON.stringify(days.after.counts)],
    ...switched.map(({ call, ms, followedSeconds }) => [
      `${call}, answered; with nothing waiting; followed after`,
      `${ms.toFixed(0)} ms; ${idle.callsMs[call].toFixed(0)} ms; ${followedSeconds.toFixed(1)} s`,
    ]),
  ];
}

function resumedRows({ plan, resumed, idle }: WaitingFile): string[][] {
  const letGo = plan.heldBy === 'down' ? plan.backBy : 'resume';
  const { usage, wake, newer, workflows } = resumed;
  const cpu = Object.entries(usage).map(([role, { cpuSeconds }]) => `${role} ${cpuSeconds.toFixed(1)} s`);
  const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
  return [
    [LET_GO[letGo], `${resumed.ms.toFixed(0)} ms; ${idle.callsMs.resume.toFixed(0)} ms`],
    ['delivered', `after ${resumed.seconds.toFixed(1)} s, ${whole(resumed.perSecond)}/s`],
    ['by tenth', resumed.perSecondByTenth.map((rate) => whole(rate)).join(', ')],
    ['Tablehook at most', `${whole((usage['standalone']?.peakRssBytes ?? 0) / MB)} MB`],
    ['CPU', cpu.join(', ')],
    ['MongoDB commands per delivery', resumed.mongoCommandsPerDelivery.toFixed(2)],
    [
      'runs of the wake; events of each; bytes in all',
      `${wake.runs}; ${wake.events.join(', ')}; ${whole(sum(wake.bytes))}`,
    ],
    ['largest result of a step', `${whole(resumed.largestPayload)} B`],
    ['missing, repeated', `${resumed.missing}, ${resumed.duplicated}`],
    ['arrived after the newer change', whole(newer.overtaken)],
    ['workflows open at the end', whole(workflows.open)],
  ];
}
