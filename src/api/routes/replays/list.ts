import { ListReplaysQuery } from '../../../contracts/replay.ts';
import { listReplays } from '../../../services/replays/list.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/replays` */
export const listReplaysRoute = defineRoute({
  method: 'get',
  path: '/v1/replays',
  operationId: 'listReplays',
  summary: 'List replays, newest first',
  scopes: ['deliveries:read'],
  params: NoFields,
  query: ListReplaysQuery,
  body: NoBody,
  status: 200,
  handle: async (context, { query }) => ({ body: await listReplays(context, query) }),
});
