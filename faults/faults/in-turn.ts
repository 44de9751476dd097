import { sleep } from '../../bench/sleep.ts';
import type { Fault } from '../fault.ts';

const BETWEEN_MS = 1_000;

/** Several faults under one load, each healed before the next, accounted for together at the end. */
export function inTurn(name: string, faults: readonly [Fault, ...Fault[]]): Fault {
  const [{ stage: kind }] = faults;
  return {
    name,
    sentence: faults.map(({ sentence }) => sentence).join(' Then: '),
    stage: kind,
    lastsMs: [0, 0],
    inject: async (stage, random) => {
      for (const fault of faults) {
        const own = random.fork(fault.name);
        const heal = await fault.inject(stage, own);
        await sleep(own.between(...fault.lastsMs));
        await heal();
        await sleep(BETWEEN_MS);
      }
      return async () => undefined;
    },
  };
}
