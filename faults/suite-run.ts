import type { FaultResult } from './run-fault.ts';

/** A run of a fault: judged, or not to be had on this machine, or broken off, so that nothing is known. */
export type SuiteRun =
  | ({ kind: 'ran' } & FaultResult)
  | { kind: 'not-run'; fault: string; reason: string }
  | { kind: 'broke'; fault: string; reason: string };

/** Whether something was found amiss, or nothing could be found out. What is not run has neither passed nor failed. */
export function hasFailed(run: SuiteRun): boolean {
  return run.kind === 'broke' || (run.kind === 'ran' && run.findings.length > 0);
}
