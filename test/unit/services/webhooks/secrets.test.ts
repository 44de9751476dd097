import { describe, expect, it } from 'vitest';
import { RetryPolicy } from '../../../../src/contracts/policies.ts';
import type { WebhookDoc } from '../../../../src/models/webhook.ts';
import { createSecretBox, generateSecretKey } from '../../../../src/secret-box.ts';
import {
  generateWebhookSecret,
  openWebhook,
  sealEditedHeaders,
  sealHeaders,
  sealSecret,
  sealUrl,
  stillValid,
} from '../../../../src/services/webhooks/secrets.ts';

const box = createSecretBox([generateSecretKey('test')]);
const ID = 'whk_1';
const NOON = new Date('2026-01-31T12:00:00Z');
const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1_000);

/** As much of a stored webhook as opening one asks for. */
const docWith = (edits: Partial<WebhookDoc>) =>
  ({
    _id: ID,
    url: sealUrl(box, ID, 'https://crm.example/hook'),
    secret: sealSecret(box, ID, 'whsec_new'),
    previousSecrets: [],
    headers: [],
    retry: RetryPolicy.parse({}),
    ...edits,
  }) as Partial<WebhookDoc> as WebhookDoc;

describe('generateWebhookSecret', () => {
  it('makes whsec_ and the base64 of 32 bytes, never the same twice', () => {
    const secrets = Array.from({ length: 50 }, () => generateWebhookSecret());
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(new Set(secrets).size).toBe(50);
  });
});

describe('openWebhook', () => {
  const previousSecrets = [
    { secret: sealSecret(box, ID, 'whsec_old'), until: at(60) },
    { secret: sealSecret(box, ID, 'whsec_older'), until: at(10) },
  ];

  it('opens the secrets that sign now, the newest first', () => {
    const doc = docWith({ previousSecrets });
    expect(openWebhook(box, doc, NOON).secrets).toEqual(['whsec_new', 'whsec_old', 'whsec_older']);
  });

  it('lets a secret sign no longer than until its time, though the document was opened before', () => {
    const doc = docWith({ previousSecrets });
    const secretsAt = (seconds: number) => openWebhook(box, doc, at(seconds)).secrets;
    expect(secretsAt(0)).toHaveLength(3);
    expect(secretsAt(9.999)).toHaveLength(3);
    expect(secretsAt(10)).toEqual(['whsec_new', 'whsec_old']);
    expect(secretsAt(60)).toEqual(['whsec_new']);
  });

  it('opens URL and headers', () => {
    const headers = [
      { name: 'X-Team', value: 'sales', secret: false },
      { name: 'Authorization', value: 'Bearer mine', secret: true },
    ];
    const doc = docWith({ headers: sealHeaders(box, ID, headers) });
    expect(openWebhook(box, doc, NOON)).toMatchObject({ url: 'https://crm.example/hook', headers });
  });

  it('refuses what was sealed for another webhook', () => {
    const doc = docWith({ secret: sealSecret(box, 'whk_2', 'whsec_theirs') });
    expect(() => openWebhook(box, doc, NOON)).toThrow('damaged');
  });
});

describe('stillValid', () => {
  it('leaves out what has ended', () => {
    const until = (seconds: number) => ({ secret: 's', until: at(seconds) });
    expect(stillValid([until(1), until(0), until(-1)], NOON)).toEqual([until(1)]);
  });
});

describe('sealEditedHeaders', () => {
  const stored = {
    _id: ID,
    headers: sealHeaders(box, ID, [
      { name: 'X-Team', value: 'sales', secret: false },
      { name: 'Authorization', value: 'Bearer mine', secret: true },
    ]),
  };
  const open = (headers: WebhookDoc['headers']) => openWebhook(box, docWith({ headers }), NOON).headers;

  it('keeps the value of a secret header that is written back without one, in whatever case', () => {
    const edited = sealEditedHeaders(box, stored, [{ name: 'authorization', value: null, secret: true }]);
    expect(open(edited)).toEqual([{ name: 'authorization', value: 'Bearer mine', secret: true }]);
  });

  it('seals a new value, also of a header that was no secret before', () => {
    const edits = [
      { name: 'Authorization', value: 'Bearer new', secret: true },
      { name: 'X-Team', value: 'sales', secret: true },
    ];
    const edited = sealEditedHeaders(box, stored, edits);
    expect(edited.map(({ value }) => value)).not.toContain('sales');
    expect(open(edited)).toEqual(edits);
  });

  it('refuses to keep what is not there, or was no secret, by its path', () => {
    const edits = [
      { name: 'X-Other', value: null, secret: true },
      { name: 'Authorization', value: null, secret: true },
      { name: 'X-Team', value: null, secret: true },
    ];
    expect(() => sealEditedHeaders(box, stored, edits)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        errors: [
          expect.objectContaining({ path: 'headers.0.value' }),
          expect.objectContaining({ path: 'headers.2.value' }),
        ],
      }),
    );
  });
});
