import type {
  FirstAttemptResult,
  FirstAttemptsResult,
  SharedAttemptsResult,
} from '../src/contracts/workflow.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';
import { makeFirstAttempts } from './first-attempts.ts';
import { workflowNow } from './workflow-now.ts';

/**
 * Plans the changes of a shared workflow and makes their first attempts, as a local activity. Idempotent, like
 * `deliverFirst`. Every change with a delivery that did not arrive, and does not merely wait, is named as troubled.
 */
export function createDeliverShared(deps: ActivityDeps) {
  return async function deliverShared(changeIds: string[]): Promise<SharedAttemptsResult> {
    try {
      const made = await makeFirstAttempts(deps, { changeIds, ...workflowNow() });
      const troubled = made.filter(({ results }) => results.some(needsCare));
      const held = made.filter(
        (change) => !troubled.includes(change) && change.results.some(({ kind }) => kind === 'held'),
      );
      return {
        changes: Object.fromEntries(made.map((change) => [change.changeId, toLine(change)])),
        troubled: troubled.map(({ changeId }) => changeId),
        held: held.map(({ changeId }) => changeId),
      };
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** What only waits gets its workflow when it is woken. */
function needsCare(result: FirstAttemptResult): boolean {
  return result.kind !== 'held' && !(result.kind === 'settled' && result.state === 'delivered');
}

function toLine({ plan, results }: FirstAttemptsResult): string {
  const { eventType, tableName, recordId, deliveries, merged = [] } = plan;
  const heard = [
    ...deliveries.map(({ webhookName }, index) => `${webhookName}: ${describeResult(results[index])}`),
    ...merged.map(({ webhookName, deliveryId }) => `${webhookName}: merged into ${deliveryId}`),
  ];
  return [eventType, tableName, recordId, ...(heard.length > 0 ? heard : ['no webhook asked for it'])].join(
    ' · ',
  );
}

function describeResult(result: FirstAttemptResult | undefined): string {
  if (result?.kind === 'held') return `waiting, ${result.reason}`;
  return result?.kind === 'settled' || result?.kind === 'retry' ? result.summary : 'not attempted yet';
}
