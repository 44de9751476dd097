import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { EMBEDDED_SEARCH_ATTRIBUTE_BYTES } from '../../src/embedded/search-attribute-bytes.ts';
import { generateSecretKey } from '../../src/secret-box.ts';
import { generateApiKey } from '../../src/services/api-keys/create.ts';
import type { StartSystemInput } from './system.ts';

/** The environment every measured process runs with: a database of its own on the run's servers, one key, quiet logs. */
export function toSettings({ servers, dataDir, env }: StartSystemInput): Record<string, string> & {
  BOOTSTRAP_API_KEY: string;
} {
  const uri = new URL(servers.mongodbUri);
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    MONGODB_URI: uri.href,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_SEARCH_ATTRIBUTE_BYTES: String(EMBEDDED_SEARCH_ATTRIBUTE_BYTES),
    DATA_DIR: dataDir,
    SECRET_KEYS: generateSecretKey(`b${randomBytes(4).toString('hex')}`),
    BOOTSTRAP_API_KEY: generateApiKey(),
    ALLOW_TARGET_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
    ...env,
  };
}

/** What measured processes give to Node itself. */
export function toNodeArguments({ profiles }: StartSystemInput): string[] {
  if (profiles === null) return [];
  return ['--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', resolve(profiles)];
}
