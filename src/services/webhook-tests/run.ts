import { EventType } from '../../contracts/change.ts';
import type { TestWebhookInput, WebhookTest } from '../../contracts/webhook-test.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import { UnavailableError, UnprocessableError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { requireScope } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { renderFor } from '../deliveries/unsendable.ts';
import { findTable } from '../tables/find.ts';
import { findWebhook } from '../webhooks/find.ts';
import { openTestResult, sealTestBody } from './outcome.ts';
import { toToldChange } from './told-change.ts';

const TTL_MS = 3_600_000;
/** Besides the webhook's own limit: until a worker begins, and for the body of the answer. */
const AROUND_THE_CALL_MS = 7_000;

/**
 * Has a worker call a webhook's endpoint once, and answers what was sent and what came back. Touches no delivery and nothing
 * of how the endpoint fares; a disabled or paused webhook is called too. Throws UnavailableError when no worker made the call,
 * UnprocessableError when the webhook's template fails.
 */
export async function runWebhookTest(
  context: RequestContext,
  { webhookId, recordId, eventType }: TestWebhookInput & { webhookId: string },
): Promise<WebhookTest> {
  const { models, actor, clock, newId, secretBox, hops, testRunner } = context;
  const webhook = await findWebhook(context, webhookId);
  if (recordId !== undefined) requireScope(actor, 'records:read');
  await context.limitTests(webhookId);
  const type = eventType ?? firstEvent(webhook);
  const table = await findTable(context, webhook.tableId);
  const told = await toToldChange(context, { table, type, recordId });
  const testId = newId('tst');
  await models.webhookTests.insertMany(
    [
      {
        _id: testId,
        webhookId,
        eventType: type,
        hops: hops + 1,
        body: sealTestBody(secretBox, testId, render(context, webhook, told)),
        result: null,
        expiresAt: new Date(clock().getTime() + TTL_MS),
      },
    ],
    { lean: true },
  );
  await testRunner.runTest({
    testId,
    webhookName: webhook.name,
    host: webhook.host,
    withinMs: webhook.retry.timeoutMs + AROUND_THE_CALL_MS,
  });
  const done = await models.webhookTests.findOne({ _id: testId }).lean();
  if (!done?.result) throw new UnavailableError('What came of the test call is not known.');
  return openTestResult(secretBox, testId, done.result);
}

/** The bytes of a delivery of such a change. Throws UnprocessableError when the webhook's template fails on it. */
function render(context: RequestContext, webhook: WebhookDoc, told: RenderableChange): string {
  const rendered = renderFor(context, webhook, told);
  if (rendered.ok) return rendered.body;
  throw new UnprocessableError(`The webhook's template fails on this change: ${rendered.detail}.`);
}

function firstEvent({ events }: WebhookDoc): EventType {
  const [first] = EventType.options.filter((type) => events[0] === type || events[0] === 'record.*');
  if (!first) throw new Error('a webhook asks for at least one event');
  return first;
}
