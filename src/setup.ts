import type { Config, TemporalConfig } from './config.ts';
import { connectMongodb, ensureIndexes } from './models/models.ts';
import { upgradeDocuments } from './models/upgrade.ts';
import { ensureAdminKey } from './services/api-keys/create.ts';
import { ensureSystemTable } from './services/events/system-table.ts';
import { newId } from './services/id.ts';
import { connectClient } from './temporal/connection.ts';
import { ensureSearchAttributes } from './temporal/search-attributes.ts';
import { unreachable } from './unreachable.ts';

/** Creates what API and worker expect to find: collections, indexes, the system table, search attributes, the bootstrap key. Idempotent. */
export async function runSetup(
  config: Config,
  { mongodbUri, temporal }: { mongodbUri: string; temporal: TemporalConfig },
): Promise<void> {
  const models = await connectMongodb(mongodbUri).catch(unreachable('MongoDB', mongodbUri));
  try {
    await ensureIndexes(models, config.retention);
    await upgradeDocuments(models);
    await ensureSystemTable(models, () => new Date());
    if (config.bootstrapApiKey !== undefined) {
      const context = { models, newId, clock: () => new Date() };
      await ensureAdminKey(context, { key: config.bootstrapApiKey, name: 'bootstrap' });
    }
  } finally {
    await models.connection.close();
  }
  const connection = connectClient(temporal);
  try {
    await connection.ensureConnected().catch(unreachable('Temporal', temporal.address));
    await ensureSearchAttributes(connection, temporal.namespace);
  } finally {
    await connection.close();
  }
}
