import type { Fault } from './fault.ts';
import { ENDPOINT_MISBEHAVES } from './faults/endpoint.ts';
import { FULL_DISK } from './faults/full-disk.ts';
import { KILL_PROCESSES } from './faults/kill-processes.ts';
import { MONGODB } from './faults/mongodb.ts';
import { NETWORK } from './faults/network.ts';
import { STEP_CLOCK } from './faults/step-clock.ts';
import { TEMPORAL } from './faults/temporal.ts';

/** Every fault of the suite, in the order of the report: those that share a stage follow each other. */
export const FAULTS: readonly Fault[] = [
  ...KILL_PROCESSES,
  ...TEMPORAL,
  ...NETWORK,
  ...ENDPOINT_MISBEHAVES,
  ...STEP_CLOCK,
  ...MONGODB,
  ...FULL_DISK,
];
