import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { Scope } from '../../../src/contracts/api-key.ts';
import { Scope as ScopeSchema } from '../../../src/contracts/api-key.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { newId } from '../../../src/services/id.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const ORDINARY = ScopeSchema.options.filter((scope) => scope !== 'admin');

/** Of every route, what is documented; a route without an entry fails. */
const DOCUMENTED: Record<string, Scope[]> = {
  createTable: ['tables:write'],
  listTables: ['tables:read'],
  getTable: ['tables:read'],
  updateTable: ['tables:write'],
  removeTable: ['tables:write'],
  createRecord: ['records:write'],
  listRecords: ['records:read'],
  batchRecords: ['records:write'],
  getRecord: ['records:read'],
  updateRecord: ['records:write'],
  removeRecord: ['records:write'],
  reportChanges: ['records:write'],
  listChanges: ['records:read'],
  getChange: ['records:read', 'deliveries:read'],
  createApiKey: ['admin'],
  listApiKeys: ['admin'],
  removeApiKey: ['admin'],
  createWebhook: ['webhooks:write'],
  listWebhooks: ['webhooks:read'],
  getWebhook: ['webhooks:read'],
  updateWebhook: ['webhooks:write'],
  removeWebhook: ['webhooks:write'],
  pauseWebhook: ['webhooks:write'],
  resumeWebhook: ['webhooks:write'],
  previewWebhook: ['webhooks:read', 'records:read'],
  duplicateWebhook: ['webhooks:write'],
  testWebhook: ['webhooks:write', 'deliveries:read'],
  rotateSecret: ['webhooks:write'],
  getWebhookHealth: ['webhooks:read'],
  getWebhookSchema: ['webhooks:read'],
  listDeliveries: ['deliveries:read'],
  getDelivery: ['deliveries:read'],
  retryDelivery: ['deliveries:write'],
  cancelDelivery: ['deliveries:write'],
  redeliverDelivery: ['deliveries:write'],
  createReplay: ['deliveries:write'],
  listReplays: ['deliveries:read'],
  getReplay: ['deliveries:read'],
  cancelReplay: ['deliveries:write'],
  expungeDelivery: ['deliveries:write'],
  expungeRecord: ['records:write', 'deliveries:write'],
  expungeTable: ['records:write', 'deliveries:write'],
};

describe('scopes', () => {
  let tablehook: Tablehook;
  const keys = new Map<string, string>();
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  /** A client whose key has these scopes. */
  const withScopes = async (scopes: readonly Scope[]) => {
    const name = scopes.join(' ');
    const key = keys.get(name) ?? (await tablehook.createKey({ name: 'scoped', scopes })).key;
    keys.set(name, key);
    return tablehook.as(key);
  };
  /** Ids of nothing: a key that may come in meets 404 or 400 behind the door, one that may not meets 403. */
  const pathOf = (path: string) =>
    path
      .replace(':tableId', newId('tbl'))
      .replace(':recordId', newId('rec'))
      .replace(':webhookId', newId('whk'))
      .replace(':deliveryId', newId('dlv'))
      .replace(':changeId', newId('chg'))
      .replace(':replayId', newId('rpl'))
      .replace(':keyId', newId('key'));

  describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
    const { method, scopes } = route;
    const call = (client: Tablehook | Awaited<ReturnType<typeof withScopes>>) =>
      client.call<Problem>(
        method.toUpperCase(),
        pathOf(route.path),
        method === 'post' || method === 'patch' ? {} : undefined,
      );

    it('needs what is documented', () => {
      expect(scopes).toEqual(DOCUMENTED[operationId]);
    });

    it.each(scopes)('answers 403 to a key that has every scope but %s and admin', async (lacking) => {
      const { status, body } = await call(await withScopes(ORDINARY.filter((scope) => scope !== lacking)));
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(body.detail).toContain(lacking);
    });

    it('lets in a key with no other scope, and admin alone', async () => {
      for (const client of [await withScopes(scopes), await withScopes(['admin'])]) {
        const { status } = await call(client);
        expect([200, 201, 400, 404]).toContain(status);
      }
    });
  });
});
