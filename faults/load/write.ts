import type { EventType } from '../../src/contracts/change.ts';
import type { JsonObject } from '../../src/contracts/json.ts';

/** One change that a write asks for, as the API is to store it. */
export interface AskedChange {
  type: EventType;
  /** Null when the API chooses it. */
  recordId: string | null;
  /** What the record's version becomes. */
  version: number;
  previous: JsonObject | null;
  record: JsonObject | null;
}

/** One request that changes records. */
export interface Write {
  /** Also the operator of its changes, by which a change is known whose write was never answered. */
  operatorId: string;
  table: 'orders' | 'reports';
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body: JsonObject | null;
  /** Guarded by an Idempotency-Key, or by change keys: it is sent again until it is answered. */
  repeatable: boolean;
  idempotencyKey: string | null;
  changes: AskedChange[];
}

/** A change that a 2xx named. */
export interface AcceptedChange {
  changeId: string;
  recordId: string;
}

/** What became of a write. `unknown`: no answer, or a 5xx. `refused`: a 4xx, which the load never asks for. */
export type Outcome =
  | { kind: 'accepted'; status: number; changes: AcceptedChange[] }
  | { kind: 'unknown'; why: string }
  | { kind: 'refused'; status: number; problem: string };

/** A write that has ended. `at`: when, in milliseconds since 1970. */
export interface EndedWrite extends Write {
  at: number;
  outcome: Outcome;
}
