import { checkFailing, checkWeek } from './check-down.ts';
import type { Check } from './check.ts';
import { check, countWaiting, owed } from './check.ts';
import type { WaitingFigures } from './result.ts';

/** Calls to one endpoint that a worker has in flight at most: the newer change may arrive among the last of these. */
const MOST_IN_FLIGHT = 160;
/** A run of the wake continues as new after 1,000 events; the step under way then adds a few. */
const MOST_EVENTS = 1_050;
/** Temporal warns at 10 MB of history, and ends a workflow at 50. */
const MOST_HISTORY_BYTES = 10_000_000;
/** Temporal refuses payloads of 2 MB. */
const MOST_PAYLOAD_BYTES = 1_000_000;

/** Of the process, whatever waits. */
const MOST_RSS_BYTES = 1_000_000_000;
/** What a delivery that waits, its change and its record take in MongoDB together, uncompressed, indexes counted in. */
const MOST_STORED_BYTES = 10_000;

/** Judges a measurement. No time is judged: those depend on the machine. */
export function checkWaiting(figures: WaitingFigures): Check[] {
  const { down } = figures;
  const held = down
    ? [...checkFailing({ ...figures, down }), ...checkWeek({ ...figures, down })]
    : [...checkParked(figures), ...checkHeld(figures)];
  return [...held, ...checkResumed(figures), ...checkBounds(figures)];
}

function checkParked({ plan, parked, singles, days }: WaitingFigures): Check[] {
  const { started, open, largest } = parked.workflows;
  const waiting = countWaiting(days.before);
  return [
    check('every change was accepted and waits', waiting === owed(plan), `${waiting} of ${owed(plan)}`),
    check(
      'what waits shares workflows, which have ended',
      open <= Math.max(10, plan.count / 20) && started <= Math.max(100, plan.count / 10),
      `${started} workflows started, ${open} open`,
    ),
    check(
      'no history grew with what waits',
      (largest?.events ?? 0) <= MOST_EVENTS,
      `${largest?.events ?? 0} events in the largest`,
    ),
    check(
      'a sleeping workflow holds few events',
      (singles.events?.most ?? 0) <= 40,
      `${singles.events?.most ?? 0} at most, ${singles.own} have their own`,
    ),
  ];
}

function checkHeld({ plan, held, days, switched }: WaitingFigures): Check[] {
  const same = JSON.stringify(days.before.counts) === JSON.stringify(days.after.counts);
  const { counts, attempts } = days.after;
  return [
    check(
      'holding adds no history',
      held.eventsAdded === 0 && held.workflowsStarted === 0,
      `${held.eventsAdded} events, ${held.workflowsStarted} workflows in ${Math.round(held.seconds)} s`,
    ),
    check(
      `${days.days} days later nothing was given up`,
      same && (counts['failed'] ?? 0) === 0 && counts['waiting: paused'] === owed(plan),
      JSON.stringify(counts),
    ),
    check(
      'nothing was attempted',
      attempts === 0 && days.calls === 0,
      `${attempts} attempts, ${days.calls} calls`,
    ),
    check(
      'everything follows a switch',
      switched.every(({ standings }) => countWaiting(standings) === owed(plan)),
      switched.map(({ call }) => call).join(', '),
    ),
  ];
}

function checkResumed({ plan, resumed }: WaitingFigures): Check[] {
  const { missing, duplicated, newer, standings, wake, sink, largestPayload, workflows } = resumed;
  // Once an endpoint is well again by itself, whatever is new goes at once: only a resume puts it behind what waits.
  const isResumed = plan.heldBy === 'paused' || plan.backBy === 'resume';
  const delivered = standings.counts['delivered'] ?? 0;
  const [events, bytes] = [Math.max(0, ...wake.events), Math.max(0, ...wake.bytes)];
  return [
    check('nothing is missing', missing === 0 && !newer.missing, `${missing} missing`),
    check('nothing came twice', duplicated === 0, `${duplicated} repeated`),
    check('all are delivered', delivered === owed(plan) + 1, JSON.stringify(standings.counts)),
    ...(isResumed
      ? [
          check(
            'the newer change came after the older ones',
            newer.overtaken <= MOST_IN_FLIGHT + sink.refused,
            `${newer.overtaken} arrived after it`,
          ),
        ]
      : []),
    check(
      'the wake has bounded histories, and ended',
      wake.runs > 0 && wake.open === 0 && events <= MOST_EVENTS && bytes <= MOST_HISTORY_BYTES,
      `${wake.runs} runs, at most ${events} events and ${bytes} bytes`,
    ),
    check(
      'no step of it answers too much',
      largestPayload <= MOST_PAYLOAD_BYTES,
      `${largestPayload} bytes at most`,
    ),
    check('no workflow outlives what it looked after', workflows.open === 0, `${workflows.open} open`),
  ];
}

function checkBounds({ plan, parked, resumed, down }: WaitingFigures): Check[] {
  const usages = [resumed.usage, ...(down ? [down.usage] : [])];
  const peaks = usages.map((usage) => usage['standalone']?.peakRssBytes ?? 0);
  const peak = Math.max(parked.rssBytes.peak, ...peaks);
  const { before } = parked.storage;
  const after = down?.storage ?? parked.storage.after;
  const grown = Object.entries(after).reduce((sum, [name, size]) => {
    const was = before[name];
    return sum + size.dataBytes + size.indexBytes - (was?.dataBytes ?? 0) - (was?.indexBytes ?? 0);
  }, 0);
  const each = Math.round(grown / Math.max(1, plan.count));
  return [
    check(
      `memory stays below ${MOST_RSS_BYTES / 1e6} MB`,
      peak <= MOST_RSS_BYTES,
      `${Math.round(peak / 1e6)} MB at most`,
    ),
    check(
      `what waits takes less than ${MOST_STORED_BYTES / 1000} KB each in MongoDB`,
      each <= MOST_STORED_BYTES,
      `${each} bytes, ${Math.round(grown / 1e6)} MB in all`,
    ),
  ];
}
