import type { WebhookClient } from '../src/outbound/post-webhook.ts';
import type { ChangeDoc } from '../src/models/change.ts';
import type { Budget } from '../src/services/budget.ts';
import type { EventTeller, ServiceContext, Waker } from '../src/services/context.ts';
import type { AttemptRecorder } from '../src/services/deliveries/record-attempt.ts';
import type { Workflows } from '../src/services/workflows.ts';
import type { EndpointLoad } from './endpoint-load.ts';
import type { InFlight } from './in-flight.ts';
import type { Places } from './places.ts';
import type { WaitingLine } from './waiting-line.ts';

/** One attempt as it is logged and counted, one wide line each; no secret, no body. */
export interface AttemptReport {
  deliveryId: string;
  changeId: string;
  webhookId: string;
  tableId: string;
  recordId: string;
  eventType: string;
  host: string;
  attempt: number;
  outcome: string;
  status: number | null;
  errorCode: string | null;
  stage: string | null;
  durationMs: number;
  state: string;
  nextAttemptAt: string | null;
}

/** The changes this process has in hand: what it wrote or took a moment ago, and whose workflows it started. */
export interface ChangesInHand {
  /** The change, unless it came from another process. */
  get: (changeId: string) => ChangeDoc | undefined;
  /** Its first attempts are over: its place on the fast path is free. */
  done: (changeId: string) => void;
  /** What planning a change taught of its table: whether all its deliveries can only wait. */
  learn: (tableId: string, onlyWaits: boolean) => void;
}

/** What activities may use. */
export interface ActivityDeps {
  services: ServiceContext;
  workflows: Workflows;
  client: WebhookClient;
  endpointLoad: EndpointLoad;
  waitingLine: WaitingLine;
  inFlight: InFlight;
  inHand: ChangesInHand;
  /** Bytes of values that may be planned, and sent for the first time, at a time. */
  planning: Budget;
  places: Places;
  recorder: AttemptRecorder;
  waker: Waker;
  events: EventTeller;
  report: (attempt: AttemptReport) => void;
  /** A fault of this process's own, which is made good elsewhere. */
  onError: (what: string, error: unknown) => void;
  /** Sent as `user-agent: Tablehook/<version>`. */
  version: string;
  /** Aborts calls still in flight when the grace of a shutdown is over. */
  shutdownSignal: AbortSignal;
}

/** Which delivery an attempt is of. */
export interface AttemptInput {
  changeId: string;
  deliveryId: string;
  webhookId: string;
}
