/** When the circuit of an endpoint opens, and how it is probed. All durations in milliseconds. */
export interface CircuitPolicy {
  /** It opens after so many failed attempts in a row … */
  failures: number;
  /** … over so long a time. */
  failingForMs: number;
  /** Until the first probe; each further one waits twice as long. */
  probeAfterMs: number;
  maxProbeAfterMs: number;
}

export const CIRCUIT: CircuitPolicy = {
  failures: 5,
  failingForMs: 10_000,
  probeAfterMs: 10_000,
  maxProbeAfterMs: 300_000,
};

/** Failed attempts in a row, and since when. */
export interface FailingEndpoint {
  failures: number;
  failingSince: Date | null;
}

/** Whether an endpoint has failed often and long enough to be left alone, but for probes. */
export function opensCircuit({ failures, failingSince }: FailingEndpoint, policy: CircuitPolicy, now: Date) {
  return failures >= policy.failures && failsFor(failingSince, now) >= policy.failingForMs;
}

/** Whether a webhook has had nothing but failure for so long that it is paused by itself. */
export function pausesByItself(
  { failingSince }: FailingEndpoint,
  policy: { afterFailingForMs: number } | null,
  now: Date,
): boolean {
  return policy !== null && failsFor(failingSince, now) >= policy.afterFailingForMs;
}

/** How long to wait for the next probe after `probes` of them failed. */
export function probeDelayMs(probes: number, { probeAfterMs, maxProbeAfterMs }: CircuitPolicy): number {
  return Math.min(maxProbeAfterMs, probeAfterMs * 2 ** probes);
}

function failsFor(failingSince: Date | null, now: Date): number {
  return failingSince === null ? -1 : now.getTime() - failingSince.getTime();
}
