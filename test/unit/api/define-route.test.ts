import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RawInput, Reply } from '../../../src/api/define-route.ts';
import { defineRoute, NoBody, NoFields } from '../../../src/api/define-route.ts';
import { TableId } from '../../../src/contracts/id.ts';
import { PageQuery } from '../../../src/contracts/page.ts';
import type { RequestContext } from '../../../src/services/context.ts';

const TABLE_ID = 'tbl_01h455vb4pex5vsknk084sn02q';
const context = { requestId: 'req-1' } as unknown as RequestContext;

const route = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/things',
  operationId: 'makeThing',
  summary: 'Make a thing',
  scopes: ['tables:write'],
  params: z.strictObject({ tableId: TableId }),
  query: PageQuery,
  body: z.strictObject({ name: z.string() }),
  status: 201,
  answer: z.unknown(),
  handle: async ({ requestId }, input): Promise<Reply> => ({ body: { requestId, input } }),
});

const raw = (edits: Partial<RawInput> = {}): RawInput => ({
  params: { tableId: TABLE_ID },
  query: {},
  body: { name: 'x' },
  ifVersion: undefined,
  ...edits,
});

const faultsOf = (edits: Partial<RawInput>) => {
  try {
    route.parse(raw(edits));
  } catch (error) {
    return error;
  }
  return null;
};

describe('defineRoute', () => {
  it('hands parsed input and the context to the handler, and the ids to the caller', async () => {
    const { ids, run } = route.parse(raw({ query: { limit: '7' }, ifVersion: 3 }));
    expect(ids).toEqual({ tableId: TABLE_ID });
    expect(await run(context)).toEqual({
      body: {
        requestId: 'req-1',
        input: { params: { tableId: TABLE_ID }, query: { limit: 7 }, body: { name: 'x' }, ifVersion: 3 },
      },
    });
  });

  it('collects the faults of path, query and body in one error that begins with the first', () => {
    expect(faultsOf({ params: { tableId: 'x' }, query: { limit: '0' }, body: { nam: 1 } })).toMatchObject({
      code: 'invalid_request',
      message: 'The request is not valid. path.tableId: must be the id of a table (tbl_…).',
      errors: [
        { path: 'path.tableId', message: 'must be the id of a table (tbl_…)' },
        { path: 'query.limit', message: 'must be at least 1' },
        { path: 'name', message: 'is required' },
        { path: 'nam', message: 'is not a known field' },
      ],
    });
  });

  it('refuses a query parameter that is given twice', () => {
    expect(faultsOf({ query: { limit: ['1', '2'] } })).toMatchObject({
      errors: [{ path: 'query.limit', message: 'must be given once' }],
    });
  });

  it('refuses prototype keys in the query', () => {
    const query = Object.assign(Object.create(null) as Record<string, unknown>, JSON.parse('{"limit":"1"}'));
    Object.defineProperty(query, '__proto__', { value: '1', enumerable: true });
    expect(faultsOf({ query })).toMatchObject({ errors: [{ path: 'query.__proto__' }] });
  });

  it('says that a body is missing', () => {
    expect(faultsOf({ body: undefined })).toMatchObject({
      message: 'The request is not valid. The body: is required.',
    });
  });

  it('takes no body, or an empty object, where there is to be none', async () => {
    const bare = defineRoute({
      method: 'get',
      path: '/v1/things',
      operationId: 'listThings',
      summary: 'List things',
      scopes: [],
      params: NoFields,
      query: NoFields,
      body: NoBody,
      status: 200,
      answer: z.unknown(),
      handle: async () => ({}),
    });
    const bareInput = raw({ params: {}, body: undefined });
    expect(bare.parse(bareInput).ids).toEqual({});
    expect(bare.parse({ ...bareInput, body: {} }).ids).toEqual({});
    expect(() => bare.parse({ ...bareInput, body: { a: 1 } })).toThrow('a: is not a known field');
  });
});
