import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toOpenapi } from '../../../../src/api/openapi.ts';
import { routes } from '../../../../src/api/routes.ts';
import type { Scope } from '../../../../src/contracts/api-key.ts';
import { Scope as ScopeSchema } from '../../../../src/contracts/api-key.ts';
import type { Problem } from '../../../../src/contracts/problem.ts';
import type { Client, Reply } from '../../../support/client.ts';
import { fingerprint } from '../../../support/fingerprint.ts';
import type { Receiver } from '../../../support/receiver.ts';
import { startReceiver } from '../../../support/receiver.ts';
import type { Tablehook } from '../../../support/tablehook.ts';
import { startTablehook } from '../../../support/tablehook.ts';
import { DOCUMENTED, OF_OPEN, UNBOUND_ONLY } from './documented.ts';
import type { Keys } from './keys.ts';
import { makeKeys } from './keys.ts';
import type { Operation } from './operations.ts';
import { bodyOf, operationsOf, pathOf } from './operations.ts';
import type { Ids } from './stage.ts';
import { furnish, nowhere } from './stage.ts';

const ORDINARY = ScopeSchema.options.filter((scope) => scope !== 'admin');
const operations = operationsOf(toOpenapi(routes, { version: 'test' }));
const named = operations.map((operation) => [operation.operationId, operation] as const);
/** Whether an id in the path says which table it is about. */
const isOfTable = ({ path }: Operation) => path.includes('{') && !path.includes('{keyId}');

describe('who may do what', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let keys: Keys;
  let theirs: Ids;
  const nothing = nowhere();
  /** Two stages for each operation that writes, and one for all that read. */
  const own = new Map<string, Ids>();
  const ownOf = ({ operationId }: Operation, who = 'scoped'): Ids =>
    own.get(`${operationId} ${who}`) ?? own.get('read') ?? nothing;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    const writing = operations.filter((each) => each.method !== 'GET' && isOfTable(each));
    const names = ['read', ...writing.flatMap(({ operationId: id }) => [`${id} scoped`, `${id} admin`])];
    const make = async (name: string) => own.set(name, await furnish(tablehook, { name, url: receiver.url }));
    // A few at a time, as the worker can take them.
    while (names.length > 0) await Promise.all(names.splice(0, 10).map(make));
    theirs = await furnish(tablehook, { name: 'Theirs', url: receiver.url });
    keys = await makeKeys(tablehook, { tables: [...own.values()].map(({ tableId }) => tableId) });
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const send = async (operation: Operation, client: Client, ids: Ids): Promise<Reply<Problem>> =>
    client.call<Problem>(operation.method, pathOf(operation, ids), bodyOf(operation, ids));
  /** What a refusal tells, the number of the request left out. */
  const told = ({ status, body }: Reply<Problem>) => [status, { ...body, requestId: '' }];
  const scoped = async (scopes: readonly string[], bound = true) =>
    keys.withScopes(scopes as Scope[], { bound });

  it('goes by the document that is served', async () => {
    const served = await fetch(`${tablehook.url}/openapi.json`);
    const document = (await served.json()) as Parameters<typeof operationsOf>[0];
    expect(operationsOf(document)).toEqual(operations);
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      Object.keys(DOCUMENTED).toSorted(),
    );
  });

  describe.each(named)('%s', (operationId, operation) => {
    it('declares the scopes that are documented', () => {
      expect(operation.scopes).toEqual(DOCUMENTED[operationId]);
    });

    it('refuses whoever has no key or no scope for it, wherever the ids lead, and changes nothing', async () => {
      const needed = DOCUMENTED[operationId] ?? [];
      const strangers = Object.values(keys.strangers).map((client) => [client, 401] as const);
      const short = await Promise.all([
        ...ORDINARY.filter((scope) => needed.some((other) => other !== scope)).map((scope) =>
          scoped([scope]),
        ),
        ...needed.map((lacking) => scoped(ORDINARY.filter((scope) => scope !== lacking))),
      ]);
      const before = await fingerprint(tablehook);
      for (const [client, status] of [
        ...strangers,
        ...[keys.scopeless, ...short].map((c) => [c, 403] as const),
      ]) {
        const [first, ...others] = [
          await send(operation, client, ownOf(operation)),
          await send(operation, client, theirs),
          await send(operation, client, nothing),
        ];
        expect(first.status, JSON.stringify(first.body)).toBe(status);
        // The door says nothing of what is behind it.
        for (const other of others) expect(told(other)).toEqual(told(first));
      }
      expect(await fingerprint(tablehook)).toBe(before);
    });

    it.runIf(isOfTable(operation))(
      'is refused to a key bound to other tables, and changes nothing',
      async () => {
        // Which tables there are, such a key cannot find out.
        const missing = operation.path.includes('{tableId}') ? 403 : 404;
        const allowed = [DOCUMENTED[operationId] ?? [], ORDINARY, ['admin']];
        const clients = await Promise.all(allowed.map(async (scopes) => scoped(scopes)));
        const before = await fingerprint(tablehook);
        for (const client of clients) {
          const foreign = await send(operation, client, theirs);
          expect([foreign.status, foreign.body.code], foreign.body.detail).toEqual([403, 'forbidden']);
          expect((await send(operation, client, nothing)).status).toBe(missing);
        }
        expect(await fingerprint(tablehook)).toBe(before);
      },
    );

    it.runIf(UNBOUND_ONLY.includes(operationId))(
      'is 403 to a key bound to tables, even with admin',
      async () => {
        const allowed = [DOCUMENTED[operationId] ?? [], ['admin']];
        const clients = await Promise.all(allowed.map(async (scopes) => scoped(scopes)));
        const before = await fingerprint(tablehook);
        for (const client of clients) {
          for (const ids of [ownOf(operation), nothing]) {
            expect((await send(operation, client, ids)).status).toBe(403);
          }
        }
        expect(await fingerprint(tablehook)).toBe(before);
      },
    );
  });

  // Behind all refusals: what is let in here keeps the workers busy for a while.
  describe.each(named)('%s, allowed', (operationId, operation) => {
    it('serves a key with its scopes alone, and admin alone', async () => {
      const bound = !UNBOUND_ONLY.includes(operationId);
      const status = OF_OPEN.includes(operationId) ? 409 : operation.status;
      const exact = await send(
        operation,
        await scoped(DOCUMENTED[operationId] ?? [], bound),
        ownOf(operation),
      );
      expect(exact.status, JSON.stringify(exact.body)).toBe(status);
      const mine = operationId === 'removeApiKey' ? theirs : ownOf(operation, 'admin');
      const admin = await send(operation, await scoped(['admin'], bound), mine);
      expect(admin.status, JSON.stringify(admin.body)).toBe(status);
    });
  });
});
