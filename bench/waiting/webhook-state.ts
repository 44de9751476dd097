import type { Stage } from './stage.ts';

/** What the webhook knows of its endpoint. */
export interface WebhookState {
  circuit: 'closed' | 'open';
  /** `itself`: it paused itself, and is probed all the same. */
  paused: 'no' | 'by hand' | 'itself';
  probes: number;
}

interface WebhookDoc {
  _id: string;
  paused: { auto: boolean } | null;
  health: Pick<WebhookState, 'circuit' | 'probes'>;
}

/** Reads it in MongoDB, not through the API that is measured. */
export async function readWebhookState({ db, webhookId }: Stage): Promise<WebhookState> {
  const doc = await db.collection<WebhookDoc>('webhooks').findOne({ _id: webhookId });
  if (!doc) throw new Error('the webhook is gone');
  const { circuit, probes } = doc.health;
  const by = doc.paused?.auto ? 'itself' : 'by hand';
  return { circuit, probes, paused: doc.paused ? by : 'no' };
}

/** Whether it lets its deliveries go. */
export function isWell({ circuit, paused }: WebhookState): boolean {
  return circuit === 'closed' && paused === 'no';
}
