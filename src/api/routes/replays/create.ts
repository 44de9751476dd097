import { CreateReplayInput, Replay, ReplaySelection } from '../../../contracts/replay.ts';
import { countReplay, createReplay } from '../../../services/replays/create.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/replays` */
export const createReplayRoute = defineRoute({
  method: 'post',
  path: '/v1/replays',
  operationId: 'createReplay',
  summary: 'Send many deliveries again, or what a webhook never heard of; dryRun counts only',
  description:
    'Either `filter`, for settled deliveries, or `backfill`. It goes on where it was after a crash, and sends nothing twice by that.',
  scopes: ['deliveries:write'],
  params: NoFields,
  query: NoFields,
  body: CreateReplayInput,
  status: 201,
  answer: Replay,
  otherAnswers: { 200: ReplaySelection },
  headers: ['location'],
  problems: [404],
  idempotent: true,
  handle: async (context, { body: { dryRun, ...input } }) => {
    if (dryRun) return { status: 200, body: await countReplay(context, input) };
    const replay = await createReplay(context, input);
    return { body: replay, headers: { location: `/v1/replays/${replay.id}` } };
  },
});
