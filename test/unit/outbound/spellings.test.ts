import { describe, expect, it, onTestFinished } from 'vitest';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { createSafeAgent } from '../../../src/outbound/safe-agent.ts';
import { checkTargetUrl } from '../../../src/outbound/target-url.ts';
import { FORBIDDEN_RANGES } from './forbidden-ranges.ts';
import { PATIENT_MS, post } from './local-endpoint.ts';

const policy = createAddressPolicy({ allowCidrs: [] });
const target = { policy, requireHttps: false, refusedOrigins: [] };
const lenient = { judge: () => ({ allowed: true }) as const };
// Each leads to 127.0.0.1 or ::1, or to a private address, after WHATWG normalisation.
const SPELLINGS = [
  '127.0.0.1 127.0.0.1. 2130706433 2130706433. 0x7f000001 0X7F000001 0x7f000001. 017700000001 0177.0.0.1',
  '0177.0000.0.01 0x7f.0x0.0x0.0x1 0x7f.1 0x7f.0.1 127.1 127.1. 127.0.1 127.0x1 0177.1 0 0. 0.0 0x0 00 0x',
  '%31%32%37.0.0.1 127%2e0%2e0%2e1 %30x7f.1 １２７.０.０.１ １２７。０。０。１ 127｡0｡0｡1 ⑫⑦.0.0.1 ０ｘ7f.1 1²7.0.0.1',
  '127.0.0.\u00ad1 127.0.0.1\u200b 127\t.0.0.1 10.0.0.8 167772168 012.0.0.8 10.8 3232235777 0xa9fea9fe 2852039166',
  '[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::] [0::0] [::ffff:127.0.0.1]',
  '[::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:10.0.0.8] [::127.0.0.1] [::7f00:1]',
  '[::10.0.0.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [fe80::1]',
  '[fd00:ec2::254] [::ffff:a9fe:a9fe] localhost LOCALHOST localhost. loc%61lhost ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ api.localhost api.localhost.',
  'loc\u00adalhost',
].flatMap((line) => line.split(' '));

// No URL at all: nothing that a parser and a resolver could read in two ways is left.
const INVALID = [
  '[fe80::1%25eth0] [fe80::1%eth0] [::1%lo] [::1%25lo] [::ffff:127.0.0.1%251] [127.0.0.1] [::ffff:127.1]',
  '[::ffff:0x7f.0.0.1] [::1 ::1 [[::1]] 127..0.1 256.0.0.1 127.0.0.256 4294967296 0x100000000',
  '1.2.3.4.5 127.0.0.08 0177.0.0.09 127.0.0.1%00 xn-- xn--a local%00host ex%2fample.test',
].flatMap((line) => line.split(' '));

async function callWith(lookup: (name: string) => Promise<string[]>, url: string) {
  const agent = createSafeAgent({ policy, lookup });
  onTestFinished(() => agent.destroy());
  // The check of the URL lets all through, so that what is judged here is judged at the connection.
  return postWebhook({ agent, target: { ...target, policy: lenient } }, post(url, { timeoutMs: PATIENT_MS }));
}

const notAsked = () => Promise.reject(new Error('not to be asked'));
const toUrl = (address: string) => `http://${address.includes(':') ? `[${address}]` : address}/`;

describe('the blocks that no endpoint may be in', () => {
  it.each(FORBIDDEN_RANGES)(
    'holds %s, of which the neighbours are %s and … as far as they are public',
    async (...row) => {
      const [block, before, first, last, after] = row;
      for (const address of [first, last]) {
        const url = toUrl(address);
        expect(checkTargetUrl(url, target), url).toMatchObject({ ok: false, code: 'address_refused' });
        expect(await callWith(notAsked, url), url).toMatchObject({
          errorCode: 'address_refused',
          stage: 'connect',
        });
        const named = await callWith(async () => ['93.184.216.34', address], 'http://hooks.test/');
        expect(named, block).toMatchObject({ errorCode: 'address_refused', stage: 'dns' });
      }
      for (const address of [before, after].filter((neighbour) => neighbour !== '-')) {
        expect(checkTargetUrl(toUrl(address), target), address).toMatchObject({ ok: true });
      }
    },
  );
});

describe('a URL whose host is spelled oddly', () => {
  it.each(SPELLINGS)('is refused as an address by the check of the URL: %j', (host) => {
    expect(checkTargetUrl(`http://${host}/`, target)).toMatchObject({ ok: false, code: 'address_refused' });
  });

  it.each(SPELLINGS)('is refused by the connector alone as well: %j', async (host) => {
    // A name is resolved as the system does it for all that ends in localhost.
    const result = await callWith(async () => ['127.0.0.1'], `http://${host}/`);
    expect(result).toMatchObject({ outcome: 'refused', errorCode: 'address_refused' });
  });

  it.each(INVALID)('is no URL: %j', (host) => {
    expect(checkTargetUrl(`http://${host}/`, target)).toMatchObject({ ok: false, code: 'invalid_url' });
  });

  it.each([
    ['http://8.8.8.8@127.0.0.1/', 'credentials_refused'],
    ['http://127.0.0.1#@hooks.test/', 'address_refused'],
    ['http://127.0.0.1?@hooks.test/', 'address_refused'],
    ['http://127.0.0.1\\@hooks.test/', 'address_refused'],
    ['http:\\\\127.0.0.1\\', 'address_refused'],
    ['http:127.0.0.1', 'address_refused'],
    ['http:/127.0.0.1', 'address_refused'],
    ['http:////127.0.0.1', 'address_refused'],
    [' \thttp://127.0.0.1\n', 'address_refused'],
  ])('is judged by the host that is called: %j', (url, code) => {
    expect(checkTargetUrl(url, target)).toMatchObject({ ok: false, code });
  });

  it.each([
    ['http://xn--bcher-kva.example/', 'xn--bcher-kva.example'],
    ['http://BÜCHER.example/', 'xn--bcher-kva.example'],
    ['http://127.0.0.1.nip.test/', '127.0.0.1.nip.test'],
    ['http://0x7f.0.0.1.test./', '0x7f.0.0.1.test.'],
    ['http://localhost.test/', 'localhost.test'],
    ['http://127.0.0.1../', '127.0.0.1..'],
    ['http://127.0.0.0x1g/', '127.0.0.0x1g'],
  ])('is a name, judged by what it resolves to: %s', async (url, name) => {
    const asked: string[] = [];
    const lookup = async (hostname: string) => {
      asked.push(hostname);
      return ['::ffff:127.0.0.1'];
    };
    expect(checkTargetUrl(url, target).ok).toBe(true);
    expect(await callWith(lookup, url)).toMatchObject({ errorCode: 'address_refused', stage: 'dns' });
    expect(asked).toEqual([name]);
  });
});
