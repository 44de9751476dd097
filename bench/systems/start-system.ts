import { startSplit } from './start-split.ts';
import { startStandalone, TABLEHOOK } from './start-standalone.ts';
import type { RunningSystem, StartSystemInput, SystemName } from './system.ts';

/** Starts a system by name. `withoutWorkers`: a split one whose workers are away. */
export async function startSystem(
  name: SystemName,
  input: StartSystemInput,
  { withoutWorkers = false }: { withoutWorkers?: boolean } = {},
): Promise<RunningSystem> {
  switch (name) {
    case 'tablehook':
      return startStandalone(input, TABLEHOOK);
    case 'strict':
      return startStandalone({ ...input, env: { ...input.env, CHANGES_PER_WORKFLOW: '1' } }, TABLEHOOK);
    case 'workers-1':
      return startSplit(input, { workers: 1, withoutWorkers });
    case 'workers-2':
      return startSplit(input, { workers: 2, withoutWorkers });
    case 'workers-4':
      return startSplit(input, { workers: 4, withoutWorkers });
    case 'textbook':
    case 'bare':
    case 'plain':
      return startStandalone(input, { script: `bench/baselines/${name}.js`, args: [] });
  }
}
