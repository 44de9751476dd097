import type { WebhookClient } from '../src/outbound/post-webhook.ts';
import type { ServiceContext } from '../src/services/context.ts';
import type { Workflows } from '../src/services/workflows.ts';
import type { EndpointLoad } from './endpoint-load.ts';

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

/** Tells the fast path of this process how far a change's first attempts are. */
export interface FirstAttemptsObserver {
  planned(changeId: string, deliveries: number): void;
  attempted(changeId: string): void;
}

/** What activities may use. */
export interface ActivityDeps {
  services: ServiceContext;
  workflows: Workflows;
  client: WebhookClient;
  endpointLoad: EndpointLoad;
  firstAttempts: FirstAttemptsObserver;
  report: (attempt: AttemptReport) => void;
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
