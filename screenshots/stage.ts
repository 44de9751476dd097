import type { Endpoint } from './endpoint.ts';
import { startEndpoint } from './endpoint.ts';

/** A Tablehook as a client sees it, with endpoints that behave on purpose. */
export interface Stage {
  createTable: (name: string) => Promise<string>;
  /** Registers a webhook whose endpoint answers as told; answers its id. */
  createWebhook: (tableId: string, webhook: WebhookOptions) => Promise<string>;
  /** Writes a record; answers its ids. */
  write: (tableId: string, title: string, recordId?: string) => Promise<Written>;
  /** Writes records in one batch; answers the ids of their changes. */
  writeAll: (tableId: string, titles: string[]) => Promise<string[]>;
  pause: (webhookId: string) => Promise<void>;
  /** Resolves when a delivery of the change is as wanted, and answers the id of its workflow. */
  whenDelivery: (changeId: string, wanted: Wanted) => Promise<string>;
  close: () => void;
}

export interface WebhookOptions {
  name: string;
  statusOf?: (body: string) => number;
  retry?: Record<string, number>;
  delivery?: Record<string, unknown>;
}

export interface Written {
  changeId: string;
  recordId: string;
}

/** Of the state and, where given, the reason it waits for. */
export interface Wanted {
  state: string;
  waitReason?: string;
}

interface Change {
  workflow: { id: string | null } | null;
  deliveries: { state: string; waitReason: string | null; workflow: { id: string } }[];
}

const POLL_MS = 200;
const GIVE_UP_MS = 45_000;

/** Opens a stage on a running API. */
export function openStage({ apiUrl, apiKey }: { apiUrl: string; apiKey: string }): Stage {
  const endpoints: Endpoint[] = [];
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    createTable: async (name) => {
      const fields = [{ name: 'Title', type: 'text' }];
      return (await call<{ id: string }>('POST', '/v1/tables', { name, fields })).id;
    },
    createWebhook: async (tableId, { statusOf = () => 200, ...webhook }) => {
      const endpoint = await startEndpoint(statusOf);
      endpoints.push(endpoint);
      const input = { url: endpoint.url, events: ['record.*'], ...webhook };
      return (await call<{ id: string }>('POST', `/v1/tables/${tableId}/webhooks`, input)).id;
    },
    write: async (tableId, title, recordId) => {
      const path = `/v1/tables/${tableId}/records`;
      const [method, at] = recordId === undefined ? ['POST', path] : ['PATCH', `${path}/${recordId}`];
      const { id, changeId } = await call<{ id: string; changeId: string }>(method, at, {
        values: { Title: title },
      });
      return { recordId: id, changeId };
    },
    writeAll: async (tableId, titles) => {
      const operations = titles.map((Title) => ({ op: 'create', values: { Title } }));
      const path = `/v1/tables/${tableId}/records/batch`;
      const { results } = await call<{ results: { changeId: string }[] }>('POST', path, { operations });
      return results.map(({ changeId }) => changeId);
    },
    pause: async (webhookId) => {
      await call('POST', `/v1/webhooks/${webhookId}/pause`, {});
    },
    whenDelivery: async (changeId, wanted) => {
      const deadline = Date.now() + GIVE_UP_MS;
      for (;;) {
        const { deliveries } = await call<Change>('GET', `/v1/changes/${changeId}`);
        const found = deliveries.find((delivery) => isAsWanted(delivery, wanted));
        if (found) return found.workflow.id;
        if (Date.now() > deadline) {
          throw new Error(`${changeId} is not ${JSON.stringify(wanted)}: ${JSON.stringify(deliveries)}`);
        }
        await new Promise((resolve) => {
          setTimeout(resolve, POLL_MS);
        });
      }
    },
    close: () => {
      for (const endpoint of endpoints) endpoint.close();
    },
  };
}

function isAsWanted({ state, waitReason }: Change['deliveries'][number], wanted: Wanted): boolean {
  return state === wanted.state && (wanted.waitReason ?? waitReason) === waitReason;
}
