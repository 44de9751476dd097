import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../config.ts';
import { unreachable } from '../unreachable.ts';

/** A connection for processes without a worker. Lazy: the API lives on when Temporal is down. */
export function connectClient({ address, apiKey, tls }: TemporalConfig): Connection {
  return Connection.lazy({ address, ...(tls && { tls }), ...(apiKey !== undefined && { apiKey }) });
}

/** A connection that workers and the client of one process share; sharing it is what makes eager starts possible. */
export async function connectWorker({ address, apiKey, tls }: TemporalConfig): Promise<NativeConnection> {
  return NativeConnection.connect({
    address,
    ...(tls && { tls }),
    ...(apiKey !== undefined && { apiKey }),
  }).catch(unreachable('Temporal', address));
}
