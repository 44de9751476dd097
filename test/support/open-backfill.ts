import type { ReplayDoc } from '../../src/models/replay.ts';
import { newId } from '../../src/services/id.ts';
import { openSelection } from '../../src/services/replays/open-selection.ts';
import type { ReplayBatch } from '../../src/services/replays/selection.ts';
import type { Tablehook } from './tablehook.ts';

/** A backfill of all changes of a webhook's table, which nobody else knows of, and its first batch as it was read now. */
export async function openBackfill(
  { services }: Pick<Tablehook, 'services'>,
  webhookId: string,
): Promise<{ replay: ReplayDoc; batch: ReplayBatch }> {
  const webhook = await services.models.webhooks.findOne({ _id: webhookId }).lean();
  if (!webhook) throw new Error(`there is no webhook ${webhookId}`);
  const replay: ReplayDoc = {
    _id: newId('rpl'),
    webhookId,
    tableId: webhook.tableId,
    filter: null,
    backfill: { changesSince: new Date(0).toISOString(), silent: true },
    ratePerSecond: null,
    state: 'running',
    until: newId('chg'),
    cursor: null,
    selected: 0,
    sent: 0,
    workflowId: 'none',
    createdAt: new Date(),
    endedAt: null,
  };
  return { replay, batch: await openSelection(services, { replay, webhook }).next(null, 10) };
}
