import type { LoadTarget } from '../load/load-plan.ts';
import { NOTES } from '../load/to-request.ts';
import type { Stream, WebhookGroup } from '../scenario.ts';
import { toPath } from '../sink/behaviour.ts';
import type { Post } from './rest-client.ts';

/** So many that no two requests in flight meet on one record. */
const RECORDS = 1_000;

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  { name: 'Count', type: 'number' },
  { name: 'Notes', type: 'text' },
];

/** Makes a stream's table with its records, written silently, and then its webhooks. */
export async function prepareTarget(post: Post, stream: Stream, sinkUrl: string): Promise<LoadTarget> {
  const { id: tableId } = await post<{ id: string }>('/v1/tables', { name: stream.name, fields: FIELDS });
  const operations = Array.from({ length: RECORDS }, () => ({
    op: 'create',
    values: { Title: 'Ship', Status: 'pending', Count: -1, Notes: NOTES },
  }));
  const { results } = await post<{ results: { record: { id: string } }[] }>(
    `/v1/tables/${tableId}/records/batch?fire=false`,
    { operations },
  );
  let number = 0;
  for (const group of stream.webhooks) {
    for (let index = 0; index < group.count; index += 1) {
      number += 1;
      const url = `${sinkUrl}${toPath(group.behaviour, stream.name, number)}`;
      await post(`/v1/tables/${tableId}/webhooks`, toWebhook(group, url, number));
    }
  }
  return { stream: stream.name, tableId, recordIds: results.map(({ record }) => record.id) };
}

function toWebhook(
  { events, retry, delivery }: WebhookGroup,
  url: string,
  number: number,
): Record<string, unknown> {
  return {
    name: `Webhook ${number}`,
    url,
    events: events ?? ['record.*'],
    ...(retry && { retry }),
    ...(delivery && { delivery }),
  };
}
