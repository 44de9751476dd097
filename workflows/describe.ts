import type { PlannedDelivery, PlanResult } from '../src/contracts/workflow.ts';

/** Where a delivery stands, for a person who looks at the workflow. */
export interface Standing {
  state: string;
  note: string;
}

/** One line for an activity: "POST crm.example · CRM". */
export function summarize({ method, host, webhookName }: PlannedDelivery): string {
  return `${method} ${host} · ${webhookName}`;
}

/** The workflow's current details, in markdown: what happened, and each webhook with its state. */
export function describe(plan: PlanResult, standings: ReadonlyMap<string, Standing>): string {
  const { eventType, tableName, recordId, recordVersion, deliveries } = plan;
  const title = `**${eventType}** in table **${cell(tableName)}**, record \`${recordId}\`, version ${recordVersion}`;
  if (deliveries.length === 0) return `${title}\n\nNo webhook asked for it.`;
  const rows = deliveries.map((delivery) => {
    const { state, note } = standings.get(delivery.deliveryId) ?? { state: delivery.state, note: '' };
    return `| ${cell(delivery.webhookName)} | ${delivery.host} | ${state} | ${cell(note)} | \`${delivery.deliveryId}\` |`;
  });
  return [
    title,
    '',
    '| webhook | endpoint | state | last answer, and what comes next | delivery |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
