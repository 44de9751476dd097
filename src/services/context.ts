import type { Scope } from '../contracts/api-key.ts';
import type { WorkflowLink } from '../contracts/change.ts';
import type { IdPrefix } from '../contracts/id.ts';
import type { ChangeDoc } from '../models/change.ts';
import type { CircuitPolicy } from '../domain/circuit.ts';
import type { Models } from '../models/models.ts';
import type { Budget } from './budget.ts';
import type { Commits } from './changes/commit.ts';

/** Seals secrets for storage; `purpose` binds a sealed text to its place, so that it cannot be moved to another. */
export interface SecretBox {
  /** Of the keys that are at hand, the one that seals first. */
  keyIds: readonly [string, ...string[]];
  /** Of keys that an operator says nobody has any more. */
  lostKeyIds: readonly string[];
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

/** A delivery whose workflow is to take notice of it. */
export interface LookedAfter {
  _id: string;
  changeId: string;
  workflowId: string;
  open: boolean;
}

/** Tells workflows that something changed in MongoDB. Best effort, never throws: the reconciler is behind it. */
export interface Waker {
  /** The line of this webhook has something to do. */
  wake(webhookId: string): void;
  /** These deliveries may be attempted, or have ended. */
  lookAfter(deliveries: readonly LookedAfter[]): Promise<void>;
  /** This replay is to go on; `ensureReplays` is behind it. */
  startReplay(replayId: string): void;
}

/** Something that people who watch over webhooks want to hear of: a record of the system table. */
export interface OperationalEvent {
  type:
    | 'webhook.failing'
    | 'webhook.paused'
    | 'webhook.recovered'
    | 'webhook.needs-attention'
    | 'delivery.failed';
  tableId: string;
  webhookId: string;
  webhookName: string;
  deliveryId: string | null;
  reason: string;
  /** When it happened, which may be long before it is told. */
  at: Date;
  /** How many deliveries led to it: a loop through failing webhooks ends like any other. */
  hops: number;
  /** The same event told twice has the same key, and is one record. */
  eventKey: string;
}

/** Where operational events are told. Durable when it resolves; events of webhooks on the system table itself are not told. */
export interface EventTeller {
  tell(events: readonly OperationalEvent[]): Promise<void>;
}

/** A test call that a worker is to make. */
export interface RunTestInput {
  testId: string;
  webhookName: string;
  host: string;
  /** How long to wait for it. */
  withinMs: number;
}

/** Has workers make test calls: no process that serves the API calls an endpoint. */
export interface TestRunner {
  /** Resolves when the call was made and what came of it is stored. Throws UnavailableError when no worker did so in time. */
  runTest(test: RunTestInput): Promise<void>;
}

/** Looks into Temporal. Both reject when it cannot be reached. */
export interface WorkflowInspector {
  /** Whether a workflow with this id is running; false as well for one Temporal does not know. */
  isRunning(workflowId: string): Promise<boolean>;
  /** How many workers asked for work in the last minute or so. */
  countWorkers(): Promise<number>;
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
  circuit: CircuitPolicy;
  /** How many walks over changes may hold some of them in memory at a time, values and all. */
  walking: Budget;
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

/** What writing records takes besides, whoever writes them. */
export interface WriteContext extends ServiceContext {
  actor: Actor;
  requestId: string;
  /** How many deliveries led to this request (`tablehook-hops`). */
  hops: number;
  /** From the Idempotency-Key header, or null. */
  idempotency: { key: string; requestHash: string } | null;
  /** Where this process's writes gather to be committed. */
  commits: Commits;
  starter: ChangeStarter;
}

/** What a verb that serves an API request may use besides. */
export interface RequestContext extends WriteContext {
  waker: Waker;
  events: EventTeller;
  endpointRules: EndpointRules;
  testRunner: TestRunner;
  inspector: WorkflowInspector;
  /** Throws rate_limited for a webhook that is tested too often. */
  limitTests: (webhookId: string) => Promise<void>;
}
