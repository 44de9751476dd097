import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import type { Table } from '../../src/contracts/table.ts';
import { createRestClient } from '../../bench/run/rest-client.ts';
import type { Stage } from '../stage/stage.ts';

/** What a webhook asks for, as the oracle knows it. */
export const ASKS = ['everything', 'in-order', 'becomes-completed', 'merged', 'created-only'] as const;
export type Asks = (typeof ASKS)[number];

export interface GroundWebhook {
  id: string;
  tableId: string;
  asks: Asks;
  /** Of its URL. */
  path: string;
}

/** Two tables of a run's own, one of records kept here, one of records reported, and their webhooks. */
export interface Ground {
  tables: { orders: string; reports: string };
  webhooks: GroundWebhook[];
}

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  { name: 'Count', type: 'number' },
];

const RETRY = { initialMs: 200, factor: 2, maxMs: 2_000, timeoutMs: 3_000 };

const REGISTRATIONS: Record<Asks, Record<string, unknown>> = {
  everything: { events: ['record.*'] },
  'in-order': { events: ['record.*'], delivery: { order: 'record' } },
  'becomes-completed': {
    events: ['record.created', 'record.updated'],
    condition: { filter: { Status: 'completed' }, when: 'enters' },
  },
  merged: { events: ['record.*'], delivery: { coalesce: { waitMs: 500, maxWaitMs: 2_000 } } },
  'created-only': { events: ['record.created'], delivery: { ratePerSecond: 50, maxInFlight: 4 } },
};

const OF_TABLE = { orders: ASKS, reports: ['everything', 'in-order'] } as const;

/** Makes the tables and webhooks of a run, and tells the endpoint their secrets. */
export async function prepareGround(stage: Stage, run: string): Promise<Ground> {
  const { post } = createRestClient(stage.apiUrl, stage.apiKey);
  const webhooks: GroundWebhook[] = [];
  const prepare = async (name: 'orders' | 'reports') => {
    const { id: tableId } = await post<Table>('/v1/tables', { name, fields: FIELDS });
    for (const asks of OF_TABLE[name]) {
      const path = `/${run}/${name}/${asks}`;
      const input = { name: asks, url: `${stage.endpointUrl}${path}`, retry: RETRY, ...REGISTRATIONS[asks] };
      const { id, secret } = await post<CreatedWebhook>(`/v1/tables/${tableId}/webhooks`, input);
      await stage.receiver.learn(path, secret);
      webhooks.push({ id, tableId, asks, path });
    }
    return tableId;
  };
  return { tables: { orders: await prepare('orders'), reports: await prepare('reports') }, webhooks };
}
