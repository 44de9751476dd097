import { Connection } from '@temporalio/client';
import { isPortOpen } from './free-ports.ts';
import { poll } from './poll.ts';

/** A custom search attribute of the namespace. */
export interface SearchAttribute {
  name: string;
  type: keyof typeof TYPES;
}

export interface AwaitNamespaceOptions {
  address: string;
  namespace: string;
  searchAttributes: SearchAttribute[];
  timeoutMs: number;
  signal: AbortSignal;
}

/** Numbers of temporal.api.enums.v1.IndexedValueType. */
const TYPES = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;
const CALL_MS = 3000;

/**
 * Waits until a namespace answers, then adds the search attributes it lacks: the server itself adds them to a new
 * database only. False when that took too long or the signal fired.
 */
export async function awaitNamespace(options: AwaitNamespaceOptions): Promise<boolean> {
  const { address, timeoutMs, signal } = options;
  const port = Number(address.split(':').at(-1));
  const listening = async (): Promise<true | undefined> => ((await isPortOpen(port)) ? true : undefined);
  if ((await poll(listening, { timeoutMs, intervalMs: 20, signal })) === undefined) return false;
  const connection = Connection.lazy({ address });
  const probe = async (): Promise<true | undefined> => {
    try {
      return await connection.withDeadline(
        Date.now() + CALL_MS,
        async () => await prepare(connection, options),
      );
    } catch {
      return undefined;
    }
  };
  try {
    return (await poll(probe, { timeoutMs, intervalMs: 20, signal })) ?? false;
  } finally {
    await connection.close();
  }
}

async function prepare(connection: Connection, options: AwaitNamespaceOptions): Promise<true> {
  const { namespace } = options;
  await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = options.searchAttributes.filter(({ name }) => customAttributes?.[name] === undefined);
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  return true;
}
