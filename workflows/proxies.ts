import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const UNTIL_IT_WORKS = {
  initialInterval: '250 milliseconds',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
} as const;

/**
 * Planning with first attempts takes about 2 s at most, but for large changes with many webhooks, which also wait for each
 * other, and must succeed some time: MongoDB may be away.
 */
export const { deliverFirst, deliverShared } = proxyLocalActivities<
  Pick<Activities, 'deliverFirst' | 'deliverShared'>
>({ startToCloseTimeout: '1 minute', retry: UNTIL_IT_WORKS, summary: 'plan and first attempts' });

/** Up to 100 starts. */
export const { handOver } = proxyLocalActivities<Pick<Activities, 'handOver'>>({
  startToCloseTimeout: '30 seconds',
  retry: UNTIL_IT_WORKS,
  summary: 'workflows of their own for those not done with',
});

/**
 * Durable attempts: without end and without deadline, since the delivery owns horizon and schedule and says with each
 * failure when to come back. The intervals here count only when a worker died or MongoDB was away.
 */
export function durableAttempts() {
  return proxyActivities<Pick<Activities, 'attempt'>>({
    taskQueue: `${workflowInfo().taskQueue}-deliveries`,
    startToCloseTimeout: '90 seconds',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
}

/** Steps of a wake, tried without end. A probe may take a minute. */
export function wakeSteps() {
  return proxyActivities<Pick<Activities, 'wakeStep'>>({
    taskQueue: `${workflowInfo().taskQueue}-deliveries`,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '15 seconds',
    summary: 'lets go, probes or puts to rest',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/** Steps of a replay, tried without end: MongoDB may be away. */
export function replaySteps() {
  return proxyActivities<Pick<Activities, 'replayStep'>>({
    taskQueue: `${workflowInfo().taskQueue}-deliveries`,
    startToCloseTimeout: '1 minute',
    summary: 'puts the next batch in line',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/** The call of a test, once or not at all. Before the others: a person waits for it. */
export function testCalls() {
  return proxyActivities<Pick<Activities, 'testCall'>>({
    taskQueue: `${workflowInfo().taskQueue}-deliveries`,
    startToCloseTimeout: '90 seconds',
    heartbeatTimeout: '15 seconds',
    retry: { maximumAttempts: 1 },
    priority: { priorityKey: 1 },
    summary: 'one call',
  });
}
