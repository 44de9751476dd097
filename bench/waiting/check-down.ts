import type { Check } from './check.ts';
import { check, countWaiting, owed } from './check.ts';
import type { WaitingFigures } from './result.ts';

type DownFigures = WaitingFigures & { down: NonNullable<WaitingFigures['down']> };

/** A webhook pauses itself after a day of nothing but failure. */
const PAUSES_AFTER_HOURS = 24;
/** Of a probe: two steps of the line, a signal and a sleep, with their workflow tasks. */
const EVENTS_OF_A_PROBE = 40;
/** Of any. */
const MOST_EVENTS = 1_050;
/** Of a workflow of one delivery in a week in which it looks once a day, and of the attempts before. */
const EVENTS_OF_LOOKING = 200;
/** Of deliveries that failed before the circuit opened, or whose plan was under way then, whatever is written behind them. */
const MOST_OWN = 5_000;

/** Judges how deliveries were parked at an endpoint that is down. */
export function checkFailing({ plan, parked, singles, days, down }: DownFigures): Check[] {
  const { open, largest } = parked.workflows;
  const waiting = countWaiting(days.before);
  return [
    check('every change was accepted and waits', waiting === owed(plan), `${waiting} of ${owed(plan)}`),
    check(
      'only what was planned while the circuit opened has a workflow of its own',
      open <= MOST_OWN,
      `${open} open, ${down.opening.planned} planned, ${down.attempted} failed`,
    ),
    check(
      'no history grew with what waits, and a sleeping workflow holds few events',
      (largest?.events ?? 0) <= MOST_EVENTS && (singles.events?.most ?? 0) <= 40,
      `${largest?.events ?? 0} in the largest; ${singles.events?.most ?? 0} of those parked singly`,
    ),
  ];
}

/** Judges a week with an endpoint that is down. */
export function checkWeek({ plan, days, down }: DownFigures): Check[] {
  const { counts } = days.after;
  const { before, after } = down.workflows;
  const probes = down.steps.at(-1)?.probes ?? 0;
  const wakeEvents = down.wake.events.reduce((sum, events) => sum + events, 0);
  return [
    check(
      `${days.days} days later nothing was given up`,
      countWaiting(days.after) === owed(plan) && counts['waiting: paused'] === owed(plan),
      JSON.stringify(counts),
    ),
    checkPause(down),
    check('nothing arrived', days.calls === 0, `${days.calls} calls`),
    check(
      'probes went on, one at a time',
      down.steps.every(({ probes: so }, index) => so > (down.steps[index - 1]?.probes ?? 0)),
      `${probes} probes`,
    ),
    check(
      'a week adds the events of its probes',
      wakeEvents <= probes * EVENTS_OF_A_PROBE + 200 && (down.eventsOfLooking ?? 0) <= EVENTS_OF_LOOKING,
      `${wakeEvents} in ${down.wake.runs} runs of the line; ${down.eventsOfLooking ?? 0} of one that looks daily`,
    ),
    check(
      'a week starts no workflows',
      after.open <= before.open && after.started - before.started <= down.wake.runs,
      `${before.open} open before, ${after.open} after`,
    ),
  ];
}

/** In the order of life: it pauses itself when it is due, and before anything is given up. */
function checkPause({ steps }: DownFigures['down']): Check {
  const first = steps.find(({ paused }) => paused === 'itself');
  const early = steps.filter(({ hours, paused }) => hours < PAUSES_AFTER_HOURS && paused !== 'no');
  const late = steps.filter(({ hours, paused }) => hours > PAUSES_AFTER_HOURS * 1.5 && paused !== 'itself');
  return check(
    'the webhook paused itself after a day, and stayed so',
    first !== undefined && early.length === 0 && late.length === 0,
    first ? `after ${first.hours} h` : 'never',
  );
}
