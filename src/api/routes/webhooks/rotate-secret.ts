import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { RotatedSecret, RotateSecretInput } from '../../../contracts/webhook.ts';
import { rotateSecret } from '../../../services/webhooks/rotate-secret.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/rotate-secret` */
export const rotateSecretRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/rotate-secret',
  operationId: 'rotateSecret',
  summary:
    'Give a webhook a new signing secret, shown in this answer only; the old one signs too for a while',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: RotateSecretInput.prefault({}),
  status: 200,
  answer: RotatedSecret,
  idempotent: true,
  handle: async (context, { params, body }) => ({
    body: await rotateSecret(context, { ...params, ...body }),
  }),
});
