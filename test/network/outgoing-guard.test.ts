import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptResult } from '../../src/outbound/post-webhook.ts';
import { hasOpenssl, issuedBy, selfSigned } from '../support/certificates.ts';
import { until } from '../support/until.ts';
import type { CallerAnswer, CallerQuestion } from './caller.ts';
import type { HostsQuestion, HostsSeen, Names } from './hosts.ts';
import { makeNetwork, whyNoNetwork, type Network } from './network.ts';
import { startProgram, type Program } from './start-program.ts';

const missing = whyNoNetwork() ?? (hasOpenssl ? null : 'there is no openssl command');
if (missing !== null)
  process.stderr.write(`The outgoing guard is not tried on a real network: ${missing}.\n`);

const PUBLIC = '93.184.216.34';
const PUBLIC6 = '2606:2800:220:1::34';

describe.skipIf(missing !== null)('the outgoing guard, on a network with public and private hosts', () => {
  let network: Network | undefined;
  let folder: string;
  let internet: Program<HostsQuestion, HostsSeen>;
  let inside: Program<HostsQuestion, HostsSeen>;
  let caller: Program<CallerQuestion, CallerAnswer>;
  const programs: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tablehook-guard-'));
    network = makeNetwork();
    const authority = selfSigned('DNS:authority.test');
    writeFileSync(join(folder, 'authority.pem'), authority.cert);
    const start = async <Question, Answer>(name: string, namespace: string) => {
      const env = { NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') };
      const program = await startProgram<Question, Answer>(name, { namespace, env });
      programs.push(program);
      return program;
    };
    internet = await start('hosts', network.internet);
    inside = await start('hosts', network.inside);
    caller = await start('caller', network.caller);
    const certificates = {
      'good.test': issuedBy(authority, { names: 'DNS:good.test' }),
      'wrong.test': issuedBy(authority, { names: 'DNS:good.test' }),
      'expired.test': issuedBy(authority, { names: 'DNS:expired.test', days: -1 }),
      'self-signed.test': selfSigned('DNS:self-signed.test'),
    };
    await internet.ask({ kind: 'certificates', certificates });
  });

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    network?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(url: string, options: Partial<CallerQuestion> = {}): Promise<AttemptResult> {
    const { results } = await caller.ask({ urls: [url], ...options });
    const [result] = results;
    if (!result) throw new Error('the caller gave no result');
    return result;
  }

  /** What arrived inside the operator's network, or at the caller's own loopback, while something was done. */
  async function arrivals(work: () => Promise<unknown>): Promise<{ segments: number; loopback: number }> {
    const count = async () => {
      const [{ segments }, { loopback }] = [
        await inside.ask({ kind: 'seen' }),
        await caller.ask({ urls: [] }),
      ];
      return { segments, loopback };
    };
    const before = await count();
    await work();
    const after = await count();
    return { segments: after.segments - before.segments, loopback: after.loopback - before.loopback };
  }

  const resolveTo = async (names: Names) => internet.ask({ kind: 'names', names });
  const nothing = { segments: 0, loopback: 0 };

  describe('of where a connection goes', () => {
    it.each([
      [`http://${PUBLIC}/`, PUBLIC],
      [`http://[${PUBLIC6}]/`, PUBLIC6],
      ['http://8.8.4.4:8080/', '8.8.4.4'],
      ['http://134743044/', '8.8.4.4'],
    ])('lets %s through', async (url, address) => {
      expect(await call(url)).toMatchObject({
        status: 200,
        responseBody: `reached ${address} as ${new URL(url).host}`,
      });
    });

    it('lets a name with public addresses through, by the resolver of the system', async () => {
      await resolveTo({ 'hooks.test': [[PUBLIC, PUBLIC6]] });
      const result = await call('http://hooks.test:8080/');
      expect(result.responseBody).toMatch(/^reached [0-9a-f.:]+ as hooks\.test:8080$/);
    });

    it.each([
      ...['10.0.0.5', '100.64.0.5', '169.254.7.7', '169.254.169.254', '172.16.0.5', '192.168.1.5'],
      ...['198.18.0.5', '127.0.0.1', '127.9.9.9', '0.0.0.0', '::1', '::', 'fd00::5', 'fec0::5'],
      ...['64:ff9b::a00:5', '2002:a00:5::1', 'fd00:ec2::254', '::ffff:a00:5', '::ffff:7f00:1', '::a00:5'],
    ])(
      'refuses %s, as a literal, behind a name and beside public addresses, without a single SYN',
      async (bad) => {
        const literal = bad.includes(':') ? `[${bad}]` : bad;
        const results: AttemptResult[] = [];
        const lookups = [[bad], [PUBLIC, bad], [bad, PUBLIC6], [PUBLIC, PUBLIC6, '8.8.4.4', bad]];
        const work = async () => {
          results.push(await call(`http://${literal}/`), await call(`http://${literal}:8080/`));
          await resolveTo({ 'bad.test': lookups });
          const urls = lookups.map((_, index) => `http${index % 2 ? 's' : ''}://bad.test/`);
          results.push(...(await caller.ask({ urls })).results);
        };
        expect(await arrivals(work)).toEqual(nothing);
        expect(results.map(({ errorCode }) => errorCode)).toEqual(results.map(() => 'address_refused'));
      },
    );

    it('is open where the counting is: an allowed block is called inside', async () => {
      await resolveTo({ 'crm.test': [['10.0.0.5']], 'crm6.test': [['fd00::5']] });
      const urls = ['http://crm.test/', 'http://10.0.0.5/', 'http://crm6.test/'];
      const work = async () => {
        const { results } = await caller.ask({ urls, allowCidrs: ['10.0.0.0/24', 'fd00::/16'] });
        expect(results.map(({ responseBody }) => responseBody)).toEqual([
          'reached 10.0.0.5 as crm.test',
          'reached 10.0.0.5 as 10.0.0.5',
          'reached fd00::5 as crm6.test',
        ]);
      };
      expect((await arrivals(work)).segments).toBeGreaterThan(0);
    });

    it('refuses the metadata addresses even in an allowed block, and lets their neighbours through', async () => {
      await quiet();
      await resolveTo({ 'metadata.test': [['169.254.169.254']], 'metadata6.test': [['fd00:ec2::254']] });
      const allowCidrs = ['169.254.0.0/16', 'fc00::/7', '0.0.0.0/0', '::/0'];
      const urls = ['http://169.254.169.254/latest/', 'http://metadata.test/', 'http://metadata6.test/'];
      const work = async () => {
        const { results } = await caller.ask({ urls, allowCidrs });
        expect(results.map(({ errorCode }) => errorCode)).toEqual(urls.map(() => 'address_refused'));
      };
      expect(await arrivals(work)).toEqual(nothing);
      expect(await call('http://169.254.7.7/', { allowCidrs })).toMatchObject({ status: 200 });
    });

    it('dials the address it judged when the name changes its answer, and judges the next one anew', async () => {
      await quiet();
      await resolveTo({ 'rebind.test': [[PUBLIC], ['10.0.0.5']] });
      const work = async () => {
        const first = await call('http://rebind.test/');
        expect(first).toMatchObject({ responseBody: `reached ${PUBLIC} as rebind.test` });
        const { lookups } = await internet.ask({ kind: 'seen' });
        expect(lookups).toEqual({ 'rebind.test/4': 1, 'rebind.test/6': 1 });
        const second = await call('http://rebind.test/');
        expect(second).toMatchObject({ outcome: 'refused', errorCode: 'address_refused', stage: 'dns' });
      };
      expect(await arrivals(work)).toEqual(nothing);
    });

    it.each([301, 302, 303, 307, 308])('does not follow a %i into the private network', async (status) => {
      await quiet();
      await resolveTo({ 'inside.test': [['10.0.0.5']] });
      const targets = [
        'http://10.0.0.5/',
        'http://inside.test/',
        'http://169.254.169.254/',
        'http://127.0.0.1/',
      ];
      const urls = targets.map((to) => `http://${PUBLIC}/${status}?to=${encodeURIComponent(to)}`);
      const work = async () => {
        const { results } = await caller.ask({ urls });
        expect(results.map((result) => result.status)).toEqual(urls.map(() => status));
      };
      expect(await arrivals(work)).toEqual(nothing);
    });

    it('fails a name that does not exist, and one whose server says nothing', async () => {
      await resolveTo({ 'silent.test': 'silent' });
      const { results } = await caller.ask({ urls: ['http://no.test/', 'http://silent.test/'] });
      expect(results).toMatchObject([
        { errorCode: 'dns_failed', stage: 'dns' },
        { errorCode: 'timeout', stage: 'dns' },
      ]);
    });

    it('resolves a good name while the servers of 40 others say nothing', async () => {
      const silent = Array.from({ length: 40 }, (_, index) => `silent-${index}.test`);
      await resolveTo({
        'hooks.test': [[PUBLIC]],
        ...Object.fromEntries(silent.map((name) => [name, 'silent' as const])),
      });
      const urls = [...silent, 'hooks.test'].map((name) => `http://${name}/`);
      const { results } = await caller.ask({ urls, atOnce: true });
      expect(results.pop()).toMatchObject({ status: 200 });
      expect(new Set(results.map(({ errorCode }) => errorCode))).toEqual(new Set(['timeout']));
    });
  });

  describe('of what an answer costs', () => {
    /** Connections that were closed tell that nothing more is read. */
    async function quietInternet(): Promise<void> {
      await until(async () => (await internet.ask({ kind: 'seen' })).open === 0, {
        what: 'closed connections',
      });
    }

    it.each([
      ['an endless body', '/endless-body', { status: 200, responseTruncated: true }],
      ['an endless chunk extension', '/endless-extension', { status: 200, responseTruncated: true }],
      ['endless trailers', '/endless-trailers', { status: 200, responseTruncated: true }],
      ['a slow body', '/slow-body', { status: 200, responseTruncated: true }],
      ['one endless header', '/endless-header', { errorCode: 'headers_too_large' }],
      ['headers without end', '/endless-headers', { errorCode: 'headers_too_large' }],
      ['an endless status line', '/endless-status', { status: null }],
      ['early hints without end', '/endless-hints', { errorCode: 'invalid_response' }],
      ['headers that dribble', '/slow-headers', { outcome: 'timeout', stage: 'response' }],
      ['silence', '/hang', { outcome: 'timeout', stage: 'response' }],
    ])('ends %s within the timeout and its grace, and closes the connection', async (_, path, expected) => {
      const result = await call(`http://${PUBLIC}${path}`, { timeoutMs: 2000 });
      expect(result).toMatchObject(expected);
      expect(result.responseBody?.length ?? 0).toBeLessThanOrEqual(16 * 1024);
      expect(result.durationMs).toBeLessThan(15_000);
      await quietInternet();
    });

    it('does not unpack a compressed bomb', async () => {
      const result = await call(`http://${PUBLIC}/bomb`);
      expect(result).toMatchObject({ status: 200, responseBody: '[compressed body, not shown]' });
      expect(result.responseTruncated).toBe(true);
      await quietInternet();
    });

    it('answers a good host while 300 calls of a bad one hang, dribble and flood', async () => {
      const paths = ['/hang', '/slow-headers', '/slow-body', '/endless-body', '/endless-header', '/bomb'];
      const bad = Array.from({ length: 300 }, (_, index) => `http://${PUBLIC}${paths[index % paths.length]}`);
      const { results } = await caller.ask({
        urls: [...bad, 'http://8.8.4.4/'],
        atOnce: true,
        timeoutMs: 8000,
      });
      expect(results.at(-1)).toMatchObject({ status: 200 });
      expect(results).toHaveLength(301);
      await quietInternet();
    });
  });

  describe('of TLS', () => {
    const resolveAll = async () => {
      const names = ['good', 'wrong', 'expired', 'self-signed'].map((name) => [`${name}.test`, [[PUBLIC]]]);
      await resolveTo(Object.fromEntries(names) as Names);
    };

    it('lets a certificate of an authority of the machine through', async () => {
      await resolveAll();
      expect(await call('https://good.test/')).toMatchObject({
        responseBody: `reached ${PUBLIC} as good.test`,
      });
    });

    it.each([
      ['of another name', 'https://wrong.test/', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['that has expired', 'https://expired.test/', 'CERT_HAS_EXPIRED'],
      ['that nobody vouches for', 'https://self-signed.test/', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ])('refuses a certificate %s', async (_, url, code) => {
      await resolveAll();
      expect(await call(url)).toMatchObject({
        status: null,
        errorCode: 'tls_failed',
        errorMessage: `The TLS handshake failed (${code}).`,
        stage: 'tls',
      });
    });
  });

  /** Waits for the last segments of connections that were allowed. */
  async function quiet(): Promise<void> {
    await until(async () => (await inside.ask({ kind: 'seen' })).open === 0, { what: 'quiet inside' });
  }
});
