import { FAULTS } from './all-faults.ts';
import type { Fault } from './fault.ts';

/** The fault of a name. Throws when there is none. */
export function findFault(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (!found)
    throw new Error(`There is no fault ${name}; there are ${FAULTS.map((one) => one.name).join(', ')}.`);
  return found;
}
