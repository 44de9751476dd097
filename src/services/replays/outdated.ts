import type { ChangeDoc } from '../../models/change.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { SelectionContext } from './selection.ts';

export interface FindOutdatedInput {
  webhook: WebhookDoc;
  changes: readonly Pick<ChangeDoc, '_id' | 'recordId' | 'recordVersion'>[];
}

/** Which of these changes a webhook that keeps order is not to be sent any more: it already got a later version of their record. */
export async function findOutdated(
  { models }: SelectionContext,
  { webhook, changes }: FindOutdatedInput,
): Promise<ReadonlySet<string>> {
  if (webhook.delivery.order !== 'record' || changes.length === 0) return new Set();
  const recordIds = [...new Set(changes.map(({ recordId }) => recordId))];
  const got = await models.deliveries.aggregate<{ _id: string; version: number }>([
    { $match: { recordId: { $in: recordIds }, webhookId: webhook._id, state: 'delivered' } },
    { $group: { _id: '$recordId', version: { $max: '$recordVersion' } } },
  ]);
  const versions = new Map(got.map(({ _id, version }) => [_id, version]));
  const outdated = changes.filter(
    ({ recordId, recordVersion }) => recordVersion < (versions.get(recordId) ?? 0),
  );
  return new Set(outdated.map(({ _id }) => _id));
}
