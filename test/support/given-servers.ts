import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { inject } from 'vitest';
import { generateSecretKey } from '../../src/secret-box.ts';
import { generateApiKey } from '../../src/services/api-keys/create.ts';
import { until } from './until.ts';

/** The environment of processes on given servers, with a database and a namespace of their own. */
export type ServersEnv = Record<
  'MONGODB_URI' | 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'SECRET_KEYS' | 'BOOTSTRAP_API_KEY',
  string
> &
  Record<string, string>;

/** Makes a namespace on the shared Temporal server and names a new database on the shared MongoDB. */
export async function givenServers(): Promise<ServersEnv> {
  const name = `p${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const address = inject('temporalAddress');
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace: name,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  await until(
    async () => connection.workflowService.describeNamespace({ namespace: name }).catch(() => null),
    { what: `the namespace ${name}` },
  );
  await connection.close();
  const uri = new URL(inject('mongodbUri'));
  uri.pathname = `/${name}`;
  return {
    MONGODB_URI: uri.href,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: name,
    SECRET_KEYS: generateSecretKey('test'),
    BOOTSTRAP_API_KEY: generateApiKey(),
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: '0',
    ALLOW_TARGET_CIDRS: '127.0.0.0/8',
  };
}
