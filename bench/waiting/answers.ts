import { nowMs } from '../clock.ts';
import type { Stage } from './stage.ts';

export interface Health {
  open: number;
  waiting: number;
}

/** What the API says of the webhook. */
export async function readHealth({ rest, webhookId }: Stage): Promise<Health> {
  return rest.get<Health>(`/v1/webhooks/${webhookId}/health`);
}

/** Calls that change or ask for a webhook's state. */
export const CALLS = {
  health: async ({ rest, webhookId }: Stage) => rest.get(`/v1/webhooks/${webhookId}/health`),
  disable: async ({ rest, webhookId }: Stage) => rest.patch(`/v1/webhooks/${webhookId}`, { enabled: false }),
  enable: async ({ rest, webhookId }: Stage) => rest.patch(`/v1/webhooks/${webhookId}`, { enabled: true }),
  pause: async ({ rest, webhookId }: Stage) => rest.post(`/v1/webhooks/${webhookId}/pause`, {}),
  resume: async ({ rest, webhookId }: Stage) => rest.post(`/v1/webhooks/${webhookId}/resume`, {}),
} as const;

export type CallName = keyof typeof CALLS;

/** How long a call takes to answer, in milliseconds. */
export async function timeCall(stage: Stage, name: CallName): Promise<number> {
  const startedAt = nowMs();
  await CALLS[name](stage);
  return nowMs() - startedAt;
}

/** How long each call takes while nothing waits, once warm: what it is to be compared with. Leaves the webhook as it was. */
export async function timeIdleCalls(stage: Stage): Promise<Record<CallName, number>> {
  const times: Record<CallName, number[]> = { health: [], disable: [], enable: [], pause: [], resume: [] };
  for (let round = 0; round < 5; round += 1) {
    for (const name of ['health', 'disable', 'enable', 'pause', 'resume'] as const) {
      times[name].push(await timeCall(stage, name));
    }
  }
  const median = (name: CallName) => times[name].toSorted((a, b) => a - b)[2] ?? 0;
  return {
    health: median('health'),
    disable: median('disable'),
    enable: median('enable'),
    pause: median('pause'),
    resume: median('resume'),
  };
}
