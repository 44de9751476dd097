import type { Page } from '../../src/contracts/page.ts';
import type { Table } from '../../src/contracts/table.ts';
import { createClient } from '../support/client.ts';
import { until } from '../support/until.ts';

/** What generated requests may lean on, for `hooks.py`. */
export interface Stage {
  url: string;
  receiver: string;
  failing: string;
  tableId: string;
  anyFieldId: string;
  recordId: string;
  /** Records that batches edit. */
  recordIds: string[];
  changeId: string;
  webhookId: string;
  deliveryId: string;
  replayId: string;
  keyId: string;
  cursor: string;
}

export interface FurnishInput {
  url: string;
  apiKey: string;
  /** Endpoints: one that takes what it gets, and one that never does. */
  endpoint: string;
  failing: string;
}

/** Fills a Tablehook with one of everything. */
export async function furnish({ url, apiKey, endpoint, failing }: FurnishInput): Promise<Stage> {
  const client = createClient(url, apiKey);
  const must = async <T>(path: string, body: unknown): Promise<T> => {
    const reply = await client.call<T>('POST', path, body);
    if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const fields = [
    { name: 'Any', type: 'json' },
    { name: 'Title', type: 'text' },
    { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  ];
  const table = await must<Table>('/v1/tables', { name: 'Tasks', fields });
  const records = [
    await client.createRecord(table.id),
    await client.createRecord(table.id),
    await client.createRecord(table.id),
  ];
  // On a table where nobody writes: replays of what it was told stay small.
  const quiet = await client.createTable('Told');
  const webhook = await client.createWebhook(quiet.id, { url: endpoint });
  const { changeId } = await client.createRecord(quiet.id);
  await client.createRecord(quiet.id);
  const delivery = await client.deliveryOf(changeId, webhook.id);
  const replay = await must<{ id: string }>('/v1/replays', {
    webhookId: webhook.id,
    filter: { states: ['failed'] },
  });
  const key = await client.createKey({ name: 'Staged', scopes: ['records:read'] });
  const page = await client.call<Page<unknown>>('GET', `/v1/tables/${table.id}/records?limit=1`);
  // What was delivered is what replays send again.
  await until(
    async () => (await client.listDeliveries(`webhookId=${webhook.id}&state=delivered`)).length === 2,
  );
  return {
    url,
    receiver: endpoint,
    failing,
    tableId: table.id,
    anyFieldId: table.fields[0]?.id ?? '',
    recordId: records[0]?.id ?? '',
    recordIds: records.slice(1).map(({ id }) => id),
    changeId: changeId ?? '',
    webhookId: webhook.id,
    deliveryId: delivery.id,
    replayId: replay.id,
    keyId: key.id,
    cursor: page.body.nextCursor ?? '',
  };
}
