import type { WebhookHeader } from '../../contracts/webhook.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { SecretBox } from '../context.ts';

/** What a sender needs of a webhook, opened. Never logged, never stored. */
export interface OpenedWebhook {
  url: string;
  secrets: string[];
  headers: { name: string; value: string }[];
}

/** Seals the URL: it may itself be a credential. */
export function sealUrl(box: SecretBox, webhookId: string, url: string): string {
  return box.seal(url, `${webhookId} url`);
}

/** Opens the URL. */
export function openUrl(box: SecretBox, doc: Pick<WebhookDoc, '_id' | 'url'>): string {
  return box.open(doc.url, `${doc._id} url`);
}

/** Seals the signing secret. */
export function sealSecret(box: SecretBox, webhookId: string, secret: string): string {
  return box.seal(secret, `${webhookId} secret`);
}

/** Seals the values of secret headers; the others are stored as they are. */
export function sealHeaders(
  box: SecretBox,
  webhookId: string,
  headers: WebhookHeader[],
): WebhookDoc['headers'] {
  return headers.map(({ name, value, secret }) => ({
    name,
    value: secret ? box.seal(value, `${webhookId} header`) : value,
    secret,
  }));
}

const opened = new WeakMap<WebhookDoc, OpenedWebhook>();

/** Opens everything a sender needs; once for all that hold the same document, as the attempts of one plan do. */
export function openWebhook(box: SecretBox, doc: WebhookDoc): OpenedWebhook {
  const known = opened.get(doc) ?? open(box, doc);
  opened.set(doc, known);
  return known;
}

function open(box: SecretBox, doc: WebhookDoc): OpenedWebhook {
  return {
    url: openUrl(box, doc),
    secrets: [box.open(doc.secret, `${doc._id} secret`)],
    headers: doc.headers.map(({ name, value, secret }) => ({
      name,
      value: secret ? box.open(value, `${doc._id} header`) : value,
    })),
  };
}
