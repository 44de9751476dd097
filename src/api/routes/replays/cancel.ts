import { z } from 'zod';
import { ReplayId } from '../../../contracts/id.ts';
import { Replay } from '../../../contracts/replay.ts';
import { cancelReplay } from '../../../services/replays/cancel.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `POST /v1/replays/:replayId/cancel` */
export const cancelReplayRoute = defineRoute({
  method: 'post',
  path: '/v1/replays/:replayId/cancel',
  operationId: 'cancelReplay',
  summary: 'End a replay; what is in line already still goes out',
  scopes: ['deliveries:write'],
  params: z.strictObject({ replayId: ReplayId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Replay,
  problems: [409],
  handle: async (context, { params }) => ({ body: await cancelReplay(context, params) }),
});
