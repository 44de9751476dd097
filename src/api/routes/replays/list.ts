import { ListReplaysQuery, Replay } from '../../../contracts/replay.ts';
import { pageOf } from '../../../contracts/page.ts';
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
  answer: pageOf(Replay),
  readsMany: true,
  handle: async (context, { query }) => ({ body: await listReplays(context, query) }),
});
