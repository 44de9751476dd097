import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { StartTablehookOptions, Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';

/** A Tablehook, a look into Temporal, and endpoints: what a test about workflows plays on. */
export interface Stage {
  tablehook: Tablehook;
  temporal: TemporalView;
  endpoint: () => Promise<Receiver>;
  /** A table, a webhook of it that calls `url`, and one record that was created. */
  fire: (url: string, webhook?: Record<string, unknown>) => Promise<Fired>;
  close: () => Promise<void>;
}

export interface Fired {
  tableId: string;
  recordId: string;
  webhook: CreatedWebhook;
  /** Also the id of the change's workflow. */
  changeId: string;
}

/** Retries at once, without jitter. */
export const FAST_RETRY = { initialMs: 50, factor: 1, jitter: 0 };

/** The first retry is an hour away: whatever happens meanwhile, it is not that. */
export const SLOW_RETRY = { initialMs: 3_600_000, jitter: 0 };

/** Opens a stage on the servers of this run. */
export async function openStage(options: StartTablehookOptions = {}): Promise<Stage> {
  const tablehook = await startTablehook(options);
  const temporal = await viewTemporal();
  const receivers: Receiver[] = [];
  return {
    tablehook,
    temporal,
    endpoint: async () => {
      const receiver = await startReceiver();
      receivers.push(receiver);
      return receiver;
    },
    fire: async (url, input = {}) => {
      const { id: tableId } = await tablehook.createTable();
      const webhook = await tablehook.createWebhook(tableId, { url, retry: FAST_RETRY, ...input });
      const record = await tablehook.createRecord(tableId);
      return { tableId, recordId: record.id, webhook, changeId: changeIdOf(record) };
    },
    close: async () => {
      await tablehook.stop();
      await temporal.close();
      for (const receiver of receivers) await receiver.close();
    },
  };
}

/** The change of a write that changed something. */
export function changeIdOf({ changeId }: { changeId: string | null }): string {
  if (changeId === null) throw new Error('the write changed nothing');
  return changeId;
}
