import type { Fault } from '../fault.ts';
import type { Part } from '../stage/child.ts';
import type { Stage } from '../stage/stage.ts';

interface KillOptions extends Pick<Fault, 'name' | 'sentence'> {
  partsOf: (stage: Stage) => readonly Part[];
}

const kill = ({ name, sentence, partsOf }: KillOptions): Fault => ({
  name,
  sentence,
  stage: 'single',
  lastsMs: [1_000, 5_000],
  inject: async (stage) => {
    const parts = partsOf(stage);
    await Promise.all(parts.map(async (part) => part.kill()));
    return async () => {
      // One after the other: together they would take each other's start-up for a timeout on a small machine.
      for (const part of parts) await part.start();
    };
  },
});

/** kill -9 of the product's own processes. */
export const KILL_PROCESSES: readonly Fault[] = [
  kill({
    name: 'kill-api',
    sentence: 'The API process is killed with SIGKILL and started again.',
    partsOf: ({ api }) => [api],
  }),
  kill({
    name: 'kill-worker',
    sentence: 'One of two worker processes is killed with SIGKILL and started again.',
    partsOf: ({ workers: [first] }) => [first],
  }),
  kill({
    name: 'kill-workers',
    sentence: 'Both worker processes are killed with SIGKILL and started again.',
    partsOf: ({ workers }) => workers,
  }),
  kill({
    name: 'kill-all',
    sentence: 'The API and both workers are killed with SIGKILL and started again.',
    partsOf: ({ api, workers }) => [api, ...workers],
  }),
];
