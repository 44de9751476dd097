/**
 * How requests come: at a fixed rate whatever becomes of them, or as fast as a stated number at a time is answered. At a rate
 * over a stated number of connections, these are open before the first request is due, as a load balancer's are.
 */
export type Load =
  | { kind: 'rate'; perSecond: number; durationMs: number; connections?: number }
  | { kind: 'burst'; requests: number; connections: number }
  | { kind: 'batch'; requests: number; size: number; connections: number };

/** A table that is written to, and its records. */
export interface LoadTarget {
  stream: string;
  tableId: string;
  recordIds: string[];
}

/** What a generator is told to do. Requests go to the targets, and to the addresses, in turn. */
export interface LoadPlan {
  urls: string[];
  apiKey: string;
  load: Load;
  targets: LoadTarget[];
  /** Makes the values of two loads on the same records differ, so that every write is a change. */
  salt: number;
  timeoutMs: number;
}

/** One request. Times are of `nowMs`; status 0 is no answer at all. */
export interface Sample {
  stream: string;
  dueAt: number;
  sentAt: number;
  answeredAt: number;
  status: number;
  /** Whether a refusal said when to try again (`Retry-After`). */
  retryAfter?: boolean;
  changeIds: string[];
}
