import type { WorkflowLink } from '../../contracts/change.ts';
import type { ChangeWithDeliveries } from '../../contracts/change-with-deliveries.ts';
import { NotFoundError } from '../../errors.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toChange } from '../../models/change.ts';
import { DELIVERY_SUMMARY, ofChanges, toDelivery } from '../../models/delivery.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** A change with the deliveries it went out in, also where it was merged into another's. */
export async function getChange(
  context: RequestContext,
  { changeId }: { changeId: string },
): Promise<ChangeWithDeliveries> {
  const { models, actor, clock, workflowLink } = context;
  const doc = await models.changes.findOne({ _id: changeId }).lean();
  if (!doc) throw new NotFoundError('change', changeId);
  requireTable(actor, doc.tableId);
  const deliveries = await models.deliveries
    .find(ofChanges([changeId]), DELIVERY_SUMMARY)
    .sort({ _id: 1 })
    .lean();
  return {
    ...toChange(doc),
    workflow: doc.hasWorkflow ? linkOf(context, doc) : null,
    deliveries: deliveries.map((delivery) => toDelivery(delivery, clock(), workflowLink)),
  };
}

function linkOf({ workflowLink, recordWorkflowsLink }: RequestContext, doc: ChangeDoc): WorkflowLink {
  return doc.workflowId === null ? recordWorkflowsLink(doc.recordId) : workflowLink(doc.workflowId);
}
