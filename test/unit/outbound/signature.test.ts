import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { signWebhook } from '../../../src/outbound/signature.ts';
import { generateWebhookSecret } from '../../../src/services/webhooks/secrets.ts';

const ORACLES = [
  ['standardwebhooks', StandardWebhook],
  ['svix', SvixWebhook],
] as const;

const BODY = '{"version":1,"name":"Zürich 🪝"}';
const id = 'dlv_01jf2v6w3hexample';

// Both oracles refuse a timestamp more than five minutes from their own clock.
function headersNow(secrets: string[], body: string | Buffer) {
  const timestampSeconds = Math.floor(Date.now() / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook({ secrets, id, timestampSeconds, body }),
  };
}

describe.each(ORACLES)('signature, verified by %s', (_, Webhook) => {
  const secret = generateWebhookSecret();

  it('is accepted for a text body and for the same bytes', () => {
    for (const body of [BODY, Buffer.from(BODY)]) {
      expect(new Webhook(secret).verify(BODY, headersNow([secret], body))).toEqual(JSON.parse(BODY));
    }
  });

  it('is accepted under each secret while one is being rotated', () => {
    const previous = generateWebhookSecret();
    const headers = headersNow([secret, previous], BODY);
    expect(() => new Webhook(secret).verify(BODY, headers)).not.toThrow();
    expect(() => new Webhook(previous).verify(BODY, headers)).not.toThrow();
  });

  it('is refused under another secret, for another body or another id', () => {
    const headers = headersNow([secret], BODY);
    const verifier = new Webhook(secret);
    const stranger = new Webhook(generateWebhookSecret());
    expect(() => stranger.verify(BODY, headers)).toThrow('No matching signature');
    expect(() => verifier.verify(`${BODY} `, headers)).toThrow('No matching signature');
    expect(() => verifier.verify(BODY, { ...headers, 'webhook-id': 'dlv_other' })).toThrow(
      'No matching signature',
    );
  });
});

describe('signature', () => {
  it('has the value the oracle computes for a fixed input', () => {
    const secret = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
    const input = { id: 'msg_loFOjxBNrRLzqYUf', timestampSeconds: 1731705121, body: '{"a":1}' };
    const expected = new StandardWebhook(secret).sign(input.id, new Date(1731705121_000), input.body);
    expect(signWebhook({ ...input, secrets: [secret] })).toBe(expected);
  });

  it('joins several with one space, in the order of the secrets', () => {
    const secrets = [generateWebhookSecret(), generateWebhookSecret()];
    const input = { id, timestampSeconds: 1, body: BODY };
    const each = secrets.map((secret) => signWebhook({ ...input, secrets: [secret] }));
    expect(signWebhook({ ...input, secrets })).toBe(each.join(' '));
  });

  it.each([[[]], [['']], [['whsec_']], [['c2VjcmV0']], [['whsec_not base64!']]])(
    'is not made with the secrets %j',
    (secrets) => {
      const input = { id, timestampSeconds: 1, body: BODY };
      expect(() => signWebhook({ ...input, secrets })).toThrow(Error);
    },
  );

  it('never shows a malformed secret in its error', () => {
    const sign = () => signWebhook({ secrets: ['s3cret'], id, timestampSeconds: 1, body: '' });
    expect(sign).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') }));
  });
});
