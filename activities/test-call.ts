import { heartbeat } from '@temporalio/activity';
import type { TestCallResult, WebhookTestInput } from '../src/contracts/workflow.ts';
import { toSentHeaders } from '../src/outbound/post-webhook.ts';
import { beginWebhookTest, recordWebhookTest } from '../src/services/webhook-tests/outcome.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';
import { toWebhookRequest } from './to-webhook-request.ts';

const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Makes the one call of a test, as an attempt would make it, and stores what came of it. Never repeated: an endpoint hears of
 * a test once at most. Takes no place at the endpoint, and tells nobody how it fares.
 */
export function createTestCall(deps: ActivityDeps) {
  return async function testCall({ testId }: WebhookTestInput): Promise<TestCallResult> {
    const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      const test = await beginWebhookTest(deps.services, testId);
      const { webhook, body, eventType, hops } = test;
      const request = toWebhookRequest(deps, {
        webhook,
        id: testId,
        body,
        eventType,
        attempt: 1,
        hops,
        tracedBy: testId,
        marks: { 'tablehook-test': 'true' },
      });
      const call = await callEndpoint(deps, { webhook, request });
      const sent = { url: request.url, headers: toSentHeaders(request.headers) };
      return { summary: await recordWebhookTest(deps.services, { test, request: sent, call }) };
    } catch (error) {
      throw toFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}
