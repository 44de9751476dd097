import type { RouteContract } from '../../src/api/define-route.ts';

type Operation = Pick<RouteContract, 'operationId'>;
/** How often each operation gave each status. */
export type Answers = Record<string, Record<string, number>>;

/** Operations that never answered with success. */
export function findUnserved(operations: readonly Operation[], answers: Answers): string[] {
  return operations
    .map(({ operationId }) => operationId)
    .filter((id) => sum(answers[id], (status) => status.startsWith('2')) === 0);
}

/** One line per operation: how many calls, the share of them that was served, and every status. */
export function tabulate(operations: readonly Operation[], answers: Answers): string {
  const lines = operations.map(({ operationId }) => {
    const counts = answers[operationId] ?? {};
    const all = sum(counts, () => true);
    const served = sum(counts, (status) => status.startsWith('2'));
    const share = all === 0 ? '–' : `${Math.round((100 * served) / all)} %`;
    const statuses = Object.entries(counts).map(([status, count]) => `${status}: ${count}`);
    return `${operationId.padEnd(18)} ${String(all).padStart(5)} calls  ${share.padStart(5)} served  ${statuses.join(', ')}`;
  });
  return lines.join('\n');
}

function sum(counts: Record<string, number> = {}, wanted: (status: string) => boolean): number {
  return Object.entries(counts)
    .filter(([status]) => wanted(status))
    .reduce((total, [, count]) => total + count, 0);
}
