import type { Fault } from '../fault.ts';
import { whyNoSmallDisk } from '../stage/small-disk.ts';

/** No room for what is written. */
export const FULL_DISK: readonly Fault[] = [
  {
    name: 'full-disk',
    sentence:
      'The disk of the only mongod is full; room is made, and mongod, should it have ended, is started again.',
    stage: 'small-disk',
    lastsMs: [8_000, 15_000],
    cannotRun: whyNoSmallDisk,
    inject: async ({ database }) => {
      if (!database.fillDisk) throw new Error('This database has no disk of its own.');
      const makeRoom = await database.fillDisk();
      return async () => {
        await makeRoom();
        await database.nodes[0].start();
      };
    },
  },
];
