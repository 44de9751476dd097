import { setCurrentDetails } from '@temporalio/workflow';
import type { WebhookTestInput } from '../src/contracts/workflow.ts';
import { testCalls } from './proxies.ts';

/**
 * Tries a webhook out: one call to its endpoint, made by a worker. Completes with the answer in words, whatever it was; what
 * was sent and came back is in MongoDB.
 */
export async function testWebhook(input: WebhookTestInput): Promise<string> {
  const { summary } = await testCalls().testCall(input);
  setCurrentDetails(summary);
  return summary;
}
