import { proxyActivities } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { match, post, record } = proxyActivities<Steps>({ startToCloseTimeout: '30 seconds' });

/** A record change as the first chapter of any tutorial would have it. */
export async function textbookChange(changeId: string): Promise<void> {
  const deliveryIds = await match(changeId);
  await Promise.all(deliveryIds.map(async (id) => record(id, await post(id))));
}
