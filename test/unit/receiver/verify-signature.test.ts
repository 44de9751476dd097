import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { generateWebhookSecret } from '../../../src/services/webhooks/secrets.ts';
import type { WebhookHeaders } from '../../../src/receiver/read-header.ts';
import { verifySignature } from '../../../src/receiver/verify-signature.ts';
import { signedHeaders } from '../../support/signed-event.ts';

const secret = generateWebhookSecret();
const other = generateWebhookSecret();
const BODY = '{"name":"Zürich 🪝"}';
const NOW_SECONDS = 1_800_000_000;
const now = () => NOW_SECONDS * 1000;
const headersAt = (timestampSeconds: number) =>
  signedHeaders({ secrets: [secret], body: BODY, timestampSeconds });
const refusal = (code: string, status: number) => expect.objectContaining({ code, status });

describe('verifySignature', () => {
  it('answers the facts of a delivery', () => {
    const headers = { ...headersAt(NOW_SECONDS), 'tablehook-replay': 'true', 'tablehook-test': 'true' };
    expect(verifySignature({ headers, body: BODY }, { secrets: secret, now })).toEqual({
      deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q',
      timestamp: new Date(now()),
      attempt: 3,
      hops: 1,
      replay: true,
      test: true,
    });
  });

  it('says null of an attempt and hops that a proxy took away, and no replay', () => {
    const { 'tablehook-attempt': _, 'tablehook-hops': __, ...headers } = headersAt(NOW_SECONDS);
    expect(verifySignature({ headers, body: BODY }, { secrets: secret, now })).toMatchObject({
      attempt: null,
      hops: null,
      replay: false,
      test: false,
    });
  });

  it.each<[string, (headers: Record<string, string>) => WebhookHeaders]>([
    ['of node:http', (headers) => headers],
    ['of fetch', (headers) => new Headers(headers)],
    ['in upper case', upperCase],
    ['as lists', (headers) => Object.fromEntries(Object.entries(headers).map(([key, one]) => [key, [one]]))],
  ])('takes headers %s, and a body as text or bytes', (_, toHeaders) => {
    const headers = toHeaders(headersAt(NOW_SECONDS));
    for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY)]) {
      expect(verifySignature({ headers, body }, { secrets: [secret], now }).attempt).toBe(3);
    }
  });

  it('takes either secret while one replaces the other, on both sides', () => {
    const signedByBoth = signedHeaders({ secrets: [secret, other], body: BODY });
    const signedByOld = signedHeaders({ secrets: [other], body: BODY });
    for (const secrets of [[secret], [other], [other, secret]]) {
      expect(() => verifySignature({ headers: signedByBoth, body: BODY }, { secrets })).not.toThrow();
    }
    const verifyOld = (secrets: string[]) =>
      verifySignature({ headers: signedByOld, body: BODY }, { secrets });
    expect(() => verifyOld([secret, other])).not.toThrow();
    expect(() => verifyOld([secret])).toThrow(refusal('bad-signature', 401));
  });

  it.each([
    [-300, null],
    [300, null],
    [-301, 'too-old'],
    [301, 'too-new'],
  ])('judges an attempt made at now %+i s: %s', (offset, code) => {
    const verify = (options: { toleranceSeconds?: number }) =>
      verifySignature(
        { headers: headersAt(NOW_SECONDS + offset), body: BODY },
        { secrets: secret, now, ...options },
      );
    if (code === null) expect(() => verify({})).not.toThrow();
    else expect(() => verify({})).toThrow(refusal(code, 425));
    expect(() => verify({ toleranceSeconds: 10 })).toThrow(refusal(offset < 0 ? 'too-old' : 'too-new', 425));
    expect(() => verify({ toleranceSeconds: 1_000 })).not.toThrow();
  });

  it('says of one that is both old and forged that it is forged', () => {
    const request = { headers: headersAt(NOW_SECONDS - 9_999), body: `${BODY} ` };
    expect(() => verifySignature(request, { secrets: secret, now })).toThrow(refusal('bad-signature', 401));
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('names %s when it is missing', (name) => {
    const { [name]: _, ...headers } = headersAt(NOW_SECONDS);
    const verify = (given: WebhookHeaders) => () =>
      verifySignature({ headers: given, body: BODY }, { secrets: secret, now });
    expect(verify(headers)).toThrow(refusal('missing-header', 401));
    expect(verify(headers)).toThrow(name);
    expect(verify({ ...headers, [name]: '' })).toThrow(refusal('missing-header', 401));
  });

  it.each([
    ['webhook-timestamp', 'soon'],
    ['webhook-timestamp', '18e8'],
    ['webhook-timestamp', '-1800000000'],
    ['webhook-id', 'dlv_1.1800000000'],
  ])('refuses a %s of %s', (name, value) => {
    const headers = { ...headersAt(NOW_SECONDS), [name]: value };
    expect(() => verifySignature({ headers, body: BODY }, { secrets: secret, now })).toThrow(
      refusal('bad-header', 400),
    );
  });

  it('does not let the id take what belongs to the body', () => {
    const body = '1800000000.{}';
    const headers = {
      ...signedHeaders({ secrets: [secret], body, deliveryId: 'dlv_1', timestampSeconds: NOW_SECONDS }),
      'webhook-id': `dlv_1.${NOW_SECONDS}`,
    };
    expect(() => verifySignature({ headers, body: '{}' }, { secrets: secret, now })).toThrow(
      refusal('bad-header', 400),
    );
  });

  it.each([[[]], [['']], [['whsec_']], [['c2VjcmV0']], [['whsec_not base64!']], [[secret, 's3cret']]])(
    'throws a TypeError for the secrets %j, and shows none',
    (secrets) => {
      const verify = () => verifySignature({ headers: headersAt(NOW_SECONDS), body: BODY }, { secrets, now });
      expect(verify).toThrow(TypeError);
      expect(verify).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') }));
    },
  );
});

