import type { FaultResult } from '../run-fault.ts';
import type { SuiteRun } from '../suite-run.ts';

const MOST_SHOWN = 20;
const SLOW_MS = 15_000;

/** A run in a line, and what was found amiss, or came late, in lines below it. */
export function describeRun(run: SuiteRun): string {
  if (run.kind === 'not-run') return `${run.fault}: not run: ${run.reason}`;
  return run.kind === 'broke' ? `${run.fault}: broke: ${run.reason}` : describeResult(run);
}

function describeResult(result: FaultResult): string {
  const { fault, accepted, unknown, unknownStored, delivered, duplicated, recoveryMs, findings, last } =
    result;
  const head = [
    `${fault}: ${accepted} changes accepted`,
    `${unknown} in doubt (${unknownStored} stored)`,
    `${delivered} delivered`,
    `${duplicated} duplicated`,
    `${result.outlived.length} workflows outlived`,
    `recovered within ${(recoveryMs / 1_000).toFixed(1)} s`,
  ].join(', ');
  const slow = recoveryMs > SLOW_MS ? last.map((line) => `  late: ${line}`) : [];
  const shown = findings.slice(0, MOST_SHOWN).map(({ kind, what }) => `  ${kind}: ${what}`);
  const rest = findings.length > MOST_SHOWN ? [`  and ${findings.length - MOST_SHOWN} more`] : [];
  return [head, ...slow, ...shown, ...rest].join('\n');
}
