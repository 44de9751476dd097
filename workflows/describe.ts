import type { PlannedDelivery, PlanResult } from '../src/contracts/workflow.ts';
import { shorten } from '../src/domain/shorten.ts';

/** Of host and name, so that a summary stays within Temporal's 400 bytes. */
const MAX_LENGTH = 60;

/** Where a delivery stands, for a person who looks at the workflow. */
export interface Standing {
  state: string;
  note: string;
}

/** One line for an activity: "POST crm.example · CRM". */
export function summarize({ method, host, webhookName }: PlannedDelivery): string {
  return `${method} ${shorten(host, MAX_LENGTH)} · ${shorten(webhookName, MAX_LENGTH)}`;
}

/** The workflow's current details, in markdown: what happened, and each webhook with its state. */
export function describe(plan: PlanResult, standings: ReadonlyMap<string, Standing>): string {
  const { eventType, tableName, recordId, recordVersion, deliveries, merged = [] } = plan;
  const title = `**${eventType}** in table **${plain(tableName)}**, record **${plain(recordId)}**, version ${recordVersion}`;
  if (deliveries.length + merged.length === 0) return `${title}\n\nNo webhook asked for it.`;
  const lines = deliveries.map((delivery) => {
    const { state, note } = standings.get(delivery.deliveryId) ?? { state: delivery.state, note: '' };
    const said = note === '' ? '' : `: ${plain(note)}`;
    const endpoint = `${delivery.method} ${plain(delivery.host)}`;
    return `- **${plain(delivery.webhookName)}** (${endpoint}) **${state}**${said} · \`${delivery.deliveryId}\``;
  });
  const others = merged.map(
    ({ webhookName, deliveryId }) => `- **${plain(webhookName)}** merged into \`${deliveryId}\``,
  );
  return [title, '', ...lines, ...others].join('\n');
}

/** The current details of a shared workflow: a line per change; one with a workflow of its own says so. */
export function describeShared(
  changes: Readonly<Record<string, string>>,
  troubled: readonly string[],
): string {
  const lines = Object.entries(changes).map(([changeId, line]) => {
    const where = troubled.includes(changeId) ? ' · **goes on in a workflow of its own**' : '';
    return `- ${plain(line)} · \`${changeId}\`${where}`;
  });
  return [`**${lines.length} record changes** that waited together`, '', ...lines].join('\n');
}

/** Names are free text: what markdown would read as markup is escaped. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()<>#|!~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
