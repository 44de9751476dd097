import { z } from 'zod';
import { ApiKeyId } from '../../../contracts/id.ts';
import { removeApiKey } from '../../../services/api-keys/remove.ts';
import { defineRoute, NoAnswer, NoBody, NoFields } from '../../define-route.ts';

/** `DELETE /v1/api-keys/:keyId` */
export const removeApiKeyRoute = defineRoute({
  method: 'delete',
  path: '/v1/api-keys/:keyId',
  operationId: 'removeApiKey',
  summary: 'Delete an API key',
  description: 'It is refused within a second everywhere.',
  scopes: ['admin'],
  params: z.strictObject({ keyId: ApiKeyId }),
  query: NoFields,
  body: NoBody,
  status: 204,
  answer: NoAnswer,
  problems: [409],
  handle: async (context, { params }) => {
    await removeApiKey(context, params);
    return {};
  },
});
