import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMongodb } from '../../src/models/models.ts';
import type { RunningMongod } from '../../src/embedded/start-mongod.ts';
import type { RunningTemporal } from '../../src/embedded/start-temporal.ts';
import { generateSecretKey } from '../../src/secret-box.ts';
import { generateApiKey } from '../../src/services/api-keys/create.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import { createClient } from '../support/client.ts';
import { dumpMongodb } from '../support/dump-mongodb.ts';
import { dumpTemporal } from '../support/dump-temporal.ts';
import { makeFolder, startOwnMongod, startOwnTemporal } from '../support/own-servers.ts';
import { findPlanted, plant } from '../support/planted.ts';
import type { PlantedScenario } from '../support/planted-scenario.ts';
import { runPlantedScenario } from '../support/planted-scenario.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { runCommand } from '../support/run-command.ts';

describe('secrets planted in everything that Tablehook is given', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let mongod: RunningMongod;
  let temporal: RunningTemporal;
  let receiver: Receiver;
  let env: Record<string, string>;
  let scenario: PlantedScenario;
  /** What operators give: in the environment, and never anywhere else. */
  let given: Record<string, string>;
  let logs: string;

  beforeAll(async () => {
    folder = await makeFolder();
    mongod = await startOwnMongod({ dataDir: join(folder.path, 'mongod') });
    temporal = await startOwnTemporal({ dataDir: join(folder.path, 'temporal') });
    receiver = await startReceiver();
    const secretKey = generateSecretKey('k1');
    given = { secretKey: secretKey.slice(3), bootstrapKey: generateApiKey() };
    env = {
      MONGODB_URI: mongod.uri.replace(/\/(\?|$)/, '/tablehook$1'),
      TEMPORAL_ADDRESS: temporal.address,
      SECRET_KEYS: secretKey,
      BOOTSTRAP_API_KEY: given['bootstrapKey'] ?? '',
      LOG_LEVEL: 'trace',
      ...{ HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', ALLOW_TARGET_CIDRS: '127.0.0.0/8' },
    };
    const run = (command: string) => runCli([command], { env, cwd: folder.path });
    const setup = run('setup');
    expect(await setup.ended, setup.output()).toMatchObject({ code: 0 });
    const processes = [run('api'), run('worker')] as const;
    const url = (await processes[0].printed(/"address":"([^"]+)"/))[1] ?? '';
    await processes[1].printed(/worker is running/);
    scenario = await runPlantedScenario(createClient(url, given['bootstrapKey'] ?? ''), receiver, url);
    await breakWhatIsStored(url);
    logs = await endAll([setup, ...processes]);
  }, 240_000);
  afterAll(async () => {
    await killLeftovers();
    await receiver?.close();
    await temporal?.stop();
    await mongod?.stop();
    await folder.remove();
  });

  /** Nobody expects a URL that was never sealed: errors of the server in the API and in a worker, with their stacks. */
  const breakWhatIsStored = async (url: string) => {
    const client = createClient(url, given['bootstrapKey'] ?? '');
    const webhook = await client.createWebhook(scenario.table.id, { url: `${receiver.url}/x` });
    const { webhooks, connection } = await connectMongodb(env['MONGODB_URI'] ?? '');
    const broken = plant('brokenUrl', 'brokenSecret');
    Object.assign(scenario.contents, broken);
    await webhooks.updateOne(
      { _id: webhook.id },
      { $set: { url: `https://x.example/${broken.brokenUrl}`, secret: `${broken.brokenSecret}.x` } },
    );
    await connection.close();
    expect((await client.call('GET', `/v1/webhooks/${webhook.id}`)).status).toBe(500);
    const { changeId } = await client.createRecord(scenario.table.id, { Status: 'pending' });
    await client.deliveryOf(changeId, webhook.id, 'pending', 'retrying', 'delivering', 'waiting');
  };

  const endAll = async (processes: readonly CliProcess[]) => {
    for (const process of processes) process.kill('SIGTERM');
    for (const process of processes) await process.ended;
    return processes.map((process) => process.output()).join('\n');
  };

  it('were in use: the endpoint got them', () => {
    const got = receiver.received
      .map(({ path, headers, body }) => JSON.stringify([path, headers, body]))
      .join('\n');
    const { movedPath, query, editedHeader } = scenario.credentials;
    const { title, update, batch, reported, operator } = scenario.contents;
    for (const word of [movedPath, query, editedHeader, title, update, batch, reported, operator])
      expect(got).toContain(word);
  });

  it('are in no log, whatever happened', () => {
    expect(logs).toContain('"msg":"request"');
    expect(logs).toContain('SECRET_KEYS lacks the key of no valid name');
    const { credentials, contents, refused } = scenario;
    expect(findPlanted(logs, { ...given, ...credentials, ...contents, ...refused })).toEqual([]);
  });

  it('are not quoted to whoever sends bad input', () => {
    expect(scenario.refusals.length).toBeGreaterThan(20);
    // Where a template is wrong cannot be said without its words, and it is not the place for a secret.
    const { badTemplate: _shown, ...hidden } = scenario.refused;
    expect(findPlanted(scenario.refusals.join('\n'), hidden)).toEqual([]);
  });

  it('are not in MongoDB: not in a collection, not in the oplog; but for record values and what is said to be open', async () => {
    const { credentials, contents, refused } = scenario;
    const [leaks, seen] = [new Set<string>(), new Set<string>()];
    const sealed = { ...given, ...credentials, ...refused };
    for await (const { where, bytes } of dumpMongodb(mongod.uri)) {
      for (const found of findPlanted(bytes, sealed)) leaks.add(`${found} in ${where}`);
      for (const found of findPlanted(bytes, contents)) seen.add(`${found} in ${where}`);
    }
    // What is there by design shows that the search finds what is there.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'title as text in tablehook.deliveries',
        'batch as text in tablehook.records',
        'update as text in local.oplog.rs',
      ]),
    );
    expect([...leaks]).toEqual([]);
  });

  it('are in nothing that Temporal tells', async () => {
    const { credentials, contents, refused } = scenario;
    const leaks = new Set<string>();
    let told = '';
    for await (const { where, text } of dumpTemporal(temporal.address)) {
      for (const found of findPlanted(text, { ...given, ...credentials, ...contents, ...refused }))
        leaks.add(`${found} in ${where}`);
      told += text;
    }
    for (const sign of ['CRM', 'test/', 'wake/', 'replay/', 'template-failed', '503'])
      expect(told).toContain(sign);
    expect([...leaks]).toEqual([]);
  });

  it('are not in the files of Temporal', async () => {
    await temporal.stop();
    const entries = await readdir(join(folder.path, 'temporal'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const bytes = await Promise.all(
      files.map(async ({ parentPath, name }) => readFile(join(parentPath, name))),
    );
    expect(bytes.some((file) => file.includes(scenario.webhook.id))).toBe(true);
    const { credentials, contents, refused } = scenario;
    const all = { ...given, ...credentials, ...contents, ...refused };
    expect(bytes.flatMap((file) => findPlanted(file, all))).toEqual([]);
  });

  it('are not quoted by a process that cannot start', async () => {
    const bad = plant('password', 'notAKey', 'notAnApiKey', 'temporalKey');
    for (const faults of [
      { MONGODB_URI: `mongodb://admin:${bad.password}@127.0.0.1:1/tablehook?serverSelectionTimeoutMS=200` },
      { MONGODB_URI: `mongodb//admin:${bad.password}@127.0.0.1` },
      { SECRET_KEYS: `k1:${bad.notAKey}` },
      { BOOTSTRAP_API_KEY: bad.notAnApiKey },
      { TEMPORAL_API_KEY: bad.temporalKey, TEMPORAL_TLS_CA_FILE: '/none' },
    ] as Record<string, string>[]) {
      const { code, stdout, stderr } = await runCommand(['worker'], {
        env: { ...env, ...faults },
        cwd: folder.path,
      });
      expect([code, stderr]).toEqual([1, expect.stringContaining(Object.keys(faults).at(-1) ?? '')]);
      expect(findPlanted(stdout + stderr, { ...bad, ...given })).toEqual([]);
    }
  });
});
