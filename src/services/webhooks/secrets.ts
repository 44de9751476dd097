import { randomBytes } from 'node:crypto';
import type { UpdateWebhookHeader, WebhookHeader } from '../../contracts/webhook.ts';
import { InvalidRequestError } from '../../errors.ts';
import type { PreviousSecret, WebhookDoc } from '../../models/webhook.ts';
import type { SecretBox } from '../context.ts';
import { sealPurpose } from '../keys/seal-purpose.ts';

/** What a sender needs of a webhook, opened. Never logged, never stored. */
export interface OpenedWebhook {
  url: string;
  /** What signs now, the newest first. */
  secrets: string[];
  headers: WebhookHeader[];
}

/** A new signing secret: `whsec_` and the base64 of 256 random bits. */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Seals the URL: it may itself be a credential. */
export function sealUrl(box: SecretBox, webhookId: string, url: string): string {
  return box.seal(url, sealPurpose.webhookUrl(webhookId));
}

/** Opens the URL. */
export function openUrl(box: SecretBox, doc: Pick<WebhookDoc, '_id' | 'url'>): string {
  return box.open(doc.url, sealPurpose.webhookUrl(doc._id));
}

/** Seals a signing secret, one that was replaced too. */
export function sealSecret(box: SecretBox, webhookId: string, secret: string): string {
  return box.seal(secret, sealPurpose.webhookSecret(webhookId));
}

/** The replaced secrets that still sign. */
export function stillValid(previous: readonly PreviousSecret[], now: Date): PreviousSecret[] {
  return previous.filter(({ until }) => until > now);
}

/** Seals the values of secret headers; the others are stored as they are. */
export function sealHeaders(
  box: SecretBox,
  webhookId: string,
  headers: readonly WebhookHeader[],
): WebhookDoc['headers'] {
  return headers.map((header) => sealHeader(box, webhookId, header));
}

/**
 * Seals edited headers; a secret one without a value keeps the one that is stored under its name. Throws
 * InvalidRequestError naming those for which none is.
 */
export function sealEditedHeaders(
  box: SecretBox,
  doc: Pick<WebhookDoc, '_id' | 'headers'>,
  headers: readonly UpdateWebhookHeader[],
): WebhookDoc['headers'] {
  const errors: { path: string; message: string }[] = [];
  const sealed = headers.flatMap(({ name, value, secret }, index) => {
    if (value !== null) return [sealHeader(box, doc._id, { name, value, secret })];
    const stored = doc.headers.find(
      (header) => header.secret && header.name.toLowerCase() === name.toLowerCase(),
    );
    if (stored) return [{ ...stored, name }];
    const message = 'is required: there is no secret header of this name whose value could be kept';
    errors.push({ path: `headers.${index}.value`, message });
    return [];
  });
  if (errors.length > 0) throw new InvalidRequestError('The headers cannot be used.', errors);
  return sealed;
}

/**
 * Throws InvalidRequestError when an edit would send secret headers, whose values whoever edits need not know, to another
 * origin than they were given for: `headers` are those of the edit, null when it has none.
 */
export function refuseCarriedSecrets(
  stored: Pick<WebhookDoc, 'headers'>,
  headers: readonly UpdateWebhookHeader[] | null,
): void {
  const isKept = (name: string) =>
    headers === null ||
    headers.some((given) => given.value === null && given.name.toLowerCase() === name.toLowerCase());
  const carried = stored.headers.filter(({ name, secret }) => secret && isKept(name));
  if (carried.length === 0) return;
  const names = carried.map(({ name }) => name).join(', ');
  throw new InvalidRequestError('The URL leads to another origin.', [
    {
      path: 'headers',
      message: `must give the values of secret headers again for it (${names}), or leave them out`,
    },
  ]);
}

function sealHeader(
  box: SecretBox,
  webhookId: string,
  { name, value, secret }: WebhookHeader,
): WebhookDoc['headers'][number] {
  return { name, value: secret ? box.seal(value, sealPurpose.webhookHeader(webhookId)) : value, secret };
}

interface Opened extends Omit<OpenedWebhook, 'secrets'> {
  secret: string;
  previous: PreviousSecret[];
}

const opened = new WeakMap<WebhookDoc, Opened>();

/**
 * Opens everything a sender needs; once for all that hold the same document, as the attempts of one plan do. Which secrets
 * sign is asked anew at each `now`.
 */
export function openWebhook(box: SecretBox, doc: WebhookDoc, now: Date): OpenedWebhook {
  const known = opened.get(doc) ?? open(box, doc);
  opened.set(doc, known);
  const { secret, previous, ...rest } = known;
  return { ...rest, secrets: [secret, ...stillValid(previous, now).map((replaced) => replaced.secret)] };
}

function open(box: SecretBox, doc: WebhookDoc): Opened {
  const openSecret = (sealed: string) => box.open(sealed, sealPurpose.webhookSecret(doc._id));
  return {
    url: openUrl(box, doc),
    secret: openSecret(doc.secret),
    previous: doc.previousSecrets.map(({ secret, until }) => ({ secret: openSecret(secret), until })),
    headers: doc.headers.map(({ name, value, secret }) => ({
      name,
      value: secret ? box.open(value, sealPurpose.webhookHeader(doc._id)) : value,
      secret,
    })),
  };
}
