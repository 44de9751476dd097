import { z } from 'zod';
import { Change, WorkflowLink } from './change.ts';
import { Delivery } from './delivery.ts';

/** "Did the CRM get record X": a change with its deliveries. */
export const ChangeWithDeliveries = Change.extend({
  workflow: WorkflowLink.nullable(),
  deliveries: z.array(Delivery),
}).describe('A change with its deliveries: who heard of it, and what came of that.');
export type ChangeWithDeliveries = z.infer<typeof ChangeWithDeliveries>;
