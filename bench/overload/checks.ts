import type { OverloadFigures } from './result.ts';

/** Something that has to hold, however fast the machine is. */
export interface OverloadCheck {
  what: string;
  holds: boolean;
  detail: string;
}

const MB = 1_000_000;
const MIB = 1024 * 1024;
/** Resident memory of each part: the limits of the Kubernetes manifests, and a mongod whose cache has 1 GB. */
const MOST_BYTES: Record<string, number> = {
  standalone: 1024 * MIB,
  api: 512 * MIB,
  worker: 1024 * MIB,
  mongod: 2048 * MIB,
  temporal: 1024 * MIB,
};
/** A write waits at most 5 s for its transaction, which has 5 s. */
const MOST_ANSWER_MS = 10_000;
/** What overload left behind is delivered within this many times as long, and so much besides. */
const RECOVERY = { times: 2, seconds: 60 };
/** Light load after it all may be slower than before by this, and by as many milliseconds besides. */
const SLOWER = { times: 2, ms: 50 };

/** Judges a measurement. */
export function checkOverload(figures: OverloadFigures): OverloadCheck[] {
  return [...checkAnswers(figures), ...checkMemory(figures), ...checkRecovery(figures)];
}

function checkAnswers({ answers, refusedWithoutRetryAfter, answerMs }: OverloadFigures): OverloadCheck[] {
  const others = Object.keys(answers).filter((status) => !['200', '429', '503'].includes(status));
  const slowest = answerMs?.p99 ?? Number.POSITIVE_INFINITY;
  return [
    check('every answer is 2xx, 429 or 503', others.length === 0, JSON.stringify(answers)),
    check(
      'every refusal says when to try again',
      refusedWithoutRetryAfter === 0,
      `${refusedWithoutRetryAfter} do not`,
    ),
    check(
      `what is accepted is answered within ${MOST_ANSWER_MS / 1000} s`,
      slowest <= MOST_ANSWER_MS,
      `${Math.round(slowest)} ms (p99)`,
    ),
  ];
}

function checkMemory({ peakRssBytes }: OverloadFigures): OverloadCheck[] {
  return Object.entries(peakRssBytes).map(([role, peak]) => {
    const most = MOST_BYTES[role] ?? 0;
    const megabytes = Math.round(peak / MB);
    return check(`${role} stays below ${Math.round(most / MB)} MB`, peak <= most, `${megabytes} MB`);
  });
}

function checkRecovery(figures: OverloadFigures): OverloadCheck[] {
  const { before, after, lost, recoverySeconds, minutes, backlogAtEnd } = figures;
  const [was, is] = [before.arrivalMs?.p50 ?? 0, after.arrivalMs?.p50 ?? Number.POSITIVE_INFINITY];
  const most = minutes * 60 * RECOVERY.times + RECOVERY.seconds;
  return [
    check('nothing accepted is lost', lost === 0, `${lost} lost`),
    check(
      `what waits is delivered within ${Math.round(most)} s`,
      recoverySeconds <= most,
      `${backlogAtEnd} after ${recoverySeconds.toFixed(1)} s`,
    ),
    check(
      'a light load is as fast afterwards',
      is <= was * SLOWER.times + SLOWER.ms,
      `arrives after ${Math.round(is)} ms, before it was ${Math.round(was)} ms (p50)`,
    ),
  ];
}

function check(what: string, holds: boolean, detail: string): OverloadCheck {
  return { what, holds, detail };
}
