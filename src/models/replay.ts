import type { WorkflowLink } from '../contracts/change.ts';
import type { Backfill, Replay, ReplayFilter, ReplayState } from '../contracts/replay.ts';
import { defineCollection } from './collection.ts';

/**
 * A replay and how far it has come. `until` is the newest id it selects, `cursor` the last one it went over: both of
 * deliveries for a filter, of changes or records for a backfill. `beforeRevision`, of a backfill that Tablehook made by
 * itself, is the table's revision from which on the webhook listened again: what was written under it is not selected.
 */
export interface ReplayDoc {
  _id: string;
  webhookId: string;
  tableId: string;
  filter: ReplayFilter | null;
  backfill: Backfill | null;
  ratePerSecond: number | null;
  state: ReplayState;
  until: string;
  beforeRevision?: number | null;
  cursor: string | null;
  selected: number;
  sent: number;
  workflowId: string;
  createdAt: Date;
  endedAt: Date | null;
}

export const ReplayCollection = defineCollection<ReplayDoc>('replays', {
  _id: { type: String, required: true },
  webhookId: { type: String, required: true },
  tableId: { type: String, required: true },
  filter: { type: Object, default: null },
  backfill: { type: Object, default: null },
  ratePerSecond: { type: Number, default: null },
  state: { type: String, required: true },
  until: { type: String, required: true },
  beforeRevision: { type: Number },
  cursor: { type: String, default: null },
  selected: { type: Number, required: true },
  sent: { type: Number, required: true },
  workflowId: { type: String, required: true },
  createdAt: { type: Date, required: true },
  endedAt: { type: Date, default: null },
});
ReplayCollection.schema.index({ webhookId: 1, _id: 1 });
// Those a reconciler makes sure of.
ReplayCollection.schema.index({ state: 1 }, { partialFilterExpression: { state: 'running' } });

/** The replay as the API shows it. */
export function toReplay(doc: ReplayDoc, workflowLink: (workflowId: string) => WorkflowLink): Replay {
  return {
    id: doc._id,
    webhookId: doc.webhookId,
    filter: doc.filter,
    backfill: doc.backfill,
    ratePerSecond: doc.ratePerSecond,
    state: doc.state,
    selected: doc.selected,
    sent: doc.sent,
    createdAt: doc.createdAt.toISOString(),
    endedAt: doc.endedAt?.toISOString() ?? null,
    workflow: workflowLink(doc.workflowId),
  };
}
