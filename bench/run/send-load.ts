import type { LoadPlan, Sample } from '../load/load-plan.ts';
import type { Role } from '../processes/watch-usage.ts';
import type { Generator } from '../processes/start-generator.ts';
import type { Fault } from '../scenario.ts';
import type { RunningSystem } from '../systems/system.ts';

/** When the system came back. Times are of `nowMs`. */
export interface Comeback {
  startedAt: number;
  readyAt: number;
  acceptedBefore: number;
}

export interface SendLoadInput {
  generator: Generator;
  system: RunningSystem;
  plan: LoadPlan;
  fault: Fault | undefined;
  signal: AbortSignal;
  /** Hears of processes that the fault brought. */
  onRole: (role: Role) => void;
}

/** The part of a burst that is accepted before the kill. */
const KILL_AFTER = 0.4;

/** Sends a load and does on the way what the scenario wants to go wrong. */
export async function sendLoad(
  input: SendLoadInput,
): Promise<{ samples: Sample[]; comeback: Comeback | null }> {
  switch (input.fault) {
    case undefined:
      return { samples: await input.generator.run(input.plan, input), comeback: null };
    case 'kill':
      return sendAndKill(input);
    case 'outage':
      return sendIntoOutage(input);
  }
}

async function sendAndKill({ generator, system, plan, signal, onRole }: SendLoadInput) {
  const { restart } = system;
  if (!restart || plan.load.kind === 'rate') throw new Error('a kill needs a burst on one process');
  const threshold = plan.load.requests * KILL_AFTER;
  const comebacks: Promise<Comeback>[] = [];
  const onProgress = (accepted: number): void => {
    if (comebacks.length > 0 || accepted < threshold) return;
    const comeback = restart().then(({ restartedAt, readyAt, role }) => {
      onRole(role);
      return { startedAt: restartedAt, readyAt, acceptedBefore: accepted };
    });
    // Its failure is told below; should the load fail first, that is the error to tell.
    comeback.catch(() => undefined);
    comebacks.push(comeback);
  };
  const samples = await generator.run(plan, { signal, onProgress });
  const comeback = await comebacks[0];
  if (!comeback) throw new Error('the load was over before anything was killed');
  return { samples, comeback };
}

async function sendIntoOutage({ generator, system, plan, signal, onRole }: SendLoadInput) {
  if (!system.startWorkers) throw new Error('an outage needs a system without workers');
  const samples = await generator.run(plan, { signal });
  const { startedAt, readyAt, roles } = await system.startWorkers();
  for (const role of roles) onRole(role);
  const acceptedBefore = samples.reduce((sum, { changeIds }) => sum + changeIds.length, 0);
  return { samples, comeback: { startedAt, readyAt, acceptedBefore } };
}
