import { generateApiKey, hashApiKey } from '../../../../src/services/api-keys/create.ts';
import type { Scope } from '../../../../src/contracts/api-key.ts';
import type { Client } from '../../../support/client.ts';
import type { Tablehook } from '../../../support/tablehook.ts';

/** Callers of every kind. */
export interface Keys {
  /** Whoever has no valid key. */
  strangers: Record<'anonymous' | 'malformed' | 'unknown' | 'deleted', Client>;
  /** A key without any scope, which the API does not make. */
  scopeless: Client;
  /** A key with these scopes, bound to the stage's own tables or to none. Each is made once. */
  withScopes: (scopes: readonly Scope[], options: { bound: boolean }) => Promise<Client>;
}

/** Makes the callers; `tables` are those that bound keys reach. */
export async function makeKeys(tablehook: Tablehook, { tables }: { tables: string[] }): Promise<Keys> {
  const clients = new Map<string, Promise<Client>>();
  const make = async (scopes: readonly Scope[], bound: boolean) => {
    const input = { name: 'scoped', scopes, ...(bound && { tables }) };
    return tablehook.as((await tablehook.createKey(input)).key);
  };
  const deleted = await tablehook.createKey({ name: 'deleted', scopes: ['admin'] });
  await tablehook.call('DELETE', `/v1/api-keys/${deleted.id}`);
  return {
    strangers: {
      anonymous: withHeader(tablehook, ''),
      malformed: withHeader(tablehook, `Basic ${Buffer.from('admin:admin').toString('base64')}`),
      unknown: tablehook.as(generateApiKey()),
      deleted: tablehook.as(deleted.key),
    },
    scopeless: tablehook.as(await storeScopeless(tablehook)),
    withScopes: (scopes, { bound }) => {
      const name = `${scopes.join(' ')} ${bound}`;
      const client = clients.get(name) ?? make(scopes, bound);
      clients.set(name, client);
      return client;
    },
  };
}

function withHeader(tablehook: Tablehook, authorization: string): Client {
  return {
    ...tablehook,
    call: async (method, path, body, headers) =>
      tablehook.call(method, path, body, { ...headers, authorization }),
  };
}

async function storeScopeless({ services }: Tablehook): Promise<string> {
  const key = generateApiKey();
  const now = services.clock();
  const doc = { name: 'scopeless', hash: hashApiKey(key), scopes: [], tables: null };
  await services.models.apiKeys.insertMany(
    [{ _id: services.newId('key'), ...doc, createdAt: now, lastUsedAt: null }],
    { lean: true },
  );
  return key;
}
