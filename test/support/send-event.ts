import { Webhook } from 'standardwebhooks';

export interface SendEventOptions {
  /** What signs; null sends no signature headers at all. */
  secret: string | null;
  id?: string;
  /** Replaces the body after it was signed. */
  tampered?: string;
  headers?: Record<string, string>;
}

/** Calls a receiver as Tablehook does, or as somebody who only pretends to. */
export async function sendEvent(url: string, event: unknown, options: SendEventOptions): Promise<Response> {
  const { secret, id = 'dlv_test', tampered, headers = {} } = options;
  const body = JSON.stringify(event);
  const now = new Date();
  const signed = secret !== null && {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return fetch(url, { method: 'POST', headers: { ...signed, ...headers }, body: tampered ?? body });
}
