import { describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';

const idsOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
/** Routes that take ids of records kept elsewhere too, which may have any form. */
const OF_ANY_RECORD = ['expungeRecord'];
const SAMPLE = Object.fromEntries(
  Object.entries({
    tableId: 'tbl',
    recordId: 'rec',
    changeId: 'chg',
    webhookId: 'whk',
    deliveryId: 'dlv',
    replayId: 'rpl',
    keyId: 'key',
  }).map(([name, prefix]) => [name, `${prefix}_01h455vb4pex5vsknk084sn02q`]),
);

describe('routes', () => {
  it('have operation ids of their own', () => {
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length);
  });

  it('have a method and path of their own', () => {
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  });

  describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    (_name, route) => {
      const params = Object.fromEntries(idsOf(route.path).map((name) => [name, SAMPLE[name ?? '']]));

      it('demands a scope', () => {
        expect(route.scopes.length).toBeGreaterThan(0);
      });

      it('takes exactly the ids of its path, and refuses those of another form', () => {
        expect(route.params.safeParse(params).success).toBe(true);
        for (const name of Object.keys(params)) {
          if (name === 'recordId' && OF_ANY_RECORD.includes(route.operationId)) continue;
          for (const bad of ['x', `zzz${params[name]?.slice(3)}`, `${params[name]}0`, '$ne', '']) {
            expect(route.params.safeParse({ ...params, [name]: bad }).success).toBe(false);
          }
        }
      });

      it('refuses unknown fields in query and body', () => {
        expect(() =>
          route.parse({ params, query: { nope: '1' }, body: undefined, ifVersion: undefined }),
        ).toThrow(
          expect.objectContaining({
            errors: expect.arrayContaining([{ path: 'query.nope', message: 'is not a known field' }]),
          }),
        );
        expect(() => route.parse({ params, query: {}, body: { nope: 1 }, ifVersion: undefined })).toThrow(
          expect.objectContaining({
            errors: expect.arrayContaining([{ path: 'nope', message: 'is not a known field' }]),
          }),
        );
      });
    },
  );
});
