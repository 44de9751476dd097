import type { Scope } from '../contracts/api-key.ts';
import type { WorkflowLink } from '../contracts/change.ts';
import type { IdPrefix } from '../contracts/id.ts';
import type { ChangeDoc } from '../models/change.ts';
import type { Models } from '../models/models.ts';
import type { Commits } from './changes/commit.ts';

/** Seals secrets for storage; `purpose` binds a sealed text to its place, so that it cannot be moved to another. */
export interface SecretBox {
  seal(plaintext: string, purpose: string): string;
  open(sealed: string, purpose: string): string;
}

/** What starting a workflow for a change needs to know of it. */
export interface StartableChange {
  id: string;
  workflowId: string;
  /** Whether that workflow was chosen already, and may not be a shared one. */
  promised: boolean;
  tableId: string;
  tableName: string;
  recordId: string;
  type: string;
}

/** The fast path into Temporal. Everything it is not given, or fails at, is the relay's. */
export interface ChangeStarter {
  /** Whether a change of this table, started now, would have a workflow of its own at once. */
  isIdleFor(tableId: string): boolean;
  /** Reserves up to `count` places before a write; answers how many it got. */
  reserve(count: number): number;
  /** Gives unused places back. */
  release(count: number): void;
  /** Starts committed changes on reserved places. Returns at once and never throws. */
  start(changes: ChangeDoc[]): void;
}

/** Tells the workflows of a webhook's held deliveries to ask for admission again. Best effort: the reconciler is behind it. */
export interface WebhookWaker {
  wake(webhookId: string): void;
}

/** Judges an endpoint at registration, a courtesy with a good message; the guard decides at every connection. */
export interface EndpointRules {
  checkUrl(url: string): { ok: true; url: URL } | { ok: false; reason: string };
  checkHeader(header: { name: string; value: string }): { ok: true } | { ok: false; reason: string };
}

/** What every service verb may use. Clock, ids and randomness come in here and nowhere else. */
export interface ServiceContext {
  models: Models;
  clock: () => Date;
  newId: (prefix: IdPrefix) => string;
  random: () => number;
  secretBox: SecretBox;
  workflowLink: (workflowId: string) => WorkflowLink;
  /** Where the workflow of a record's change can be found before it is known which one that will be. */
  recordWorkflowsLink: (recordId: string) => WorkflowLink;
}

/** The key a request was made with. `tables` null reaches every table. */
export interface Actor {
  apiKeyId: string;
  name: string;
  scopes: readonly Scope[];
  tables: readonly string[] | null;
}

/** What a verb that serves an API request may use besides. */
export interface RequestContext extends ServiceContext {
  actor: Actor;
  requestId: string;
  /** How many deliveries led to this request (`tablehook-hops`). */
  hops: number;
  /** From the Idempotency-Key header, or null. */
  idempotency: { key: string; requestHash: string } | null;
  /** Where this process's writes gather to be committed. */
  commits: Commits;
  starter: ChangeStarter;
  waker: WebhookWaker;
  endpointRules: EndpointRules;
}
