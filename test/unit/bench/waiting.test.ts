import { describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../../bench/waiting/arguments.ts';
import { checkWaiting } from '../../../bench/waiting/checks.ts';
import { toBehaviour } from '../../../bench/waiting/plan.ts';
import type { WeekFigures } from '../../../bench/waiting/pass-week.ts';
import type { WaitingFigures } from '../../../bench/waiting/result.ts';

describe('parseArguments of bench:waiting', () => {
  it('parks 100,000 for a minute and seven simulated days unless told otherwise', () => {
    const args = parseArguments([]);
    expect(args).toMatchObject({ count: 100_000, singles: 50, holdSeconds: 60, days: 7, profiles: null });
    expect(toBehaviour(args)).toEqual({ kind: 'ok' });
  });

  it('has an endpoint down, and says what notices that it is up again', () => {
    const down = parseArguments(['--held-by', 'down', '--lead', '40', '--probes-a-day', '288']);
    expect(down).toMatchObject({ heldBy: 'down', lead: 40, probesADay: 288, backBy: 'probe', stepHours: 6 });
    expect(parseArguments(['--back-by', 'itself'])).toMatchObject({ heldBy: 'paused', backBy: 'itself' });
  });

  it('makes an endpoint slow, or refuse, for a share of deliveries', () => {
    expect(toBehaviour(parseArguments(['--slow-share', '0.25']))).toEqual({ kind: 'slow', percent: 25 });
    expect(toBehaviour(parseArguments(['--fail-share', '0.01']))).toEqual({ kind: 'fail', percent: 1 });
  });

  it.each([
    [['--count', 'many']],
    [['--count', '-1']],
    [['--slow-share', '2']],
    [['--env', 'A']],
    [['--held-by', 'nobody']],
    [['--probes-a-day', '289']],
    [['--slow-share', '0.1', '--fail-share', '0.1']],
  ])('refuses %j', (argv) => {
    const silent = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => parseArguments(argv)).toThrow();
    silent.mockRestore();
  });
});

describe('checkWaiting', () => {
  const failing = (figures: WaitingFigures) =>
    checkWaiting(figures).flatMap(({ what, holds }) => (holds ? [] : [what]));

  it('is content with ten that waited and arrived', () => {
    expect(failing(toFigures())).toEqual([]);
  });

  it('names what was lost, repeated, given up, or attempted while it was to wait', () => {
    const { resumed, days, ...rest } = toFigures();
    const broken = {
      ...rest,
      days: { ...days, after: { counts: { failed: 1, 'waiting: paused': 9 }, attempts: 1 } },
      resumed: { ...resumed, missing: 1, duplicated: 2 },
    };
    expect(failing(broken)).toEqual([
      '7 days later nothing was given up',
      'nothing was attempted',
      'nothing is missing',
      'nothing came twice',
    ]);
  });

  it('names a history, or an answer of a step, that grows with what waits', () => {
    const { resumed, ...rest } = toFigures();
    const wake = { ...resumed.wake, bytes: [72_000_000] };
    expect(failing({ ...rest, resumed: { ...resumed, wake, largestPayload: 1_900_000 } })).toEqual([
      'the wake has bounded histories, and ended',
      'no step of it answers too much',
    ]);
  });
});

describe('checkWaiting, of an endpoint that was down', () => {
  const failing = (figures: WaitingFigures) =>
    checkWaiting(figures).flatMap(({ what, holds }) => (holds ? [] : [what]));

  it('is content with a webhook that paused itself after a day, and with what is new going at once', () => {
    expect(failing(toDownFigures(steps(24)))).toEqual([]);
  });

  it('names a pause that came late or never, and deliveries given up for it', () => {
    const figures = toDownFigures(steps(72));
    const days = { ...figures.days, after: { counts: { failed: 3, 'waiting: paused': 7 }, attempts: 9 } };
    expect(failing({ ...figures, days })).toEqual([
      '7 days later nothing was given up',
      'the webhook paused itself after a day, and stayed so',
    ]);
  });

  it('names workflows that what waits has for itself, and those that outlive it', () => {
    const figures = toDownFigures(steps(24));
    const own = { ...figures.parked.workflows, open: 9_000 };
    const { resumed, parked } = figures;
    expect(
      failing({
        ...figures,
        parked: { ...parked, workflows: own },
        resumed: { ...resumed, workflows: { ...own, open: 1 } },
      }),
    ).toEqual([
      'only what was planned while the circuit opened has a workflow of its own',
      'no workflow outlives what it looked after',
    ]);
  });

  const steps = (pausedAfter: number) =>
    [6, 12, 18, 24, 48, 72, 96, 120, 144, 168].map((hours, index) => ({
      ...{ hours, probes: index + 1, counts: {} },
      paused: hours >= pausedAfter ? ('itself' as const) : ('no' as const),
    }));
});

function toDownFigures(steps: WeekFigures['steps']): WaitingFigures {
  const figures = toFigures();
  const { plan, parked, resumed } = figures;
  const { workflows } = parked;
  return {
    ...figures,
    plan: { ...plan, heldBy: 'down' },
    switched: [],
    resumed: { ...resumed, newer: { ...resumed.newer, overtaken: 9_000 } },
    down: {
      ...{ opening: { seconds: 10, planned: 3 }, attempted: 2, steps, usage: {}, storage: {} },
      workflows: { before: workflows, after: workflows },
      wake: { runs: 1, open: 1, events: [200], bytes: [9_000] },
      eventsOfLooking: 90,
    },
  };
}

function toFigures(): WaitingFigures {
  const parked = { counts: { 'waiting: paused': 10 }, attempts: 0 };
  const workflows = {
    ...{ started: 3, open: 0, byType: {}, events: 20, bytes: 9_000, described: 1 },
    largest: { workflowId: 'shared/1', events: 12, bytes: 4_000 },
  };
  const rss = { before: 1, after: 1, peak: 1 };
  const callsMs = { health: 1, disable: 1, enable: 1, pause: 1, resume: 1 };
  return {
    plan: {
      ...parseArguments([]),
      ...{ count: 8, singles: 2, holdSeconds: 1 },
    },
    idle: { callsMs, mongoCommandsPerSecond: 1 },
    parked: {
      ...{ acceptedSeconds: 1, waitingSeconds: 1, acceptedPerSecond: 8, rssBytes: rss, usage: {} },
      ...{ storage: { before: {}, after: {} }, workflows },
    },
    singles: { own: 1, events: { least: 7, most: 7 }, eventsOfALook: 12 },
    held: {
      ...{ seconds: 1, mongoCommandsPerSecond: 1, cpuSeconds: {} },
      ...{ eventsAdded: 0, workflowsStarted: 0, temporalCalls: 0 },
    },
    days: { days: 7, seconds: 25, before: parked, after: parked, calls: 0 },
    down: null,
    switched: [{ call: 'disable', ms: 1, followedSeconds: 1, standings: parked }],
    resumed: {
      ...{ ms: 1, seconds: 1, perSecond: 10, perSecondByTenth: [], usage: {} },
      ...{ mongoCommandsPerDelivery: 1, missing: 0, duplicated: 0, largestPayload: 1_000 },
      newer: { changeId: 'chg_1', acceptMs: 1, overtaken: 0, missing: false },
      sink: { calls: 11, recorded: 11, distinct: 11, refused: 0, hanging: 0, dropped: 0 },
      standings: { counts: { delivered: 11 }, attempts: 11 },
      wake: { runs: 1, open: 0, events: [12], bytes: [2_000] },
      workflows,
    },
  };
}
