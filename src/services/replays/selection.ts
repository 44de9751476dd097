import type { ClientSession } from 'mongoose';
import type { ReplayDoc } from '../../models/replay.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import type { DeliverySummary } from '../../models/delivery.ts';

export type SelectionContext = Pick<
  ServiceContext,
  'models' | 'clock' | 'newId' | 'walking' | 'recordWorkflowsLink'
>;

/** Bytes of bodies that one step stores, about: they may be large, and many replays be made at a time. */
export const MAX_STEP_BYTES = 2 * 1024 * 1024;

/** What a selection goes by. */
export interface SelectionInput {
  replay: Omit<ReplayDoc, 'selected'>;
  webhook: WebhookDoc;
}

/** What a step of a replay puts in line. */
export interface ReplayBatch {
  /** How far it has come with these. */
  cursor: string | null;
  /** Nothing is selected behind them. */
  isLast: boolean;
  /** It can go on only later: what comes next is not planned yet. */
  waits: boolean;
  /** Puts them in the webhook's line, inside a transaction, and answers how many: what changed meanwhile is left out. */
  putInLine: (session: ClientSession) => Promise<number>;
  /** Those stored with them that the webhook's template failed on: they are in no line. */
  unsendable: readonly DeliverySummary[];
}

/** What a replay sends, in order. */
export interface Selection {
  /** How many there are, all in all. */
  count: () => Promise<number>;
  /** At most `limit` behind the cursor. It may be none though there are more: what was looked at is behind the new cursor. */
  next: (cursor: string | null, limit: number) => Promise<ReplayBatch>;
}