describe.each([
  ['standardwebhooks', (key: string) => new StandardWebhook(key)],
  ['svix', (key: string) => new SvixWebhook(key)],
])('verifySignature beside %s', (_, open) => {
  const json = fc.json();
  const seconds = Math.floor(Date.now() / 1000);
  const arbitrary = fc.record({
    body: json,
    id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
    offset: fc.integer({ min: -200, max: 200 }),
  });

  it('takes what it takes: whatever was signed with the secret', () => {
    fc.assert(
      fc.property(arbitrary, ({ body, id, offset }) => {
        const headers = signedHeaders({
          secrets: [other, secret],
          body,
          deliveryId: id,
          timestampSeconds: seconds + offset,
        });
        expect(open(secret).verify(body, headers)).toEqual(JSON.parse(body));
        expect(verifySignature({ headers, body }, { secrets: secret }).deliveryId).toBe(id);
      }),
      { numRuns: 50 },
    );
  });

  it('takes what the library signs', () => {
    fc.assert(
      fc.property(arbitrary, ({ body, id, offset }) => {
        const timestampSeconds = seconds + offset;
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(timestampSeconds),
          'webhook-signature': open(secret).sign(id, new Date(timestampSeconds * 1000), body),
        };
        expect(verifySignature({ headers, body }, { secrets: secret }).deliveryId).toBe(id);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what it refuses: a byte, the id, the time or the signature changed', () => {
    const change = fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature');
    fc.assert(
      fc.property(arbitrary, change, fc.nat(), ({ body, id, offset }, what, position) => {
        const headers = signedHeaders({
          secrets: [secret],
          body,
          deliveryId: id,
          timestampSeconds: seconds + offset,
        });
        const changed: Record<string, string> = { ...headers };
        if (what !== 'body') changed[what] = alter(headers[what] ?? '', position);
        const sent = what === 'body' ? alter(body, position) : body;
        expect(() => open(secret).verify(sent, changed)).toThrow();
        expect(() => verifySignature({ headers: changed, body: sent }, { secrets: secret })).toThrow(
          expect.objectContaining({ name: 'ReceiverError' }),
        );
      }),
      { numRuns: 100 },
    );
  });
});

function upperCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}

/** One character replaced by another: a digit by the next one, anything else by the letter `q` or `r`. */
function alter(text: string, position: number): string {
  const at = position % text.length;
  const old = text[at] ?? '';
  const changed = /\d/.test(old) ? String((Number(old) + 1) % 10) : old === 'q' ? 'r' : 'q';
  return `${text.slice(0, at)}${changed}${text.slice(at + 1)}`;
}
