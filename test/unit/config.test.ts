import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mode } from '../../src/config.ts';
import { Environment, parseConfig } from '../../src/config.ts';
import { AppError } from '../../src/errors.ts';
import { generateSecretKey } from '../../src/secret-box.ts';

const SERVERS = {
  MONGODB_URI: 'mongodb://db.example/tablehook',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  SECRET_KEYS: generateSecretKey('k1'),
};

/** The names a configuration's error lists, in its order. */
const faultsOf = (mode: Mode, env: Record<string, string | undefined>) => {
  try {
    parseConfig(mode, env);
  } catch (error) {
    if (error instanceof AppError) return error.errors.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('parseConfig', () => {
  it('knows the documented names', () => {
    expect(Object.keys(Environment.shape)).toEqual(
      expect.arrayContaining([
        ...['HOST', 'PORT', 'MONGODB_URI', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY'],
        ...['TEMPORAL_TLS', 'TEMPORAL_TLS_CA_FILE', 'TEMPORAL_TLS_CERT_FILE', 'TEMPORAL_TLS_KEY_FILE'],
        ...['TEMPORAL_TLS_SERVER_NAME', 'TEMPORAL_UI_URL', 'DATA_DIR', 'MONGOD_PATH', 'TEMPORAL_CLI_PATH'],
        ...['EMBEDDED_TEMPORAL_PORT', 'EMBEDDED_TEMPORAL_UI_PORT', 'EMBEDDED_MONGODB_PORT'],
        ...['BOOTSTRAP_API_KEY', 'SECRET_KEYS', 'ALLOW_TARGET_CIDRS', 'REQUIRE_HTTPS_TARGETS', 'LOG_LEVEL'],
        ...['METRICS_PORT', 'FAST_PATH_WORKFLOWS', 'TEMPORAL_SEARCH_ATTRIBUTE_BYTES'],
        ...['RETENTION_DAYS', 'RETENTION_FAILED_DAYS', 'EGRESS_PROXY_URL'],
        ...['API_KEY_REQUESTS_PER_SECOND', 'FAILED_API_KEYS_PER_MINUTE'],
      ]),
    );
  });

  it('needs nothing in standalone, which listens on loopback only and may call it', () => {
    expect(parseConfig('standalone', {})).toEqual({
      mode: 'standalone',
      host: '127.0.0.1',
      port: 3000,
      mongodbUri: undefined,
      temporal: {
        address: undefined,
        namespace: 'default',
        apiKey: undefined,
        tls: undefined,
        uiUrl: undefined,
        searchAttributeBytes: 16_384,
      },
      dataDir: resolve('.tablehook'),
      cacheDir: join(homedir(), '.cache', 'tablehook'),
      path: '',
      mongodPath: undefined,
      temporalCliPath: undefined,
      embedded: { mongodbPort: 0, temporalPort: 0, temporalUiPort: 0 },
      bootstrapApiKey: undefined,
      secretKeys: [],
      targets: { allowCidrs: ['127.0.0.0/8', '::1/128'], requireHttps: false },
      retention: { days: 30, failedDays: 90 },
      logLevel: 'warn',
      metricsPort: 9464,
      limits: { requestsPerSecond: 2_000, failedAuthenticationsPerMinute: 100 },
      fastPathWorkflows: 2,
      changesPerWorkflow: 300,
    });
  });

  it.each(['api', 'worker'] as const)(
    'lets %s listen everywhere, call no private address and log more',
    (mode) => {
      expect(parseConfig(mode, SERVERS)).toMatchObject({
        host: '0.0.0.0',
        mongodbUri: SERVERS.MONGODB_URI,
        temporal: { address: SERVERS.TEMPORAL_ADDRESS },
        secretKeys: [SERVERS.SECRET_KEYS],
        targets: { allowCidrs: [], requireHttps: false },
        logLevel: 'info',
      });
    },
  );

  it.each([
    ['api', ['MONGODB_URI', 'TEMPORAL_ADDRESS', 'SECRET_KEYS']],
    ['worker', ['MONGODB_URI', 'TEMPORAL_ADDRESS', 'SECRET_KEYS']],
    ['setup', ['MONGODB_URI', 'TEMPORAL_ADDRESS']],
  ] as const)('names everything that %s lacks at once', (mode, names) => {
    expect(faultsOf(mode, {})).toEqual(names);
  });

  it('takes an empty variable as one that is not set', () => {
    const empty = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, '']));
    expect(parseConfig('standalone', empty)).toEqual(parseConfig('standalone', {}));
    expect(faultsOf('api', { ...SERVERS, MONGODB_URI: '', SECRET_KEYS: '' })).toEqual([
      'MONGODB_URI',
      'SECRET_KEYS',
    ]);
  });

  it('names what is malformed together with what is missing, and what is wrong with each', () => {
    const env = { PORT: 'http', LOG_LEVEL: 'loud', SECRET_KEYS: 'k1:short' };
    expect(faultsOf('api', env)).toEqual([
      'PORT',
      'SECRET_KEYS.0',
      'LOG_LEVEL',
      'MONGODB_URI',
      'TEMPORAL_ADDRESS',
    ]);
    expect(() => parseConfig('api', env)).toThrow(
      /^The configuration is not usable:\n {2}PORT: .+\n[^]*SECRET_KEYS\.0: must be id:base64 of 32 bytes/,
    );
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['MONGODB_URI', 'db.example:27017'],
    ['TEMPORAL_TLS', 'yes'],
    ['TEMPORAL_UI_URL', 'temporal.example'],
    ['TEMPORAL_UI_URL', 'ftp://temporal.example'],
    ['EMBEDDED_MONGODB_PORT', 'any'],
    ['BOOTSTRAP_API_KEY', 'thk_short'],
    ['BOOTSTRAP_API_KEY', 'x'.repeat(43)],
    ['SECRET_KEYS', 'k1'],
    ['SECRET_KEYS', ','],
    ['SECRET_KEYS', `k1:${'A'.repeat(43)}=,k1:${'B'.repeat(43)}=`],
    ['ALLOW_TARGET_CIDRS', '10.0.0.0'],
    ['ALLOW_TARGET_CIDRS', '10.0.0.0/33'],
    ['ALLOW_TARGET_CIDRS', '10.0.0.0/8,nonsense'],
    ['REQUIRE_HTTPS_TARGETS', 'on'],
    ['EGRESS_PROXY_URL', 'proxy.internal:3128'],
    ['EGRESS_PROXY_URL', 'socks5://proxy.internal'],
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '1.5'],
    ['RETENTION_FAILED_DAYS', 'for ever'],
    ['LOG_LEVEL', 'INFO'],
    ['METRICS_PORT', '99999'],
    ['API_KEY_REQUESTS_PER_SECOND', '0'],
    ['FAILED_API_KEYS_PER_MINUTE', 'none'],
    ['FAST_PATH_WORKFLOWS', '65'],
    ['FAST_PATH_WORKFLOWS', 'two'],
  ])('refuses %s=%s by its name', (name, value) => {
    expect(faultsOf('standalone', { [name]: value }).map((path) => path.split('.')[0])).toEqual([name]);
  });

  it('reads lists with white space, flags in two spellings, and addresses without a slash at their end', () => {
    const keys = [generateSecretKey('new'), generateSecretKey('old')];
    const config = parseConfig('api', {
      ...SERVERS,
      SECRET_KEYS: ` ${keys[0]} , ${keys[1]},`,
      ALLOW_TARGET_CIDRS: '10.0.0.0/8, fd00::/8',
      REQUIRE_HTTPS_TARGETS: '1',
      TEMPORAL_UI_URL: 'https://temporal.example/ui//',
      XDG_CACHE_HOME: '/cache',
      DATA_DIR: '/data',
    });
    expect(config).toMatchObject({
      secretKeys: keys,
      targets: { allowCidrs: ['10.0.0.0/8', 'fd00::/8'], requireHttps: true },
      temporal: { uiUrl: 'https://temporal.example/ui' },
      cacheDir: '/cache/tablehook',
      dataDir: '/data',
    });
    expect(parseConfig('api', { ...SERVERS, REQUIRE_HTTPS_TARGETS: '0' }).targets.requireHttps).toBe(false);
    expect(parseConfig('standalone', { ALLOW_TARGET_CIDRS: ',' }).targets.allowCidrs).toEqual([]);
  });

  it('reads an egress proxy, and shows none of it when it is malformed', () => {
    const env = { EGRESS_PROXY_URL: 'https://user:s3cret@proxy.internal' };
    expect(parseConfig('standalone', env).targets.egressProxy).toEqual({
      host: 'proxy.internal',
      port: 443,
      secure: true,
      authorization: `Basic ${Buffer.from('user:s3cret').toString('base64')}`,
    });
    const parse = () =>
      parseConfig('standalone', { EGRESS_PROXY_URL: 'http://user:s3cret@proxy.internal/x' });
    expect(parse).toThrow('EGRESS_PROXY_URL: must end after the host and port of the proxy');
    expect(parse).not.toThrow('s3cret');
  });

  it('keeps what failed no shorter than the rest, also where only one of the two is given', () => {
    const retentionOf = (env: Record<string, string>) => parseConfig('standalone', env).retention;
    expect(retentionOf({ RETENTION_DAYS: '7', RETENTION_FAILED_DAYS: '7' })).toEqual({
      days: 7,
      failedDays: 7,
    });
    expect(retentionOf({ RETENTION_DAYS: '90' })).toEqual({ days: 90, failedDays: 90 });
    for (const env of [
      { RETENTION_DAYS: '7', RETENTION_FAILED_DAYS: '6' },
      { RETENTION_DAYS: '91' },
      { RETENTION_FAILED_DAYS: '29' },
    ]) {
      expect(faultsOf('setup', { ...SERVERS, ...env })).toEqual(['RETENTION_FAILED_DAYS']);
    }
  });

  it('pays no heed to variables of others', () => {
    expect(parseConfig('standalone', { NODE_ENV: 'x', EDITOR: 'vi' })).toEqual(parseConfig('standalone', {}));
  });

  describe('TLS to Temporal', () => {
    let folder: string;
    const file = (name: string) => join(folder, name);

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'tablehook-config-'));
      for (const name of ['ca', 'crt', 'key']) writeFileSync(file(name), `the ${name}`);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const tlsOf = (env: Record<string, string>) => parseConfig('api', { ...SERVERS, ...env }).temporal.tls;

    it('is off unless something asks for it', () => {
      expect(tlsOf({})).toBeUndefined();
      expect(tlsOf({ TEMPORAL_TLS: 'true' })).toEqual({});
      expect(tlsOf({ TEMPORAL_API_KEY: 'secret' })).toEqual({});
      expect(tlsOf({ TEMPORAL_TLS: 'false', TEMPORAL_TLS_CA_FILE: file('ca') })).toBeUndefined();
    });

    it('takes the contents of the files', () => {
      expect(
        tlsOf({
          TEMPORAL_TLS_CA_FILE: file('ca'),
          TEMPORAL_TLS_CERT_FILE: file('crt'),
          TEMPORAL_TLS_KEY_FILE: file('key'),
          TEMPORAL_TLS_SERVER_NAME: 'frontend',
        }),
      ).toEqual({
        serverNameOverride: 'frontend',
        serverRootCACertificate: Buffer.from('the ca'),
        clientCertPair: { crt: Buffer.from('the crt'), key: Buffer.from('the key') },
      });
    });

    it('refuses a file that cannot be read by the name of its variable', () => {
      const env = {
        ...SERVERS,
        TEMPORAL_TLS_CA_FILE: file('none'),
        TEMPORAL_TLS_CERT_FILE: file('crt'),
        TEMPORAL_TLS_KEY_FILE: folder,
      };
      expect(faultsOf('api', env)).toEqual(['TEMPORAL_TLS_CA_FILE', 'TEMPORAL_TLS_KEY_FILE']);
    });

    it.each([
      ['TEMPORAL_TLS_CERT_FILE', 'TEMPORAL_TLS_KEY_FILE', 'crt'],
      ['TEMPORAL_TLS_KEY_FILE', 'TEMPORAL_TLS_CERT_FILE', 'key'],
    ])('refuses %s without %s: no client certificate would be shown', (given, lacking, name) => {
      expect(faultsOf('api', { ...SERVERS, [given]: file(name) })).toEqual([lacking]);
    });
  });
});
