import { echoesOf, hideEchoes } from '../src/domain/hide-echoes.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { AttemptResult, WebhookRequest } from '../src/outbound/post-webhook.ts';
import { postWebhook } from '../src/outbound/post-webhook.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Calls an endpoint. Of the answer, what repeats the URL or a secret header is hidden: a 404 that quotes the path would
 * store it in the open, and show it to those who may read deliveries and not webhooks.
 */
export async function callEndpoint(
  { client }: Pick<ActivityDeps, 'client'>,
  { webhook, request }: { webhook: Pick<WebhookDoc, 'headers'>; request: WebhookRequest },
): Promise<AttemptResult> {
  const call = await postWebhook(client, request);
  const secrets = webhook.headers.flatMap(({ name, secret }) =>
    secret ? [request.headers[name] ?? ''] : [],
  );
  const echoes = echoesOf(request.url, secrets);
  const shown = Object.entries(call.responseHeaders).map(([name, value]) => [
    name,
    hideEchoes(value, echoes),
  ]);
  return {
    ...call,
    responseHeaders: Object.fromEntries(shown),
    responseBody: call.responseBody === null ? null : hideEchoes(call.responseBody, echoes),
  };
}
