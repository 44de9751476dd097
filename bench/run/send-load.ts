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
      return { samples: await input.generator.run(input.plan), comeback: null };
    case 'kill':
      return sendAndKill(input);
    case 'outage':
      return sendIntoOutage(input);
  }
}

async function sendAndKill({ generator, system, plan, onRole }: SendLoadInput) {
  const { restart } = system;
  if (!restart || plan.load.kind === 'rate') throw new Error('a kill needs a burst on one process');
  const threshold = plan.load.requests * KILL_AFTER;
  const comebacks: Promise<Comeback>[] = [];
  const samples = await generator.run(plan, (accepted) => {
    if (comebacks.length > 0 || accepted < threshold) return;
    comebacks.push(
      restart().then(({ restartedAt, readyAt, role }) => {
        onRole(role);
        return { startedAt: restartedAt, readyAt, acceptedBefore: accepted };
      }),
    );
  });
  return { samples, comeback: (await comebacks[0]) ?? null };
}

async function sendIntoOutage({ generator, system, plan, onRole }: SendLoadInput) {
  if (!system.startWorkers) throw new Error('an outage needs a system without workers');
  const samples = await generator.run(plan);
  const { startedAt, readyAt, roles } = await system.startWorkers();
  for (const role of roles) onRole(role);
  const acceptedBefore = samples.filter(({ status }) => status >= 200 && status < 300).length;
  return { samples, comeback: { startedAt, readyAt, acceptedBefore } };
}
