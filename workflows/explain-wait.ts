import type { WaitReason } from '../src/contracts/delivery.ts';

const UNTIL: Readonly<Record<WaitReason, string>> = {
  disabled: 'until somebody enables the webhook',
  paused: 'until somebody resumes the webhook or, where it paused itself, its endpoint answers a probe',
  'circuit-open': 'its endpoint failed again and again; until it answers a probe',
  'rate-limited': "until the webhook's ratePerSecond and maxInFlight allow it",
  resuming: 'until older deliveries of the webhook have gone out',
  'earlier-change': 'until an earlier change of the record is settled for this webhook',
  coalescing: 'until no more edits of the record are waited for',
  'endpoint-busy': 'until its endpoint, which has all the calls it can answer, has answered one',
};

/** Why a delivery is held, and what ends the waiting: "paused, until somebody resumes the webhook". */
export function explainWait(reason: WaitReason): string {
  return `${reason}, ${UNTIL[reason]}`;
}

/** What a person can do about a delivery that is held, in markdown; empty where there is nothing but to wait. */
export function adviseOnWait(reason: WaitReason, webhookId: string): string {
  const line = `workflow \`wake/${webhookId}\``;
  switch (reason) {
    case 'disabled':
      return `enable the webhook with \`PATCH /v1/webhooks/${webhookId}\`, \`{"enabled": true}\``;
    case 'paused':
      return `resume the webhook with \`POST /v1/webhooks/${webhookId}/resume\``;
    case 'circuit-open':
      return `the next probe: ${line}, or \`GET /v1/webhooks/${webhookId}/health\``;
    case 'earlier-change':
      return `the earlier ones: \`GET /v1/deliveries?webhookId=${webhookId}\` with the \`recordId\``;
    case 'rate-limited':
    case 'resuming':
    case 'coalescing':
      return `who goes next: ${line}`;
    case 'endpoint-busy':
      return '';
  }
}
