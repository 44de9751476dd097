import type { Fault } from '../fault.ts';
import { whyNoNetwork } from '../stage/namespaces.ts';

/** MongoDB dies, moves, or falls apart. */
export const MONGODB: readonly Fault[] = [
  {
    name: 'kill-mongod',
    sentence: 'The only mongod is killed with SIGKILL and started again on its data.',
    stage: 'single',
    lastsMs: [1_000, 8_000],
    inject: async ({ database: { nodes } }) => {
      await nodes[0].kill();
      return async () => nodes[0].start();
    },
  },
  {
    name: 'step-down',
    sentence: 'The primary of three nodes steps down; another one is elected.',
    stage: 'replica-set',
    lastsMs: [4_000, 10_000],
    inject: async ({ database }) => {
      await database.stepDown();
      return async () => void (await database.primary());
    },
  },
  {
    name: 'kill-primary',
    sentence:
      'The primary of three nodes is killed with SIGKILL; another one is elected, then it comes back.',
    stage: 'replica-set',
    lastsMs: [5_000, 20_000],
    inject: async ({ database }) => {
      const primary = await database.primary();
      await primary.kill();
      return async () => {
        await database.primary();
        await primary.start();
      };
    },
  },
  {
    name: 'freeze-primary',
    sentence:
      'The primary of three nodes is stopped with SIGSTOP; another one is elected, then it wakes and believes that it still is the primary.',
    stage: 'replica-set',
    lastsMs: [12_000, 20_000],
    inject: async ({ database }) => {
      const pid = (await database.primary()).pid() ?? 0;
      process.kill(pid, 'SIGSTOP');
      return async () => void process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'part-primary',
    sentence:
      'The primary of three nodes is cut off from the two others and still reached by clients; another one is elected.',
    stage: 'replica-set',
    lastsMs: [12_000, 20_000],
    cannotRun: whyNoNetwork,
    inject: async ({ database }) => {
      if (!database.isolate) throw new Error('The nodes of this set share a host.');
      return database.isolate(await database.primary());
    },
  },
];
