import type { Replay } from '../../../../src/contracts/replay.ts';
import { newId } from '../../../../src/services/id.ts';
import type { Tablehook } from '../../../support/tablehook.ts';
import { until } from '../../../support/until.ts';

/** One of everything an id can lead to. */
export interface Ids {
  tableId: string;
  recordId: string;
  changeId: string;
  webhookId: string;
  deliveryId: string;
  replayId: string;
  keyId: string;
}

/** A table with one of everything, and all of it at rest: nothing of it changes unless somebody is let in. */
export async function furnish(
  tablehook: Tablehook,
  { name, url }: { name: string; url: string },
): Promise<Ids> {
  const table = await tablehook.createTable(name);
  const webhook = await tablehook.createWebhook(table.id, { url });
  const record = await tablehook.createRecord(table.id);
  const delivery = await tablehook.deliveryOf(record.changeId, webhook.id);
  const input = { webhookId: webhook.id, filter: { states: ['failed'] } };
  const { body: replay } = await tablehook.call<Replay>('POST', '/v1/replays', input);
  await until(
    async () => {
      const { body } = await tablehook.call<Replay>('GET', `/v1/replays/${replay.id}`);
      return body.state === 'completed' ? body : null;
    },
    { what: 'the end of a replay' },
  );
  const key = await tablehook.createKey({ name: 'spare', scopes: ['admin'] });
  return {
    tableId: table.id,
    recordId: record.id,
    changeId: record.changeId ?? '',
    webhookId: webhook.id,
    deliveryId: delivery.id,
    replayId: replay.id,
    keyId: key.id,
  };
}

/** Ids of nothing. */
export function nowhere(): Ids {
  return {
    tableId: newId('tbl'),
    recordId: newId('rec'),
    changeId: newId('chg'),
    webhookId: newId('whk'),
    deliveryId: newId('dlv'),
    replayId: newId('rpl'),
    keyId: newId('key'),
  };
}
