import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/config.ts';
import { parseConfig } from '../../../src/config.ts';
import { DRAIN_MS } from '../../../src/listen.ts';
import { READINESS_DEADLINE_MS } from '../../../src/readiness.ts';
import { generateSecretKey } from '../../../src/secret-box.ts';
import { generateApiKey } from '../../../src/services/api-keys/create.ts';
import { HOLD_BACK_MS } from '../../../src/services/changes/hold-back.ts';
import { helpOf, statusOf } from './commands.ts';
import { readCompose, referencesIn, serviceOf, toMs } from './compose-file.ts';
import { readProjectFile, readYaml, SETTINGS, WORKER_TIMES_MS } from './project-files.ts';

const secrets = { SECRET_KEYS: generateSecretKey('k1'), BOOTSTRAP_API_KEY: generateApiKey() };
const file = readCompose(secrets);
const processes: Mode[] = ['setup', 'api', 'worker'];
const service = (name: string) => serviceOf(file, name);
const configOf = (mode: Mode) => parseConfig(mode, service(mode).environment ?? {});

describe('docker-compose.yml', () => {
  it('holds to the schema of the Compose Specification, which a mistyped service breaks', () => {
    const { $schema: _draft07, ...schema } = JSON.parse(
      readProjectFile('test/unit/deploy/compose-spec.json'),
    ) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, formats: { duration: true, subnet_ip_address: true, uri: true } });
    const validate = ajv.compile(schema);
    const [written] = readYaml<object>('docker-compose.yml');
    expect(validate(written), ajv.errorsText(validate.errors)).toBe(true);
    expect(validate({ services: { api: { ...service('api'), stop_grace: '60s' } } })).toBe(false);
  });

  it('reads no variable that is not a setting', () => {
    const names = new Set(referencesIn(readProjectFile('docker-compose.yml')));
    expect([...names].filter((name) => !SETTINGS.includes(name))).toEqual([]);
    expect(names.size).toBeGreaterThan(0);
  });

  it.each(Object.keys(secrets))('says so when %s is not set', (missing) => {
    expect(() => readCompose({ ...secrets, [missing]: '' })).toThrow(`${missing} must be set`);
  });

  it.each(processes)('gives %s settings that its process accepts, all of them in the schema', (mode) => {
    const names = Object.keys(service(mode).environment ?? {});
    expect(names.filter((name) => !SETTINGS.includes(name))).toEqual([]);
    expect(configOf(mode).temporal.address).toBe('temporal:7233');
  });

  it.each(processes)(
    'runs %s by a command that there is, from the one image, on a read-only root',
    async (mode) => {
      const { command, image, build, read_only: isReadOnly } = service(mode);
      expect({ command, image, build, isReadOnly }).toEqual({
        command: [mode],
        image: 'tablehook',
        build: '.',
        isReadOnly: true,
      });
      expect(await helpOf(mode)).toContain(`tablehook ${mode}`);
    },
    60_000,
  );

  it('starts API and worker only after setup, and setup only on a primary and a Temporal that answers', () => {
    const afterSetup = { setup: { condition: 'service_completed_successfully' } };
    expect(service('api').depends_on).toEqual(afterSetup);
    expect(service('worker').depends_on).toEqual(afterSetup);
    expect(service('setup').depends_on).toEqual({
      'replica-set': { condition: 'service_completed_successfully' },
      temporal: { condition: 'service_healthy' },
    });
    expect(service('replica-set').depends_on).toEqual({ mongodb: { condition: 'service_healthy' } });
    for (const once of ['replica-set', 'setup']) expect(service(once).restart).toBe('no');
    for (const waitedFor of ['mongodb', 'temporal']) expect(service(waitedFor).healthcheck).toBeDefined();
  });

  it('asks the health of API and worker where they answer, and waits for the answer', async () => {
    const ports = { api: configOf('api').port, worker: configOf('worker').metricsPort };
    for (const [name, port] of Object.entries(ports)) {
      const { test = [], timeout } = service(name).healthcheck ?? {};
      const url = new URL(/fetch\('([^']+)'\)/.exec(test.join(' '))?.[1] ?? '');
      expect(url.host).toBe(`127.0.0.1:${port}`);
      expect(await statusOf(url.pathname)).toBe(200);
      expect(toMs(timeout)).toBeGreaterThan(READINESS_DEADLINE_MS);
    }
  });

  it('opens ports on loopback only, those that the processes listen on', () => {
    const published = Object.values(file.services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(service('api').ports).toEqual([`127.0.0.1:3000:${configOf('api').port}`]);
    expect(service('temporal').ports).toContain('127.0.0.1:8233:8233');
    expect(configOf('api').temporal.uiUrl).toBe('http://127.0.0.1:8233');
  });

  it('keeps data in named volumes', () => {
    const mounts = Object.values(file.services).flatMap(({ volumes = [] }) => volumes);
    const names = mounts.map((mount) => mount.split(':')[0] ?? '');
    expect(names.toSorted()).toEqual(Object.keys(file.volumes).toSorted());
  });

  it('makes the replica set that mongod runs as and that the processes ask for', () => {
    const { command = [] } = service('mongodb');
    const name = command[command.indexOf('--replSet') + 1];
    expect(service('replica-set').command?.at(-1)).toContain(
      `_id: '${name}', members: [{ _id: 0, host: 'mongodb:27017' }]`,
    );
    for (const mode of processes) {
      expect(configOf(mode).mongodbUri).toBe(`mongodb://mongodb:27017/tablehook?replicaSet=${name}`);
    }
  });

  it('lets no transaction live longer than the change log holds back', () => {
    const seconds = /transactionLifetimeLimitSeconds=(\d+)/.exec(service('mongodb').command?.join(' ') ?? '');
    // mongod looks for expired ones every half of the limit.
    expect(Number(seconds?.[1]) * 1000 * 1.5).toBeLessThanOrEqual(HOLD_BACK_MS);
  });

  it('kills a worker only after its grace, and its grace outlasts the longest call', () => {
    const { longestCall, grace, force } = WORKER_TIMES_MS;
    expect(longestCall).toBeLessThan(grace);
    expect(grace).toBeLessThan(force);
    expect(force).toBeLessThan(toMs(service('worker').stop_grace_period));
  });

  it('kills the API only after requests had their time to be answered', () => {
    expect(DRAIN_MS).toBeLessThan(toMs(service('api').stop_grace_period));
  });
});
