import type { ServiceContext } from '../context.ts';

/** Which of these changes a webhook already has a delivery of, be it of their own or one they were merged into. */
export async function findHeard(
  { models }: Pick<ServiceContext, 'models'>,
  { webhookId, changeIds }: { webhookId: string; changeIds: string[] },
): Promise<ReadonlySet<string>> {
  if (changeIds.length === 0) return new Set();
  const own = await models.deliveries
    .find({ changeId: { $in: changeIds }, webhookId }, { changeId: 1 })
    .lean();
  const merged = await models.deliveries
    .find(
      { mergedChangeIds: { $in: changeIds }, webhookId, 'merged.undone': { $exists: true } },
      { mergedChangeIds: 1 },
    )
    .lean();
  return new Set([
    ...own.map(({ changeId }) => changeId),
    ...merged.flatMap(({ mergedChangeIds }) => mergedChangeIds),
  ]);
}
