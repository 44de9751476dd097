import type { SettledResult } from '../src/contracts/workflow.ts';
import type { DeliveryDoc } from '../src/models/delivery.ts';
import { wakeNextOfRecords } from '../src/services/deliveries/next-of-record.ts';
import { deliveryFailed } from '../src/services/events/events.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * What follows from a delivery that was settled: the next version of its record may go, and a failure is told. Idempotent,
 * so that whoever comes back to a settled delivery after a crash does it again.
 */
export async function followUp(
  { services, workflows, events }: Pick<ActivityDeps, 'services' | 'workflows' | 'events'>,
  delivery: Pick<
    DeliveryDoc,
    '_id' | 'tableId' | 'webhookId' | 'webhookName' | 'recordId' | 'ordered' | 'hops' | 'owedSince'
  >,
  result: SettledResult,
): Promise<void> {
  try {
    if (delivery.ordered) await wakeNextOfRecords({ models: services.models, workflows }, [delivery]);
  } finally {
    // The reconciler wakes what waits; of the failure nobody else would tell.
    if (result.state === 'failed') await events.tell([deliveryFailed(delivery, result, services.clock())]);
  }
}
