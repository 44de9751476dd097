import { nowMs } from '../clock.ts';
import { waitUntil } from '../sleep.ts';
import type { CallName } from './answers.ts';
import { timeCall } from './answers.ts';
import type { Standings } from './deliveries.ts';
import { readStandings } from './deliveries.ts';
import type { Stage } from './stage.ts';

export interface SwitchFigures {
  call: CallName;
  /** Until the answer. */
  ms: number;
  /** Until every delivery says what it waits for now, behind the answer. */
  followedSeconds: number;
  standings: Standings;
}

const FOLLOW_TIMEOUT_MS = 300_000;

/** Disables, enables and pauses the webhook, which is paused all the time, while its deliveries are parked. */
export async function switchParked(stage: Stage, parked: number): Promise<SwitchFigures[]> {
  const health = await switchOnce(stage, { call: 'health', reason: 'paused', parked });
  const disable = await switchOnce(stage, { call: 'disable', reason: 'disabled', parked });
  const enable = await switchOnce(stage, { call: 'enable', reason: 'paused', parked });
  const pause = await switchOnce(stage, { call: 'pause', reason: 'paused', parked });
  return [health, disable, enable, pause];
}

interface SwitchOnceInput {
  call: CallName;
  /** What they wait for then. */
  reason: string;
  parked: number;
}

async function switchOnce(stage: Stage, { call, reason, parked }: SwitchOnceInput): Promise<SwitchFigures> {
  const ms = await timeCall(stage, call);
  const answeredAt = nowMs();
  let standings = await readStandings(stage);
  await waitUntil(
    async () => {
      standings = await readStandings(stage);
      return standings.counts[`waiting: ${reason}`] === parked;
    },
    { what: `all to be ${reason}`, timeoutMs: FOLLOW_TIMEOUT_MS, everyMs: 250, signal: stage.signal },
  );
  return { call, ms, followedSeconds: (nowMs() - answeredAt) / 1000, standings };
}
