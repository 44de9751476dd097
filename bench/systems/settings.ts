import { randomBytes } from 'node:crypto';
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
    DATA_DIR: dataDir,
    SECRET_KEYS: generateSecretKey(`b${randomBytes(4).toString('hex')}`),
    BOOTSTRAP_API_KEY: generateApiKey(),
    ALLOW_TARGET_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
    ...env,
  };
}
