import { z } from 'zod';
import { ReplayId } from '../../../contracts/id.ts';
import { Replay } from '../../../contracts/replay.ts';
import { getReplay } from '../../../services/replays/get.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/replays/:replayId` */
export const getReplayRoute = defineRoute({
  method: 'get',
  path: '/v1/replays/:replayId',
  operationId: 'getReplay',
  summary: 'Read a replay and how far it has come',
  scopes: ['deliveries:read'],
  params: z.strictObject({ replayId: ReplayId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Replay,
  handle: async (context, { params }) => ({ body: await getReplay(context, params) }),
});
