import type { Logger } from 'pino';
import { createApp } from './api/app.ts';
import { composeOutbound, composeServices } from './compose.ts';
import type { Config } from './config.ts';
import type { ServerDeath } from './embedded/embedded-servers.ts';
import { startEmbeddedServers } from './embedded/embedded-servers.ts';
import { keepSecret } from './keep-secret.ts';
import { listen, requireListenable } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { openMeasure } from './services/diagnosis/cached-measure.ts';
import { ensureIndexes } from './models/models.ts';
import { upgradeDocuments } from './models/upgrade.ts';
import { createReadiness } from './readiness.ts';
import { generateSecretKey } from './secret-box.ts';
import { ensureSystemTable } from './services/events/system-table.ts';
import { ensureAdminKey, generateApiKey } from './services/api-keys/create.ts';
import type { Closable } from './shutdown.ts';
import { closeAll } from './shutdown.ts';
import { connectWorker } from './temporal/connection.ts';
import { ensureSearchAttributes, toCliSearchAttributes } from './temporal/search-attributes.ts';
import { version } from './version.ts';
import { startWorker } from './worker.ts';

/** Ctrl-C should not keep a person waiting for an endpoint that hangs. */
const GRACE_MS = 5_000;

export interface StandaloneOptions {
  logger: Logger;
  onProgress: (line: string) => void;
  signal?: AbortSignal;
}

export interface RunningStandalone {
  apiUrl: string;
  apiKey: string;
  temporalUiUrl: string | undefined;
  /** Rejects when the worker fails; resolves when a server dies by itself. */
  ended: Promise<ServerDeath>;
  close: () => Promise<void>;
}

/** API and worker in one process, on embedded servers unless others are given. Everything it keeps is in DATA_DIR. */
export async function startStandalone(
  config: Config,
  options: StandaloneOptions,
): Promise<RunningStandalone> {
  const { logger, onProgress, signal } = options;
  const closables: Closable[] = [];
  // Before minutes may be spent on fetching servers.
  await requireListenable(config);
  try {
    const servers = await startEmbeddedServers({
      ...config,
      ...config.embedded,
      temporalAddress: config.temporal.address,
      temporalNamespace: config.temporal.namespace,
      searchAttributes: toCliSearchAttributes(),
      onProgress,
      signal,
    });
    closables.unshift({ name: 'servers', close: servers.stop });
    onProgress('tablehook: starting API and worker');
    const started = await startParts(withSecrets(config, servers.temporalUiUrl), {
      ...options,
      servers,
      closables,
    });
    const ended = Promise.race([servers.exited, started.failed]);
    return { ...started, ended, close: async () => closeAll(closables, logger) };
  } catch (error) {
    await closeAll(closables, logger);
    throw error;
  }
}

function withSecrets(config: Config, uiUrl: string | null): Config {
  const secretKeys =
    config.secretKeys.length > 0
      ? config.secretKeys
      : [keepSecret(config.dataDir, 'secret-key', () => generateSecretKey('local'))];
  const temporal = { ...config.temporal, uiUrl: config.temporal.uiUrl ?? uiUrl ?? undefined };
  return { ...config, secretKeys, temporal };
}

interface StartPartsInput extends StandaloneOptions {
  servers: { mongodbUri: string; temporalAddress: string };
  /** What is started is put in front: closed before what it stands on. */
  closables: Closable[];
}

async function startParts(config: Config, { servers, closables, logger }: StartPartsInput) {
  const services = await composeServices(config, servers.mongodbUri);
  closables.unshift({ name: 'mongodb', close: async () => services.models.connection.close() });
  await ensureIndexes(services.models, config.retention);
  await upgradeDocuments(services.models);
  await ensureSystemTable(services.models, services.clock);
  const apiKey = config.bootstrapApiKey ?? keepSecret(config.dataDir, 'api-key', generateApiKey);
  await ensureAdminKey(services, { key: apiKey, name: 'standalone' });
  const connection = await connectWorker({ ...config.temporal, address: servers.temporalAddress });
  closables.unshift({ name: 'temporal', close: async () => connection.close() });
  const { namespace, uiUrl } = config.temporal;
  await ensureSearchAttributes(connection, namespace);
  const metrics = createMetrics(openMeasure(services));
  const ownAddresses: string[] = [];
  const worker = await startWorker(config, {
    services,
    connection,
    logger,
    metrics,
    graceMs: GRACE_MS,
    ownAddresses,
  });
  closables.unshift({ name: 'worker', close: worker.stop });
  const app = createApp({
    ...services,
    starter: worker.fastPath,
    waker: worker.waker,
    events: worker.events,
    endpointRules: composeOutbound(config, ownAddresses).endpointRules,
    testRunner: worker.workflows,
    inspector: worker.workflows,
    logger,
    readiness: createReadiness({ models: services.models, connection, namespace }),
    metrics: metrics.registry,
    load: metrics.load,
    version,
    limits: config.limits,
  });
  const listening = await listen(app, config);
  // Known only now when the port is a free one; the rules look at the list at every call.
  ownAddresses.push(new URL(listening.url).host);
  closables.unshift({ name: 'http', close: listening.close });
  return { apiUrl: listening.url, apiKey, temporalUiUrl: uiUrl, failed: worker.failed };
}
