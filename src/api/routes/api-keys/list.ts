import { PageQuery, pageOf } from '../../../contracts/page.ts';
import { ApiKey } from '../../../contracts/api-key.ts';
import { listApiKeys } from '../../../services/api-keys/list.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/api-keys` */
export const listApiKeysRoute = defineRoute({
  method: 'get',
  path: '/v1/api-keys',
  operationId: 'listApiKeys',
  summary: 'List the API keys, oldest first, without the keys themselves',
  scopes: ['admin'],
  params: NoFields,
  query: PageQuery,
  body: NoBody,
  status: 200,
  answer: pageOf(ApiKey),
  readsMany: true,
  handle: async (context, { query }) => ({ body: await listApiKeys(context, query) }),
});
