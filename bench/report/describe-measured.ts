import type { Machine } from '../result.ts';
import { formatNumber } from './format-number.ts';

/** When, of which commit and on what figures were taken, as a sentence. */
export function describeMeasured({
  machine,
  startedAt,
  commit,
  dirty,
}: {
  machine: Machine;
  startedAt: string;
  commit: string;
  dirty: boolean;
}): string {
  const changed = dirty ? ' with local changes' : '';
  return `Measured on ${startedAt.slice(0, 10)} at commit \`${commit.slice(0, 12)}\`${changed}: ${describeMachine(machine)}.`;
}

function describeMachine(machine: Machine): string {
  const { cpu, cores, memoryBytes, kernel, node, mongod, temporal, temporalSdk } = machine;
  const memory = `${formatNumber(memoryBytes / 2 ** 30)} GiB`;
  return `${cpu}, ${cores} cores for everything, ${memory}, ${kernel}; Node ${node}, mongod ${mongod}, Temporal CLI ${temporal}, Temporal SDK ${temporalSdk}`;
}
