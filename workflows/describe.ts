import type { PlannedDelivery, PlanResult } from '../src/contracts/workflow.ts';
import { shorten } from '../src/domain/shorten.ts';
import { count, plain } from './markdown.ts';
import type { Standing } from './standing.ts';

/** Of host and name, so that a summary stays within Temporal's 400 bytes. */
const MAX_LENGTH = 60;

/** One line for an activity: "POST crm.example · CRM". */
export function summarize({ method, host, webhookName }: PlannedDelivery): string {
  return `${method} ${shorten(host, MAX_LENGTH)} · ${shorten(webhookName, MAX_LENGTH)}`;
}

/** One line for the timer of a delivery that is held: "CRM waits: paused". */
export function summarizeWait({ webhookName }: PlannedDelivery, reason: string): string {
  return `${shorten(webhookName, MAX_LENGTH)} waits: ${reason}`;
}

/** What changed, in words, for a workflow's result: "record.updated in Tasks, record rec_…, version 2". */
export function nameChange({ eventType, tableName, recordId, recordVersion }: PlanResult): string {
  return `${eventType} in ${tableName}, record ${recordId}, version ${recordVersion}`;
}

/**
 * The workflow's current details, in markdown: what happened, each webhook with its state and last answer, and what a
 * person can do about those that are not delivered.
 */
export function describe(plan: PlanResult, standings: ReadonlyMap<string, Standing>): string {
  const { eventType, tableName, recordId, recordVersion, deliveries, merged = [] } = plan;
  const title = `**${eventType}** in table **${plain(tableName)}**, record **${plain(recordId)}**, version ${recordVersion}`;
  if (deliveries.length + merged.length === 0) return `${title}\n\nNo webhook asked for it.`;
  const stands = deliveries.map((delivery) => ({ delivery, ...standingOf(delivery, standings) }));
  const lines = stands.map(({ delivery, state, note }) => {
    const said = note === '' ? '' : `: ${plain(note)}`;
    const endpoint = `${delivery.method} ${plain(delivery.host)}`;
    return `- **${plain(delivery.webhookName)}** (${endpoint}) **${state}**${said} · \`${delivery.deliveryId}\``;
  });
  const others = merged.map(
    ({ webhookName, deliveryId }) => `- **${plain(webhookName)}** merged into \`${deliveryId}\``,
  );
  const states = countStates(stands.map(({ state }) => state));
  return [title, '', ...(states ? [states, ''] : []), ...lines, ...others, ...adviseAll(stands)].join('\n');
}

function standingOf(delivery: PlannedDelivery, standings: ReadonlyMap<string, Standing>): Standing {
  return standings.get(delivery.deliveryId) ?? { state: delivery.state, note: '', advice: '' };
}

/** "3 deliveries: 2 delivered, 1 retrying"; of one it stands beside it anyway. */
function countStates(states: string[]): string | null {
  if (states.length < 2) return null;
  const counted = [...new Set(states)].map((state) => {
    return `${states.filter((one) => one === state).length} ${state}`;
  });
  return `${count(states.length, 'delivery', 'deliveries')}: ${counted.join(', ')}`;
}

/** Said once for all in the same plight, below them: there may be hundreds. */
function adviseAll(stands: (Standing & { delivery: PlannedDelivery })[]): string[] {
  const advices = stands.flatMap(({ state, advice }) => (advice === '' ? [] : [`- *${state}*: ${advice}`]));
  return advices.length === 0 ? [] : ['', '**What now**', '', ...new Set(advices)];
}
