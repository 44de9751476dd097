import type { Received } from './receiver.ts';

/** What an endpoint received, by `webhook-id`: how often, in how many different forms, and of which change. */
export interface Heard {
  webhookId: string;
  changeId: string;
  times: number;
  bodies: Set<string>;
}

/** Counts what an endpoint received: one entry for each `webhook-id`. */
export function countHeard(received: readonly Received[]): Heard[] {
  const heard = new Map<string, Heard>();
  for (const { headers, body, event } of received) {
    const webhookId = String(headers['webhook-id']);
    const entry = heard.get(webhookId) ?? { webhookId, changeId: event.id, times: 0, bodies: new Set() };
    entry.times += 1;
    entry.bodies.add(body);
    heard.set(webhookId, entry);
  }
  return [...heard.values()];
}
