import type { EventType } from '../../contracts/change.ts';
import type { WebhookTest } from '../../contracts/webhook-test.ts';
import { classifyAttempt } from '../../domain/classify-attempt.ts';
import { NotFoundError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { SecretBox, ServiceContext } from '../context.ts';
import type { CallResult } from '../deliveries/attempt-edits.ts';
import { toAttemptOutcome } from '../deliveries/attempt-edits.ts';
import { sealPurpose } from '../keys/seal-purpose.ts';

/** Seals what a test sends. */
export function sealTestBody(box: SecretBox, testId: string, body: string): string {
  return box.seal(body, sealPurpose.testBody(testId));
}

/** Opens what came of a test. */
export function openTestResult(box: SecretBox, testId: string, sealed: string): WebhookTest {
  // Only `recordWebhookTest` seals it.
  return JSON.parse(box.open(sealed, sealPurpose.testResult(testId))) as WebhookTest;
}

/** A test whose call is to be made, for the webhook as it is now. */
export interface BegunWebhookTest {
  testId: string;
  webhook: WebhookDoc;
  eventType: EventType;
  hops: number;
  body: string;
}

/** Reads a test and its webhook. Throws NotFoundError when either is gone. */
export async function beginWebhookTest(
  { models, secretBox }: Pick<ServiceContext, 'models' | 'secretBox'>,
  testId: string,
): Promise<BegunWebhookTest> {
  const test = await models.webhookTests.findOne({ _id: testId }).lean();
  if (!test) throw new NotFoundError('test', testId);
  const { webhookId, eventType, hops, body } = test;
  const webhook = await models.webhooks.findOne({ _id: webhookId }).lean();
  if (!webhook) throw new NotFoundError('webhook', webhookId);
  return { testId, webhook, eventType, hops, body: secretBox.open(body, sealPurpose.testBody(testId)) };
}

export interface RecordWebhookTestInput {
  test: BegunWebhookTest;
  /** As it was sent, secret headers too. */
  request: { url: string; headers: Record<string, string> };
  call: CallResult;
}

/** Stores what came of a test's call, sealed and without the values of secret headers. Answers it in words. */
export async function recordWebhookTest(
  { models, secretBox, clock }: Pick<ServiceContext, 'models' | 'secretBox' | 'clock'>,
  { test: { testId, webhook, body }, request, call }: RecordWebhookTestInput,
): Promise<string> {
  const { status, responseHeaders, responseBody, errorCode, errorMessage } = call;
  const durationMs = Math.round(call.durationMs);
  const result: WebhookTest = {
    request: {
      method: webhook.method,
      url: request.url,
      headers: hideSecrets(webhook, request.headers),
      body,
    },
    response: status === null ? null : { status, headers: responseHeaders, body: responseBody },
    outcome: toAttemptOutcome(call, classifyAttempt(call, webhook.retry, clock())),
    errorCode,
    errorMessage,
    durationMs,
  };
  const sealed = secretBox.seal(JSON.stringify(result), sealPurpose.testResult(testId));
  await models.webhookTests.updateOne({ _id: testId }, { $set: { result: sealed } });
  const answer = status ?? (errorCode ?? 'no answer').replaceAll('_', ' ');
  return `${answer} from ${webhook.host} in ${durationMs} ms`;
}

function hideSecrets(
  { headers }: WebhookDoc,
  sent: Record<string, string>,
): WebhookTest['request']['headers'] {
  const secret = new Set(headers.filter((header) => header.secret).map(({ name }) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, secret.has(name) ? null : value]),
  );
}
