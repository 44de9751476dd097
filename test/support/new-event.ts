import { randomUUID } from 'node:crypto';
import type { OperationalEvent } from '../../src/services/context.ts';

/** An operational event that was never told. */
export function newEvent(edits: Partial<OperationalEvent> = {}): OperationalEvent {
  return {
    type: 'delivery.failed',
    tableId: 'tbl_01h455vb4pex5vsknk084sn02q',
    webhookId: 'whk_01h455vb4pex5vsknk084sn02q',
    webhookName: 'CRM',
    deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q',
    reason: 'gave-up: 503 from crm.example (attempt 3)',
    at: new Date('2026-01-31T09:30:00.000Z'),
    hops: 0,
    eventKey: `test:${randomUUID()}`,
    ...edits,
  };
}
