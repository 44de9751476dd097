import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** Planning must succeed some time: MongoDB may be away, so it is tried without end. */
export const { plan } = proxyLocalActivities<Pick<Activities, 'plan'>>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '250 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Once, above the longest HTTP limit (60 s); what it does not settle is the durable attempt's. */
export const { attemptFirst } = proxyLocalActivities<Pick<Activities, 'attemptFirst'>>({
  startToCloseTimeout: '75 seconds',
  retry: { maximumAttempts: 1 },
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

/** Steps of a wake, tried without end. */
export function wakeSteps() {
  return proxyActivities<Pick<Activities, 'wakeBatch'>>({
    taskQueue: `${workflowInfo().taskQueue}-deliveries`,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}
