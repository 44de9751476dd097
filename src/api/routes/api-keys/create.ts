import { CreateApiKeyInput, CreatedApiKey } from '../../../contracts/api-key.ts';
import { createApiKey } from '../../../services/api-keys/create.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/api-keys` */
export const createApiKeyRoute = defineRoute({
  method: 'post',
  path: '/v1/api-keys',
  operationId: 'createApiKey',
  summary: 'Make an API key, shown in this answer and never again',
  scopes: ['admin'],
  params: NoFields,
  query: NoFields,
  body: CreateApiKeyInput,
  status: 201,
  answer: CreatedApiKey,
  headers: ['location'],
  idempotent: true,
  handle: async (context, { body }) => {
    const apiKey = await createApiKey(context, body);
    return { body: apiKey, headers: { location: `/v1/api-keys/${apiKey.id}` } };
  },
});
